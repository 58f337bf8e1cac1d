import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { WireResponse } from '../wire/encode.js'
import type { BodyPiece, FileRange } from './response-body.js'

/** Files up to this size are read at once instead of being streamed. */
const readAtOnceBytes = 1024 * 1024
/** Files of a multipart object that are open at the same time. */
const openAtOnce = 128
/** How much of a refused upload is read so that the client gets to see the answer. */
const drainBytes = 64 * 1024 * 1024
const drainMs = 15_000

/** Sends an answer. Resolves when it is out or the client is gone; rejects for failed I/O before the first byte. */
export async function sendResponse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: WireResponse,
): Promise<void> {
  if (response.destroyed) return
  const { headers, body } = answer
  const head = request.method === 'HEAD'
  const withoutBody = head || answer.status === 204 || answer.status === 304
  if (answer.status === 204 || answer.status === 304) delete headers['content-length']
  else if (!head || headers['content-length'] === undefined)
    headers['content-length'] = String(lengthOf(body))
  if (head && answer.status >= 400) delete headers['content-type']
  const unread = !request.complete && hasBody(request)
  // The client may be waiting for `100 Continue` and may or may not send its body now.
  if (unread && request.headers.expect !== undefined) headers['connection'] = 'close'
  if (withoutBody || typeof body === 'string') {
    response.writeHead(answer.status, headers)
    response.end(withoutBody ? undefined : body)
  } else {
    await sendPieces(response, answer.status, headers, body)
  }
  if (unread) drain(request)
}

function lengthOf(body: string | readonly BodyPiece[]): number {
  if (typeof body === 'string') return Buffer.byteLength(body)
  return body.reduce((sum, piece) => sum + piece.length, 0)
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

async function sendPieces(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  pieces: readonly BodyPiece[],
): Promise<void> {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1 && only.length <= readAtOnceBytes) {
    const bytes = only instanceof Uint8Array ? only : await readRange(only)
    response.writeHead(status, headers)
    response.end(bytes)
    return
  }
  // Opened before the head is written: a missing file is still an error answer, and a part that is replaced
  // meanwhile can be read to its end.
  const files = new Map<BodyPiece, FileHandle>()
  try {
    for (const piece of pieces.slice(0, openAtOnce))
      if (!(piece instanceof Uint8Array)) files.set(piece, await open(piece.path, 'r'))
    response.writeHead(status, headers)
    for (const piece of pieces) await sendPiece(response, piece, files)
    response.end()
  } catch (error) {
    if (!response.headersSent) throw error
    response.destroy()
  } finally {
    await Promise.all([...files.values()].map((file) => file.close()))
  }
}

async function sendPiece(
  response: ServerResponse,
  piece: BodyPiece,
  files: Map<BodyPiece, FileHandle>,
): Promise<void> {
  if (piece instanceof Uint8Array) {
    response.write(piece)
    return
  }
  const file = files.get(piece) ?? (await open(piece.path, 'r'))
  files.set(piece, file)
  if (piece.length > 0) {
    const stream = createReadStream(piece.path, {
      fd: file,
      autoClose: false,
      start: piece.start,
      end: piece.start + piece.length - 1,
      highWaterMark: readAtOnceBytes,
    })
    await pipeline(stream, response, { end: false })
  }
  files.delete(piece)
  await file.close()
}

async function readRange(range: FileRange): Promise<Buffer> {
  const file = await open(range.path, 'r')
  try {
    const bytes = Buffer.allocUnsafe(range.length)
    const { bytesRead } = await file.read(bytes, 0, range.length, range.start)
    if (bytesRead !== range.length) throw new Error('an object file is shorter than its record says')
    return bytes
  } finally {
    await file.close()
  }
}

/** Reads on so that the client, still writing, sees the answer; gives up on one that sends without end. */
function drain(request: IncomingMessage): void {
  let left = drainBytes
  const timer = setTimeout(() => request.destroy(), drainMs)
  timer.unref()
  request.on('data', (bytes: Buffer) => {
    left -= bytes.length
    if (left < 0) request.destroy()
  })
  request.on('close', () => clearTimeout(timer))
  request.on('end', () => clearTimeout(timer))
  request.on('error', () => request.destroy())
  request.resume()
}
