import type { Grant, Grantee, Permission } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import { invalidArgument, malformedXml } from './bucket-deps.js'
import { canonicalUserId, ownerOf } from './canonical-user.js'

const groups = 'http://acs.amazonaws.com/groups/'
const allUsers = `${groups}global/AllUsers`
const authenticatedUsers = `${groups}global/AuthenticatedUsers`
const logDelivery = `${groups}s3/LogDelivery`
const permissions: ReadonlySet<string> = new Set(['FULL_CONTROL', 'READ', 'READ_ACP', 'WRITE', 'WRITE_ACP'])

/** Who owns what others write; `BucketOwnerEnforced` switches ACLs off. [S3 guide, "Object Ownership"] */
export const ownerships: ReadonlySet<string> = new Set([
  'BucketOwnerEnforced',
  'BucketOwnerPreferred',
  'ObjectWriter',
])
const maxGrants = 100

/** The parts of a request that can carry an ACL. */
export interface AclRequest {
  readonly ACL?: string | undefined
  readonly AccessControlPolicy?:
    { Grants?: Grant[] | undefined; Owner?: { ID?: string | undefined } | undefined } | undefined
  readonly GrantFullControl?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantWriteACP?: string | undefined
}

function groupGrants(uri: string, ...kinds: readonly Permission[]): Grant[] {
  return kinds.map((kind) => ({ Grantee: { Type: 'Group', URI: uri }, Permission: kind }))
}

/** The grants of a canned ACL on a bucket. [S3 guide, "Canned ACL"] */
function cannedGrants(acl: string, account: string): Grant[] {
  const owner = ownerGrants(account)
  switch (acl) {
    case 'private':
      return owner
    case 'public-read':
      return [...owner, ...groupGrants(allUsers, 'READ')]
    case 'public-read-write':
      return [...owner, ...groupGrants(allUsers, 'READ', 'WRITE')]
    case 'authenticated-read':
      return [...owner, ...groupGrants(authenticatedUsers, 'READ')]
    case 'log-delivery-write':
      return [...owner, ...groupGrants(logDelivery, 'WRITE', 'READ_ACP')]
    default:
      throw invalidArgument('The canned ACL is not one that a bucket can have', 'x-amz-acl', acl)
  }
}

/** The ACL of a bucket to which nobody gave one. */
export function ownerGrants(account: string): Grant[] {
  return [{ Grantee: { Type: 'CanonicalUser', ...ownerOf(account) }, Permission: 'FULL_CONTROL' }]
}

/**
 * The grants that a request asks for, by canned ACL, grant headers or body; `undefined` when it asks for none.
 * Errors: `InvalidRequest` for more than one of them, `InvalidArgument`, `MalformedACLError`,
 * `UnresolvableGrantByEmailAddress`.
 */
export function parseAclRequest(request: AclRequest, account: string): Grant[] | undefined {
  const headers: readonly (readonly [Permission, string | undefined])[] = [
    ['FULL_CONTROL', request.GrantFullControl],
    ['READ', request.GrantRead],
    ['READ_ACP', request.GrantReadACP],
    ['WRITE', request.GrantWrite],
    ['WRITE_ACP', request.GrantWriteACP],
  ]
  const hasHeaders = headers.some(([, value]) => value !== undefined)
  const hasBody = request.AccessControlPolicy !== undefined
  if (request.ACL !== undefined && hasHeaders)
    throw new AwsError('InvalidRequest', 'Specifying both Canned ACLs and Header Grants is not allowed', 400)
  if (hasBody && (request.ACL !== undefined || hasHeaders))
    throw new AwsError('UnexpectedContent', 'This request does not support content', 400)
  if (request.ACL !== undefined) return cannedGrants(request.ACL, account)
  if (hasHeaders)
    return headers.flatMap(([permission, value]) =>
      value === undefined
        ? []
        : parseGrantHeader(value).map((Grantee) => ({ Grantee, Permission: permission })),
    )
  return hasBody ? readGrants(request.AccessControlPolicy, account) : undefined
}

/** `id="…", uri="…"`. [API_PutBucketAcl, x-amz-grant-…] */
function parseGrantHeader(header: string): Grantee[] {
  return header.split(',').map((part) => {
    const match = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/i.exec(part)
    if (match === null) throw invalidArgument('Argument format not recognized', 'x-amz-grant', header)
    const [, kind = '', value = ''] = match
    if (kind.toLowerCase() === 'id') return checkGrantee({ Type: 'CanonicalUser', ID: value })
    if (kind.toLowerCase() === 'uri') return checkGrantee({ Type: 'Group', URI: value })
    return checkGrantee({ Type: 'AmazonCustomerByEmail', EmailAddress: value })
  })
}

function readGrants(policy: AclRequest['AccessControlPolicy'], account: string): Grant[] {
  const grants = policy?.Grants ?? []
  if (policy?.Owner?.ID === undefined) throw malformedXml()
  if (policy.Owner.ID !== canonicalUserId(account)) throw new AwsError('AccessDenied', 'Access Denied', 403)
  if (grants.length > maxGrants)
    throw new AwsError('MalformedACLError', `An ACL has at most ${maxGrants} grants`, 400)
  return grants.map(({ Grantee, Permission }) => {
    if (Grantee === undefined || Permission === undefined || !permissions.has(Permission))
      throw new AwsError(
        'MalformedACLError',
        'The XML you provided was not well-formed or did not validate against our published schema',
        400,
      )
    return { Grantee: checkGrantee(Grantee), Permission }
  })
}

function checkGrantee(grantee: Grantee): Grantee {
  switch (grantee.Type) {
    case 'CanonicalUser':
      if (!/^[0-9a-f]{64}$/.test(grantee.ID ?? ''))
        throw invalidArgument('Invalid id', 'CanonicalUser/ID', grantee.ID ?? '')
      return grantee
    case 'Group':
      if (![allUsers, authenticatedUsers, logDelivery].includes(grantee.URI ?? ''))
        throw invalidArgument('Invalid group uri', 'uri', grantee.URI ?? '')
      return grantee
    case 'AmazonCustomerByEmail':
      throw new AwsError(
        'UnresolvableGrantByEmailAddress',
        'The e-mail address you provided does not match any account on record.',
        400,
      )
    default:
      throw malformedXml()
  }
}

/** Whether S3 calls the ACL public. [S3 guide, "The meaning of public": AllUsers and AuthenticatedUsers] */
export function isPublicAcl(grants: readonly Grant[]): boolean {
  return grants.some(({ Grantee }) => Grantee?.URI === allUsers || Grantee?.URI === authenticatedUsers)
}

/** Whether the ACL gives anything to others than the owner. */
export function grantsToOthers(grants: readonly Grant[], account: string): boolean {
  return grants.some(({ Grantee }) => Grantee?.ID !== canonicalUserId(account))
}
