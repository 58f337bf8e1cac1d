import * as fc from 'fast-check'
import type {
  NamedRawPolicy,
  RawCondition,
  RawPolicy,
  RawStatement,
  SimulateCase,
} from '../reference/case.js'
import { sometimes, withoutAbsent } from './absent.js'
import { principalArnConditionArbitrary } from './conditions.js'
import {
  FEDERATED_USERS,
  OTHER_ACCOUNT,
  OWN_ACCOUNT,
  ROLES,
  ROOTS,
  SERVICES,
  SPARED_LISTS,
  USERS,
  type UniversePrincipal,
} from './universe.js'

/*
 * Rules that hang on several things at once, so that independent choices seldom meet them. Each of these cases
 * has all but one or two of them in place.
 */

const BUCKET = 'arn:aws:s3:::data'
const IDENTITIES = [...USERS, ...ROLES, ...FEDERATED_USERS]

const policyOf = (...Statement: readonly RawStatement[]): RawPolicy => ({ Version: '2012-10-17', Statement })
const FULL: NamedRawPolicy = {
  name: 'full',
  policy: policyOf({ Effect: 'Allow', Action: '*', Resource: '*' }),
}
const OTHER: NamedRawPolicy = {
  name: 'other',
  policy: policyOf({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }),
}

const present = <T>(value: T): fc.Arbitrary<T | undefined> => sometimes(fc.constant(value), 2)

function requestOf(
  who: UniversePrincipal,
  action: string,
  context: Readonly<Record<string, string>> = {},
): SimulateCase['request'] {
  return {
    principal: who.principal,
    action,
    resource: action.includes('BucketPolicy') ? BUCKET : `${BUCKET}/raw/a`,
    resourceAccount: OWN_ACCOUNT,
    context: { ...context, ...who.context },
  }
}

/** What `NotPrincipal` would have to list to spare the caller, or a part of it. */
function sparedList({ principal, context }: UniversePrincipal): fc.Arbitrary<readonly string[]> {
  const [, , , , account = '', rest = ''] = principal.split(':')
  const role = context?.['aws:PrincipalArn'] ?? `arn:aws:iam::${account}:role/${rest.split('/')[1]}`
  return fc.oneof(
    fc.subarray([account, role, principal], { minLength: 1 }),
    fc.subarray([`arn:aws:iam::${account}:root`, role, principal], { minLength: 1 }),
    fc.constantFrom(...SPARED_LISTS),
  )
}

