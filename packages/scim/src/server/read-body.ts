import type { IncomingMessage } from 'node:http'
import { ScimError } from '../scim-error.js'

/** The largest body that is taken, in bytes: a group with tens of thousands of members. */
export const maxBodyBytes = 4 * 1024 * 1024

/** Reads a body of JSON; undefined where there is none. Refuses what is too large before it has been read. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const declared = Number(request.headers['content-length'] ?? '0')
  if (declared > maxBodyBytes) throw tooLarge()
  const bytes = await collect(request)
  if (bytes.length === 0) return undefined
  requireJson(request.headers['content-type'])
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return JSON.parse(text) as unknown
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'the body is not JSON in UTF-8')
  }
}

/** By events: leaving a loop over the request would destroy the socket, and with it the refusal. */
function collect(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBodyBytes) chunks.push(chunk)
      else reject(tooLarge())
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new ScimError(400, 'invalidSyntax', 'the body ends too soon')))
  })
}

function requireJson(type: string | undefined): void {
  const media = type?.split(';')[0]?.trim().toLowerCase()
  // RFC 7644, section 3.1, asks for the first; Okta and others send the second, and some no type at all.
  if (media === undefined || media === 'application/scim+json' || media === 'application/json') return
  throw new ScimError(415, undefined, 'the body has to be application/scim+json')
}

function tooLarge(): ScimError {
  return new ScimError(413, undefined, `a body has at most ${maxBodyBytes} bytes`, { connection: 'close' })
}
