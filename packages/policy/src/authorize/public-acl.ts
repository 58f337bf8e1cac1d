import { contextKey, type ContextKey } from './context-keys.js'
import type { Evaluation } from './evaluation.js'

/** Operations that can carry an ACL in their headers. CreateBucket: for the settings of the account. */
const ACL_ACTIONS = new Set([
  's3:createbucket',
  's3:putbucketacl',
  's3:putobject',
  's3:putobjectacl',
  's3:putobjectversionacl',
])
const CANNED_ACL = contextKey('s3:x-amz-acl')
const PUBLIC_CANNED_ACLS = new Set(['public-read', 'public-read-write', 'authenticated-read'])
const GRANT_KEYS = ['read', 'write', 'read-acp', 'write-acp', 'full-control'].map((right) =>
  contextKey(`s3:x-amz-grant-${right}`),
)
/** The groups of everyone, and of everyone with any AWS account. */
const PUBLIC_GROUP = /\/groups\/global\/(AllUsers|AuthenticatedUsers)\b/

/**
 * Whether the request puts a public ACL, as its headers tell: the canned ACL or a grant to a public group. An
 * ACL in the body is not among the condition keys. [S3 guide, "Block public access settings", BlockPublicAcls]
 */
export function putsPublicAcl(evaluation: Evaluation): boolean {
  if (!ACL_ACTIONS.has(evaluation.action.id)) return false
  if (someValue(evaluation, CANNED_ACL, (acl) => PUBLIC_CANNED_ACLS.has(acl))) return true
  return GRANT_KEYS.some((key) => someValue(evaluation, key, (grantees) => PUBLIC_GROUP.test(grantees)))
}

function someValue(evaluation: Evaluation, key: ContextKey, test: (value: string) => boolean): boolean {
  const value = evaluation.lookup(key)
  return value !== undefined && [value].flat().some((item) => test(String(item)))
}
