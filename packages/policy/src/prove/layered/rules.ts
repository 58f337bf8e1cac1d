import { RESOURCE_CONTROL_SERVICES } from '../../authorize/switches.js'
import type { Statement } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'

// What `decide` knows beside the policies, as statements: which requests a rule is about.

/** Read when it is first asked for. */
function rules(
  documents: () => readonly Readonly<Record<string, unknown>>[],
): () => readonly [Statement, ...Statement[]] {
  let made: readonly Statement[] | undefined
  return () => (made ??= documents().map(readRule)) as readonly [Statement, ...Statement[]]
}

function readRule(document: Readonly<Record<string, unknown>>): Statement {
  const Statement = { Effect: 'Allow', Resource: '*', ...document }
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'rule' })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.policy.statements[0]!
}

/** A segment that is not empty: a star at its end would match beyond the colon. */
const ANY = '*?'

function arns(service: string, regions: readonly string[], resource: string): string[] {
  return regions.flatMap((region) =>
    ['', ANY].map((account) => `arn:${ANY}:${service}:${region}:${account}:${resource}`),
  )
}

const TRUST_REQUESTS = {
  Action: [
    'sts:AssumeRole',
    'sts:AssumeRoleWithSAML',
    'sts:AssumeRoleWithWebIdentity',
    'sts:SetContext',
    'sts:SetSourceIdentity',
    'sts:TagSession',
  ],
  Resource: arns('iam', [''], 'role/*'),
}

/**
 * Policies of keys and trust policies have to allow by themselves. See `resourceMode`.
 */
export const selfReliant = {
  withPolicy: rules(() => [{ Action: 'kms:*' }, TRUST_REQUESTS]),
  without: rules(() => [{ Action: 'kms:*', Resource: arns('kms', ['', ANY], 'key/*') }, TRUST_REQUESTS]),
}

/** What the root user of a bucket's account always may. See `resourceDeniesApply`. */
export const ownerActions = rules(() => [
  { Action: ['s3:DeleteBucketPolicy', 's3:GetBucketPolicy', 's3:PutBucketPolicy'] },
])

/** Requests to KMS, and all others. */
export const toKms = rules(() => [{ Action: 'kms:*' }])
export const toOthers = rules(() => [{ NotAction: 'kms:*' }])

export const s3Actions = rules(() => [{ Action: 's3:*' }])

/** See `resourceControlsApply`. */
export const inControlledServices = rules(() => [
  { Action: RESOURCE_CONTROL_SERVICES.map((service) => `${service}:*`) },
])
export const sparedByControls = rules(() => [
  { Action: 'kms:RetireGrant' },
  { Action: 'kms:*', Resource: arns('kms', ['', ANY], 'alias/aws/*') },
  { Action: 'kms:*', Condition: { StringLike: { 'kms:ResourceAliases': 'alias/aws/*' } } },
  { Action: 'kms:*', Condition: { StringLike: { 'kms:RequestAlias': 'alias/aws/*' } } },
])

const ACL_ACTIONS = [
  's3:CreateBucket',
  's3:PutBucketAcl',
  's3:PutObject',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
]

/** Requests that put a public ACL, by their headers. See `putsPublicAcl`. */
export const publicAcls = rules(() => {
  const canned = { 's3:x-amz-acl': ['public-read', 'public-read-write', 'authenticated-read'] }
  // Printable characters that end a word.
  const ends = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).filter(
    (character) => !/\w/.test(character),
  )
  const groups = ['AllUsers', 'AuthenticatedUsers'].flatMap((group) => {
    const head = `*/groups/global/${group}`
    return [head].concat(ends.map((end) => `${head}${escapeWildcard(end)}*`))
  })
  const rights = ['read', 'write', 'read-acp', 'write-acp', 'full-control']
  const granted = rights.map((right) => ({ StringLike: { [`s3:x-amz-grant-${right}`]: groups } }))
  return [{ StringEquals: canned }, ...granted].map((Condition) => ({ Action: ACL_ACTIONS, Condition }))
})

function escapeWildcard(character: string): string {
  return character === '*' || character === '?' || character === '$' ? `\${${character}}` : character
}