/** Rule 14: a Deny with `NotPrincipal` in the way of one who may do everything. */
const sparedCase: fc.Arbitrary<SimulateCase> = fc
  .constantFrom(...IDENTITIES)
  .chain((who) => fc.tuple(fc.constant(who), sparedList(who), sometimes(fc.constant([FULL]), 4)))
  .map(([who, list, permissionsBoundary]) =>
    withoutAbsent<SimulateCase>({
      request: requestOf(who, 's3:GetObject'),
      identityPolicies: [FULL],
      sessionPolicies: who.principal.includes('federated-user') ? [FULL] : undefined,
      permissionsBoundary,
      resourcePolicy: policyOf(
        { Effect: 'Deny', NotPrincipal: { AWS: list }, Action: 's3:*', Resource: '*' },
        { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' },
      ),
    }),
  )

/** Rule 17: an allow to everyone, narrowed or not, past a boundary and session policy that say nothing. */
const narrowedCase: fc.Arbitrary<SimulateCase> = fc
  .tuple(
    fc.constantFrom(...IDENTITIES),
    fc.constantFrom<('*' | { AWS: '*' })[]>('*', { AWS: '*' }),
    fc.option(principalArnConditionArbitrary, { freq: 5, nil: undefined }),
    present([OTHER]),
    present([OTHER]),
  )
  .map(([who, Principal, Condition, permissionsBoundary, sessionPolicies]) => {
    const allow = { Effect: 'Allow', Principal, Action: 's3:*', Resource: '*' } as const
    return withoutAbsent<SimulateCase>({
      request: requestOf(who, 's3:GetObject'),
      resourcePolicy: policyOf(Condition === undefined ? allow : { ...allow, Condition }),
      permissionsBoundary,
      sessionPolicies: who.principal.startsWith('arn:aws:sts') ? sessionPolicies : undefined,
    })
  })

/** Conditions that hold for the request below and fence a policy in, or only seem to. */
const FENCES: readonly RawCondition[] = [
  { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
  { StringLike: { 'aws:SourceVpce': 'vpce-*' } },
  { StringLike: { 'aws:SourceVpce': ['vpce-1', 'vpce-?'] } },
  { StringEqualsIfExists: { 'aws:sourcevpce': 'vpce-1' } },
  { StringNotEquals: { 'aws:SourceVpce': 'vpce-2' } },
  { 'ForAllValues:StringEquals': { 'aws:SourceVpce': 'vpce-1' } },
  { StringEquals: { 'aws:SourceVpce': "${aws:none, 'vpce-1'}" } },
  { StringEquals: { 'AWS:PrincipalOrgID': 'o-1' } },
  { StringEquals: { 'aws:Referer': 'x' } },
  { StringEquals: { 'aws:Referer': 'x', 'aws:PrincipalOrgID': 'o-1' } },
  { ArnLike: { 'aws:SourceArn': `arn:aws:sns:eu-west-1:${OWN_ACCOUNT}:t` } },
  { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${OWN_ACCOUNT}:t` } },
  { StringEquals: { 'aws:SourceAccount': OWN_ACCOUNT } },
  { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  { IpAddress: { 'aws:SourceIp': '203.0.0.0/8' } },
  { IpAddress: { 'aws:SourceIp': '202.0.0.0/7' } },
  { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/0'] } },
  { IpAddress: { 'aws:SourceIp': ['203.0.113.7', '10.0.0.0/8', '2001:db8::/32'] } },
  { IpAddress: { 'aws:SourceIp': ['203.0.113.7', '2001:d00::/24'] } },
  { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
]

const FENCED_CONTEXT = {
  'aws:SourceVpce': 'vpce-1',
  'aws:PrincipalOrgID': 'o-1',
  'aws:Referer': 'x',
  'aws:SourceArn': `arn:aws:sns:eu-west-1:${OWN_ACCOUNT}:t`,
  'aws:SourceAccount': OWN_ACCOUNT,
  'aws:SourceIp': '203.0.113.7',
  'aws:SecureTransport': 'true',
}

/** Rule 23: a bucket whose policy is public or not, and RestrictPublicBuckets. */
const publicCase: fc.Arbitrary<SimulateCase> = fc
  .tuple(
    fc.constantFrom('anonymous', SERVICES[0], ...USERS.map(({ principal }) => principal)),
    fc.option(fc.constantFrom(...FENCES), { freq: 8, nil: undefined }),
    fc.constantFrom<RawStatement['Principal'][]>('*', { AWS: '*' }, { AWS: [OWN_ACCOUNT, OTHER_ACCOUNT] }),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([principal, Condition, Principal, namesOthers, restrictPublicBuckets]) => {
    const open: RawStatement = { Effect: 'Allow', Principal: Principal ?? '*', Action: 's3:*', Resource: '*' }
    const named: RawStatement = {
      Effect: 'Allow',
      Principal: { AWS: OTHER_ACCOUNT, Service: SERVICES[0] },
      Action: 's3:*',
      Resource: '*',
    }
    const statements = [
      Condition === undefined ? open : { ...open, Condition },
      ...(namesOthers ? [named] : []),
    ]
    return withoutAbsent<SimulateCase>({
      request: requestOf({ principal }, 's3:GetObject', FENCED_CONTEXT),
      identityPolicies: principal.startsWith('arn:') ? [FULL] : undefined,
      resourcePolicy: policyOf(...statements),
      publicAccessBlock: {
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: true,
        restrictPublicBuckets,
      },
    })
  })

/** Rule 25: a bucket policy that locks everyone out, and who may undo it. */
const lockedCase: fc.Arbitrary<SimulateCase> = fc
  .tuple(
    fc.constantFrom(...ROOTS, ...ROOTS, ...USERS),
    fc.constantFrom('s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:GetObject'),
    fc.constantFrom(undefined, undefined, 'serviceControlPolicies', 'vpcEndpointPolicies'),
  )
  .map(([who, action, guard]) => {
    const isRoot = who.principal.endsWith(':root')
    const deny: RawStatement = { Effect: 'Deny', Action: 's3:*', Resource: '*' }
    const guarded = policyOf({ Effect: 'Allow', Action: '*', Resource: '*' }, deny)
    return withoutAbsent<SimulateCase>({
      request: requestOf(who, action),
      identityPolicies: isRoot ? undefined : [FULL],
      resourcePolicy: policyOf({ ...deny, Principal: '*' }),
      serviceControlPolicies: guard === 'serviceControlPolicies' ? [[guarded]] : undefined,
      vpcEndpointPolicies:
        guard === 'vpcEndpointPolicies'
          ? [policyOf({ ...deny, Effect: 'Allow', Principal: '*' })]
          : undefined,
    })
  })

/** Cases around NotPrincipal, `*` narrowed by a key, public bucket policies and locked buckets. */
export const focusedCaseArbitrary: fc.Arbitrary<SimulateCase> = fc.oneof(
  sparedCase,
  narrowedCase,
  publicCase,
  lockedCase,
)
