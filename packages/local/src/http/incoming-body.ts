import { createHash, type Hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from '../aws-error.js'
import { AwsChunkedDecoder } from '../signature/aws-chunked.js'
import {
  checksumAlgorithm,
  isChecksum,
  startChecksum,
  unsupportedChecksumAlgorithms,
  type Checksum,
  type ChecksumAlgorithm,
} from '../signature/checksum.js'
import type { PayloadRule } from '../signature/payload-rule.js'
import type { BodyFacts, BodySink, RequestBody } from './request-body.js'

const checksumPrefix = 'x-amz-checksum-'
type Headers = Readonly<Record<string, string>>

/** The body of a request on the socket, verified while it is read. */
export class IncomingBody implements RequestBody {
  readonly declaredSize: number | undefined
  private taken = false

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly headers: Headers,
    private readonly rule: PayloadRule,
  ) {
    const length =
      headers['x-amz-decoded-content-length'] ??
      (rule.kind === 'chunked' ? undefined : headers['content-length'])
    if (length !== undefined && !/^\d{1,15}$/.test(length))
      throw new AwsError('InvalidArgument', 'the declared length is no number', 400)
    if (rule.kind === 'chunked' && length === undefined) throw missingLength()
    this.declaredSize = length === undefined ? undefined : Number(length)
  }

  async collect(limit: number): Promise<Uint8Array> {
    if ((this.declaredSize ?? 0) > limit) throw tooLarge()
    const pieces: Uint8Array[] = []
    let size = 0
    await this.stream((piece) => {
      size += piece.length
      if (size > limit) throw tooLarge()
      pieces.push(piece)
    })
    return pieces.length === 1 ? (pieces[0] ?? new Uint8Array(0)) : Buffer.concat(pieces)
  }

  async stream(sink: BodySink, wanted: readonly string[] = []): Promise<BodyFacts> {
    if (this.taken) throw new Error('a body is read once')
    this.taken = true
    const check = new BodyCheck(this.headers, this.rule, this.declaredSize, wanted)
    if (this.headers['expect'] !== undefined) this.response.writeContinue()
    await readAll(this.request, (bytes) => check.take(bytes, sink))
    return check.finish()
  }
}

function tooLarge(): AwsError {
  return new AwsError('MaxMessageLengthExceeded', 'Your request was too large.', 400)
}

function missingLength(): AwsError {
  return new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
}

