import { RESOURCE_CONTROL_SERVICES } from '../../authorize/switches.js'
import type { Policy, Statement } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'

// What `decide` knows beside the policies, as statements: which requests a rule is about.

const read = new Map<string, Statement>()

function rule(document: Readonly<Record<string, unknown>>): Statement {
  const name = JSON.stringify(document)
  const known = read.get(name)
  if (known) return known
  const Statement = { Effect: 'Allow', Resource: '*', ...document }
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'rule' })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  const [statement] = (result.policy as Policy).statements
  read.set(name, statement!)
  return statement!
}

/** A segment that is not empty: a star at its end would match beyond the colon. */
const ANY = '*?'

function arns(service: string, regions: readonly string[], resource: string): string[] {
  return regions.flatMap((region) =>
    ['', ANY].map((account) => `arn:${ANY}:${service}:${region}:${account}:${resource}`),
  )
}

/** Policies of keys and trust policies have to allow by themselves. See `resourceMode`. */
export function keyOrTrustRequests(hasResourcePolicy: boolean): readonly Statement[] {
  return [
    rule({ Action: 'kms:*', Resource: hasResourcePolicy ? '*' : arns('kms', ['', ANY], 'key/*') }),
    rule({
      Action: [
        'sts:AssumeRole',
        'sts:AssumeRoleWithSAML',
        'sts:AssumeRoleWithWebIdentity',
        'sts:SetContext',
        'sts:SetSourceIdentity',
        'sts:TagSession',
      ],
      Resource: arns('iam', [''], 'role/*'),
    }),
  ]
}

/** What the root user of a bucket's account always may. See `resourceDeniesApply`. */
export function ownerActions(): Statement {
  return rule({ Action: ['s3:DeleteBucketPolicy', 's3:GetBucketPolicy', 's3:PutBucketPolicy'] })
}

export function s3Actions(): Statement {
  return rule({ Action: 's3:*' })
}

/** See `resourceControlsApply`. */
export function inControlledServices(): Statement {
  return rule({ Action: RESOURCE_CONTROL_SERVICES.map((service) => `${service}:*`) })
}
export function retireGrant(): Statement {
  return rule({ Action: 'kms:RetireGrant' })
}
export function ofManagedKeys(): readonly Statement[] {
  return [
    rule({ Action: 'kms:*', Resource: arns('kms', ['', ANY], 'alias/aws/*') }),
    rule({ Action: 'kms:*', Condition: { StringLike: { 'kms:ResourceAliases': 'alias/aws/*' } } }),
    rule({ Action: 'kms:*', Condition: { StringLike: { 'kms:RequestAlias': 'alias/aws/*' } } }),
  ]
}

const ACL_ACTIONS = [
  's3:CreateBucket',
  's3:PutBucketAcl',
  's3:PutObject',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
]
/** Printable characters that end a word. */
const ENDS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).filter(
  (character) => !/\w/.test(character),
)

/** Requests that put a public ACL, by their headers. See `putsPublicAcl`. */
export function publicAcls(): readonly Statement[] {
  const canned = { 's3:x-amz-acl': ['public-read', 'public-read-write', 'authenticated-read'] }
  const groups = ['AllUsers', 'AuthenticatedUsers'].flatMap((group) => {
    const head = `*/groups/global/${group}`
    return [head].concat(ENDS.map((end) => `${head}${escapeWildcard(end)}*`))
  })
  const rights = ['read', 'write', 'read-acp', 'write-acp', 'full-control']
  return [
    rule({ Action: ACL_ACTIONS, Condition: { StringEquals: canned } }),
    ...rights.map((right) =>
      rule({ Action: ACL_ACTIONS, Condition: { StringLike: { [`s3:x-amz-grant-${right}`]: groups } } }),
    ),
  ]
}

function escapeWildcard(character: string): string {
  return character === '*' || character === '?' || character === '$' ? `\${${character}}` : character
}
