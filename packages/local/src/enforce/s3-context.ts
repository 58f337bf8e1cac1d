import { emptyVersionId } from '../http/s3-address.js'
import type { RequestContext } from '@ringfence/policy'
import type { Call } from '../call.js'
import { keys } from './requirements.js'

/** Keys that every S3 request has (Service Authorization Reference, Amazon S3, "Condition keys"). */
export function s3Context(call: Call, resourceAccount: string): RequestContext {
  return keys({
    's3:authType': call.authType,
    's3:signatureversion': call.authType === undefined ? undefined : 'AWS4-HMAC-SHA256',
    's3:signatureAge': call.authType === 'REST-QUERY-STRING' ? call.signatureAgeMs : undefined,
    's3:x-amz-content-sha256': call.headers['x-amz-content-sha256'],
    's3:TlsVersion': call.secureTransport ? '1.3' : undefined,
    's3:ResourceAccount': resourceAccount,
  })
}

export interface AclInput {
  readonly ACL?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWriteACP?: string | undefined
  readonly GrantFullControl?: string | undefined
}

export function aclContext(input: AclInput): RequestContext {
  return keys({
    's3:x-amz-acl': input.ACL,
    's3:x-amz-grant-read': input.GrantRead,
    's3:x-amz-grant-write': input.GrantWrite,
    's3:x-amz-grant-read-acp': input.GrantReadACP,
    's3:x-amz-grant-write-acp': input.GrantWriteACP,
    's3:x-amz-grant-full-control': input.GrantFullControl,
  })
}

/** Whether a request sets an ACL, which takes a permission of its own. */
export function setsAcl(input: AclInput): boolean {
  return Object.keys(aclContext(input)).length > 0
}

export interface WriteInput extends AclInput {
  readonly ServerSideEncryption?: string | undefined
  readonly SSEKMSKeyId?: string | undefined
  readonly SSECustomerAlgorithm?: string | undefined
  readonly StorageClass?: string | undefined
  readonly WebsiteRedirectLocation?: string | undefined
  readonly Tagging?: string | undefined
  readonly ObjectLockMode?: string | undefined
  readonly ObjectLockRetainUntilDate?: Date | undefined
  readonly ObjectLockLegalHoldStatus?: string | undefined
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}

/** Keys of `s3:PutObject`. */
export function writeContext(input: WriteInput, call: Call): RequestContext {
  return {
    ...aclContext(input),
    ...lockContext(input, call),
    ...objectTagContext(parseTagging(input.Tagging)),
    ...keys({
      's3:x-amz-server-side-encryption': input.ServerSideEncryption,
      's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
      's3:x-amz-server-side-encryption-customer-algorithm': input.SSECustomerAlgorithm,
      's3:x-amz-storage-class': input.StorageClass,
      's3:x-amz-website-redirect-location': input.WebsiteRedirectLocation,
      's3:if-match': input.IfMatch,
      's3:if-none-match': input.IfNoneMatch,
    }),
  }
}

export function lockContext(
  input: {
    readonly ObjectLockMode?: string | undefined
    readonly ObjectLockRetainUntilDate?: Date | undefined
    readonly ObjectLockLegalHoldStatus?: string | undefined
  },
  call: Call,
): RequestContext {
  const until = input.ObjectLockRetainUntilDate
  const dayMs = 86_400_000
  return keys({
    's3:object-lock-mode': input.ObjectLockMode,
    's3:object-lock-legal-hold': input.ObjectLockLegalHoldStatus,
    's3:object-lock-retain-until-date': until?.toISOString(),
    's3:object-lock-remaining-retention-days':
      until === undefined ? undefined : Math.ceil((until.getTime() - call.timeMs) / dayMs),
  })
}

/** `s3:RequestObjectTag/…` and `s3:RequestObjectTagKeys`. */
export function objectTagContext(tags: Readonly<Record<string, string>>): RequestContext {
  const names = Object.keys(tags)
  return keys({
    ...Object.fromEntries(names.map((name) => [`s3:RequestObjectTag/${name}`, tags[name]])),
    's3:RequestObjectTagKeys': names,
  })
}

export function existingTagContext(tags: Readonly<Record<string, string>> | undefined): RequestContext {
  return Object.fromEntries(
    Object.entries(tags ?? {}).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]),
  )
}

/** The form-encoded tags of the `x-amz-tagging` header. */
export function parseTagging(header: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(header ?? ''))
}

/** Where a copy comes from; `undefined` for a header that names no object. */
export function parseCopySource(
  header: string | undefined,
): { readonly bucket: string; readonly key: string; readonly versionId?: string } | undefined {
  const [path = '', query = ''] = splitOnce((header ?? '').replace(/^\//, ''), '?')
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  const [bucket = '', key = ''] = splitOnce(decoded, '/')
  if (bucket === '' || key === '') return undefined
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined
  if (versionId === '') throw emptyVersionId()
  return versionId === undefined ? { bucket, key } : { bucket, key, versionId }
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}