/** Reads a request to its end, one piece after another; an abort is an error. */
function readAll(
  request: IncomingMessage,
  take: (bytes: Buffer) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let waiting: Promise<void> | undefined
    let ended = false
    const stop = (error: unknown): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      request.pause()
      reject(error as Error)
    }
    const onData = (bytes: Buffer): void => {
      try {
        const pending = take(bytes)
        if (pending === undefined) return
        request.pause()
        waiting = pending
        pending.then(() => {
          waiting = undefined
          if (ended) resolve()
          else request.resume()
        }, stop)
      } catch (error) {
        stop(error)
      }
    }
    const onEnd = (): void => {
      ended = true
      if (waiting === undefined) resolve()
    }
    const onClose = (): void => {
      if (!request.complete)
        stop(
          new AwsError(
            'RequestTimeout',
            'Your socket connection to the server was closed before the body ended.',
            400,
          ),
        )
    }
    if (request.readableEnded || request.destroyed) {
      if (request.complete) resolve()
      else onClose()
      return
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

/** Everything that is computed and compared over one body. */
class BodyCheck {
  private readonly decoder: AwsChunkedDecoder | undefined
  private readonly sha256: Hash | undefined
  private readonly md5 = createHash('md5')
  private readonly checksums = new Map<ChecksumAlgorithm, Checksum>()
  private readonly declared = new Map<ChecksumAlgorithm, string>()
  private size = 0

  constructor(
    private readonly headers: Headers,
    private readonly rule: PayloadRule,
    private readonly declaredSize: number | undefined,
    wanted: readonly string[],
  ) {
    const announced = (headers['x-amz-trailer'] ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== '')
    if (rule.kind === 'chunked')
      this.decoder = new AwsChunkedDecoder({ signer: rule.signer, trailer: rule.trailer, announced })
    this.sha256 = rule.kind === 'hashed' ? createHash('sha256') : undefined
    for (const name in headers)
      if (name.startsWith(checksumPrefix)) this.declareChecksum(name, headers[name] ?? '')
    for (const name of announced) if (name.startsWith(checksumPrefix)) this.want(algorithmOf(name))
    for (const name of wanted) {
      const algorithm = checksumAlgorithm(name)
      if (algorithm !== undefined) this.want(algorithm)
    }
  }

  private declareChecksum(header: string, value: string): void {
    if (
      header === 'x-amz-checksum-mode' ||
      header === 'x-amz-checksum-type' ||
      header === 'x-amz-checksum-algorithm'
    )
      return
    const algorithm = algorithmOf(header)
    if (!isChecksum(algorithm, value)) throw invalidChecksum(header)
    this.declared.set(algorithm, value)
    this.want(algorithm)
  }

  private want(algorithm: ChecksumAlgorithm): void {
    if (!this.checksums.has(algorithm)) this.checksums.set(algorithm, startChecksum(algorithm))
  }

  /** Bytes of the wire; the promise is there where the sink asked to wait. */
  take(bytes: Buffer, sink: BodySink): Promise<void> | undefined {
    if (this.decoder === undefined) return this.piece(bytes, sink)
    let waiting: Promise<void> | undefined
    this.decoder.push(bytes, (piece) => {
      const pending = this.piece(piece, sink)
      if (pending !== undefined)
        waiting = waiting === undefined ? pending : Promise.all([waiting, pending]).then(() => undefined)
    })
    return waiting
  }

  private piece(piece: Uint8Array, sink: BodySink): Promise<void> | undefined {
    this.size += piece.length
    if (this.declaredSize !== undefined && this.size > this.declaredSize) throw wrongLength()
    this.sha256?.update(piece)
    this.md5.update(piece)
    for (const checksum of this.checksums.values()) checksum.update(piece)
    return sink(piece) ?? undefined
  }

  async finish(): Promise<BodyFacts> {
    this.decoder?.finish()
    if (this.declaredSize !== undefined && this.size !== this.declaredSize) throw wrongLength()
    if (this.rule.kind === 'hashed') {
      const computed = this.sha256?.digest('hex')
      if (computed !== this.rule.sha256)
        throw new AwsError(
          'XAmzContentSHA256Mismatch',
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          400,
          { ClientComputedContentSHA256: this.rule.sha256, S3ComputedContentSHA256: computed ?? '' },
        )
    }
    for (const [name, value] of this.decoder?.trailers ?? [])
      if (name.startsWith(checksumPrefix)) this.declareChecksum(name, value)
    const md5 = this.md5.digest()
    this.checkContentMd5(md5)
    const checksums: Record<string, string> = {}
    for (const [algorithm, checksum] of this.checksums) {
      const digest = checksum.digest()
      checksums[algorithm] = typeof digest === 'string' ? digest : await digest
    }
    for (const [algorithm, value] of this.declared)
      if (checksums[algorithm] !== value)
        throw new AwsError(
          'BadDigest',
          `The ${algorithm} you specified did not match the calculated checksum.`,
          400,
        )
    return { size: this.size, md5: md5.toString('hex'), checksums, declared: [...this.declared.keys()] }
  }

  private checkContentMd5(md5: Buffer): void {
    const declared = this.headers['content-md5']
    if (declared === undefined) return
    if (!isChecksum('MD5', declared))
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400)
    if (declared !== md5.toString('base64'))
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400, {
        ExpectedDigest: declared,
        CalculatedDigest: md5.toString('base64'),
      })
  }
}

function algorithmOf(header: string): ChecksumAlgorithm {
  const name = header.slice(checksumPrefix.length).toUpperCase()
  const algorithm = checksumAlgorithm(name)
  if (algorithm !== undefined) return algorithm
  if (unsupportedChecksumAlgorithms.some((one) => one === name))
    throw new AwsError('NotImplemented', `The checksum algorithm ${name} is not supported here`, 501)
  throw invalidChecksum(header)
}

function invalidChecksum(header: string): AwsError {
  return new AwsError('InvalidRequest', `Value for ${header} header is invalid.`, 400)
}

function wrongLength(): AwsError {
  return new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
    400,
  )
}
