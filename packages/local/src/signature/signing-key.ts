import { createHmac, timingSafeEqual } from 'node:crypto'
import { printScope, type CredentialScope } from './credential-scope.js'

const cache = new Map<string, Buffer>()
const cacheSize = 1024

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** The key derived from a secret for one day, region and service; remembered, since deriving costs four HMACs. */
export function signingKey(secret: string, scope: CredentialScope): Buffer {
  const id = `${secret}\n${scope.date}\n${scope.region}\n${scope.service}`
  const known = cache.get(id)
  if (known !== undefined) return known
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, scope.date), scope.region), scope.service), 'aws4_request')
  if (cache.size >= cacheSize) cache.clear()
  cache.set(id, key)
  return key
}

/** Hex signature over a hashed canonical request. */
export function signRequestHash(key: Buffer, amzDate: string, scope: CredentialScope, hash: string): string {
  return createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${amzDate}\n${printScope(scope)}\n${hash}`)
    .digest('hex')
}

/** What chunk and trailer signatures hang on: each covers the one before it. */
export interface ChunkSigner {
  readonly key: Buffer
  readonly amzDate: string
  readonly scope: CredentialScope
  readonly seedSignature: string
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Hex signature of a chunk of an aws-chunked body, given the signature before it. */
export function signChunk(signer: ChunkSigner, previous: string, chunkHash: string): string {
  return createHmac('sha256', signer.key)
    .update(
      `AWS4-HMAC-SHA256-PAYLOAD\n${signer.amzDate}\n${printScope(signer.scope)}\n${previous}\n${emptyHash}\n${chunkHash}`,
    )
    .digest('hex')
}

/** Hex signature of the trailing headers, given the signature of the last chunk. */
export function signTrailer(signer: ChunkSigner, previous: string, trailerHash: string): string {
  return createHmac('sha256', signer.key)
    .update(
      `AWS4-HMAC-SHA256-TRAILER\n${signer.amzDate}\n${printScope(signer.scope)}\n${previous}\n${trailerHash}`,
    )
    .digest('hex')
}

/** Compares in a time that does not depend on where the two differ. */
export function equalSignatures(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}
