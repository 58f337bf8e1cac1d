import { createHash, type Hash } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import { equalSignatures, signChunk, signTrailer, type ChunkSigner } from './signing-key.js'

export interface AwsChunkedOptions {
  /** Absent: unsigned chunks. */
  readonly signer: ChunkSigner | undefined
  /** Whether trailing headers follow the last chunk. */
  readonly trailer: boolean
  /** Lower-case names that `x-amz-trailer` announced. */
  readonly announced: readonly string[]
}

type State = 'header' | 'data' | 'dataEnd' | 'trailer' | 'done'

const maxHeaderBytes = 1024
const maxTrailerBytes = 16 * 1024
const maxChunkBytes = 5 * 2 ** 30

/**
 * Takes the framing off an aws-chunked body and verifies every chunk's signature and the trailer's.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class AwsChunkedDecoder {
  private state: State = 'header'
  /** Bytes of an unfinished header or trailer. */
  private pending: Buffer = Buffer.alloc(0)
  private left = 0
  private size = 0
  private hash: Hash | undefined
  private chunkSignature = ''
  private previous: string
  /** The trailing headers by lower-case name, once `finish` has returned. */
  readonly trailers = new Map<string, string>()

  constructor(private readonly options: AwsChunkedOptions) {
    this.previous = options.signer?.seedSignature ?? ''
  }

  /** Takes bytes of the wire and hands on bytes of the object. Throws `AwsError`. */
  push(bytes: Uint8Array, emit: (piece: Uint8Array) => void): void {
    let rest = this.pending.length > 0 ? Buffer.concat([this.pending, bytes]) : asBuffer(bytes)
    this.pending = Buffer.alloc(0)
    while (rest.length > 0) {
      const before = rest.length
      rest = this.step(rest, emit)
      if (rest.length === before) {
        this.pending = Buffer.from(rest)
        return
      }
    }
  }

  /** Takes one step; returns what is left, the same length meaning that more bytes are needed. */
  private step(rest: Buffer, emit: (piece: Uint8Array) => void): Buffer {
    switch (this.state) {
      case 'header':
        return this.readHeader(rest)
      case 'data': {
        const piece = rest.subarray(0, this.left)
        this.hash?.update(piece)
        emit(piece)
        this.left -= piece.length
        if (this.left === 0) this.state = 'dataEnd'
        return rest.subarray(piece.length)
      }
      case 'dataEnd':
        if (rest.length < 2) return rest
        if (rest[0] !== 13 || rest[1] !== 10) throw incomplete('a chunk is longer than its header says')
        this.endChunk()
        return rest.subarray(2)
      case 'trailer':
        return this.readTrailer(rest)
      case 'done':
        throw incomplete('bytes follow the last chunk')
    }
  }

  private readHeader(rest: Buffer): Buffer {
    const end = rest.indexOf('\r\n')
    if (end < 0) {
      if (rest.length > maxHeaderBytes) throw incomplete('a chunk header is too long')
      return rest
    }
    const found = /^([0-9a-fA-F]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(
      rest.toString('latin1', 0, end),
    )
    if (found === null) throw incomplete('a chunk header is malformed')
    const { signer } = this.options
    if (signer !== undefined && found[2] === undefined) throw signatureMismatch()
    this.size = parseInt(found[1] ?? '', 16)
    if (this.size > maxChunkBytes) throw incomplete('a chunk is too large')
    this.chunkSignature = found[2] ?? ''
    this.hash = signer ? createHash('sha256') : undefined
    this.left = this.size
    if (this.size > 0) this.state = 'data'
    else if (this.options.trailer) {
      this.endChunk()
      this.state = 'trailer'
    } else this.state = 'dataEnd'
    return rest.subarray(end + 2)
  }

  private endChunk(): void {
    const { signer } = this.options
    if (signer !== undefined && this.hash !== undefined) {
      const expected = signChunk(signer, this.previous, this.hash.digest('hex'))
      if (!equalSignatures(expected, this.chunkSignature)) throw signatureMismatch()
      this.previous = expected
    }
    this.state = this.size === 0 ? 'done' : 'header'
  }

  private readTrailer(rest: Buffer): Buffer {
    // Trailing headers end with an empty line; without any, the empty line is all there is.
    const end = rest.indexOf('\r\n')
    if (end < 0) {
      if (rest.length > maxTrailerBytes) throw malformedTrailer()
      return rest
    }
    const line = rest.toString('latin1', 0, end)
    if (line === '') {
      this.endTrailer()
      this.state = 'done'
    } else {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).trim().toLowerCase()
      const known = name === 'x-amz-trailer-signature' || this.options.announced.includes(name)
      if (colon <= 0 || !known || this.trailers.has(name)) throw malformedTrailer()
      this.trailers.set(name, line.slice(colon + 1).trim())
    }
    return rest.subarray(end + 2)
  }

  private endTrailer(): void {
    const signature = this.trailers.get('x-amz-trailer-signature')
    this.trailers.delete('x-amz-trailer-signature')
    for (const name of this.options.announced) if (!this.trailers.has(name)) throw malformedTrailer()
    const { signer } = this.options
    if (signer === undefined || (this.trailers.size === 0 && signature === undefined)) return
    let canonical = ''
    for (const name of [...this.trailers.keys()].toSorted())
      canonical += `${name}:${this.trailers.get(name) ?? ''}\n`
    const expected = signTrailer(signer, this.previous, createHash('sha256').update(canonical).digest('hex'))
    if (signature === undefined || !equalSignatures(expected, signature)) throw signatureMismatch()
  }

  /** Ends the body; anything but a complete last chunk is an error. */
  finish(): void {
    // Some clients leave out the empty line after the trailing headers.
    if (this.state === 'trailer' && this.pending.length === 0) {
      this.endTrailer()
      this.state = 'done'
    }
    if (this.state !== 'done' || this.pending.length > 0) throw incomplete('the body ends within a chunk')
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function incomplete(why: string): AwsError {
  return new AwsError(
    'IncompleteBody',
    `You did not provide the number of bytes specified by the Content-Length HTTP header: ${why}`,
    400,
  )
}

function signatureMismatch(): AwsError {
  return new AwsError(
    'SignatureDoesNotMatch',
    'The chunk signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  )
}

function malformedTrailer(): AwsError {
  return new AwsError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    400,
  )
}
