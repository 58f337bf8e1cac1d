import { AwsError } from '../aws-error.js'
import type { ServiceName } from '../call.js'
import type { ChunkSigner } from './signing-key.js'

/** What the body of a request has to satisfy. */
export type PayloadRule =
  | { readonly kind: 'unsigned' }
  /** Hex SHA-256 of the whole body. */
  | { readonly kind: 'hashed'; readonly sha256: string }
  /** aws-chunked framing; with a signer each chunk is signed, and with `trailer` trailing headers follow. */
  | { readonly kind: 'chunked'; readonly signer: ChunkSigner | undefined; readonly trailer: boolean }

interface Signed {
  readonly presigned: boolean
  readonly signer: ChunkSigner
}

/**
 * Reads the rule from `x-amz-content-sha256`. The header must be a hash, `UNSIGNED-PAYLOAD` or one of S3's
 * streaming forms; SigV4A's forms are refused by name.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function payloadRuleOf(
  service: ServiceName,
  headers: Readonly<Record<string, string>>,
  signed: Signed | undefined,
): PayloadRule {
  const value = headers['x-amz-content-sha256']
  if (value === undefined || value === 'UNSIGNED-PAYLOAD') {
    if (value === undefined && isAwsChunked(headers))
      throw new AwsError('InvalidRequest', 'aws-chunked content needs a streaming x-amz-content-sha256', 400)
    return { kind: 'unsigned' }
  }
  if (/^[0-9a-f]{64}$/.test(value)) return { kind: 'hashed', sha256: value }
  if (service !== 's3') throw invalidHash(value)
  switch (value) {
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      if (signed === undefined)
        throw new AwsError('AccessDenied', 'A signed streaming body needs a signed request', 403)
      return { kind: 'chunked', signer: signed.signer, trailer: value.endsWith('-TRAILER') }
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', signer: undefined, trailer: true }
    case 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD':
    case 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER':
      throw new AwsError('NotImplemented', `Signature Version 4A (${value}) is not supported`, 501)
    default:
      throw invalidHash(value)
  }
}

function isAwsChunked(headers: Readonly<Record<string, string>>): boolean {
  return (headers['content-encoding'] ?? '').split(',').some((one) => one.trim() === 'aws-chunked')
}

function invalidHash(value: string): AwsError {
  return new AwsError(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    400,
    { ArgumentName: 'x-amz-content-sha256', ArgumentValue: value.slice(0, 100) },
  )
}
