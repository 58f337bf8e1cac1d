import type { Plan, Resource, SourceSpan } from '@ringfence/plan'
import pico from 'picocolors'
import { describe, expect, it } from 'vitest'
import { golden } from '../golden.js'
import { printPlanText } from './plan-text.js'

const at = (line: number): SourceSpan => ({
  file: 'ringfence.yaml',
  line,
  column: 3,
  endLine: line,
  endColumn: 9,
})
const base = <Type extends string>(type: Type, id: string, line: number) => ({
  type,
  id,
  dependsOn: [],
  declaredAt: at(line),
})
const document = (sid: string, rest: object = {}) =>
  ({
    Version: '2012-10-17',
    Statement: [{ Sid: sid, Effect: 'Deny', Action: 's3:*', Resource: '*', ...rest }],
  }) as const
const blocked = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
} as const
const boundary = 'arn:aws:iam::111122223333:policy/ringfence/acme/acme-boundary'
const path = '/ringfence/acme/'
const bucket = 'acme-raw-demo'
const description = 'What it is for'
const arn = (name: string) => `arn:aws:iam::111122223333:${name}`

/** One resource of each type. */
const resources: readonly Resource[] = [
  { ...base('s3.AccountPublicAccessBlock', 'account', 1), account: '111122223333', ...blocked },
  {
    ...base('s3.Bucket', 'dataset/raw/bucket', 7),
    bucket,
    arn: `arn:aws:s3:::${bucket}`,
    tags: {},
    forceDestroy: true,
  },
  { ...base('s3.BucketPublicAccessBlock', 'dataset/raw/block', 7), bucket, ...blocked },
  {
    ...base('s3.BucketOwnershipControls', 'dataset/raw/owner', 7),
    bucket,
    objectOwnership: 'BucketOwnerEnforced',
  },
  { ...base('s3.BucketVersioning', 'dataset/raw/versions', 7), bucket, status: 'Enabled' },
  {
    ...base('s3.BucketServerSideEncryptionConfiguration', 'dataset/raw/encryption', 7),
    bucket,
    algorithm: 'aws:kms',
    kmsKeyAliasArn: 'arn:aws:kms:eu-west-1:111122223333:alias/ringfence/acme/raw',
  },
  {
    ...base('s3.BucketLifecycleConfiguration', 'dataset/raw/lifecycle', 7),
    bucket,
    abortIncompleteMultipartUploadAfterDays: 7,
  },
  {
    ...base('s3.BucketPolicy', 'dataset/raw/bucket-policy', 7),
    bucket,
    policy: document('TlsOnly', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  },
  {
    ...base('kms.Key', 'dataset/raw/key', 7),
    description,
    policy: document('Readers', { Effect: 'Allow', Principal: { AWS: arn('root') } }),
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    tags: {},
  },
  {
    ...base('kms.Alias', 'dataset/raw/alias', 7),
    name: 'alias/ringfence/acme/raw',
    arn: 'arn:aws:kms:eu-west-1:111122223333:alias/ringfence/acme/raw',
    key: 'dataset/raw/key',
  },
  {
    ...base('kms.KeyPolicy', 'dataset/old/key-policy', 8),
    key: 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555',
    policy: document('Readers', { Effect: 'Allow', Principal: { AWS: arn('root') } }),
  },
  {
    ...base('iam.User', 'member/ada/user', 3),
    name: 'ada',
    path,
    arn: arn('user/ringfence/acme/ada'),
    permissionsBoundary: boundary,
    tags: {},
  },
  {
    ...base('iam.UserGroupMembership', 'member/ada/groups', 3),
    exclusive: false,
    user: 'ada',
    groups: ['acme-research'],
  },
  {
    ...base('iam.AccessKey', 'member/ada/key', 3),
    user: 'ada',
    until: '2027-01-01T00:00:00Z',
    encryptTo: { kind: 'age', key: 'age1' },
  },
  {
    ...base('iam.Group', 'team/research/group', 5),
    name: 'acme-research',
    path,
    arn: arn('group/ringfence/acme/acme-research'),
  },
  {
    ...base('iam.Policy', 'team/research/policy/1', 5),
    name: 'acme-research-1',
    path,
    arn: arn('policy/ringfence/acme/acme-research-1'),
    description,
    policy: document('ReadRaw', { Effect: 'Allow', Action: ['a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'a:6'] }),
    tags: {},
  },
  {
    ...base('iam.PolicyAttachments', 'team/research/attachments', 5),
    exclusive: true,
    target: 'group',
    name: 'acme-research',
    policyArns: [arn('policy/ringfence/acme/acme-research-1')],
  },
  {
    ...base('iam.Role', 'platform/training/role', 9),
    name: 'acme-training-execution',
    path,
    arn: arn('role/ringfence/acme/acme-training-execution'),
    description,
    assumeRolePolicy: document('SageMaker', { Principal: { Service: 'sagemaker.amazonaws.com' } }),
    permissionsBoundary: boundary,
    maxSessionDuration: 3600,
    tags: {},
  },
  {
    ...base('sagemaker.Project', 'platform/training/project', 9),
    name: 'acme-training',
    arn: 'arn:aws:sagemaker:eu-west-1:111122223333:project/acme-training',
    description,
    productId: 'prod-1',
    tags: {},
  },
  {
    ...base('organizations.Policy', 'guardrail', 1),
    name: 'acme-guardrail\u001b[2J',
    description,
    targetAccount: '111122223333',
    policy: document('Fence'),
  },
]
const plan: Plan = {
  formatVersion: 1,
  organization: 'acme',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  access: { members: {}, teams: {}, grants: [] },
  resources,
  external: [
    {
      kind: 'role',
      name: 'admin',
      path: '/',
      arn: arn('role/admin'),
      purpose: 'administrator',
      declaredAt: at(2),
    },
    { kind: 'saml', arn: arn('saml-provider/sign-in'), purpose: 'signIn', declaredAt: at(4) },
  ],
  statements: [
    { policy: arn('policy/ringfence/acme/acme-research-1'), sid: 'ReadRaw', declaredAt: at(12) },
    { policy: `arn:aws:s3:::${bucket}`, sid: 'TlsOnly', declaredAt: at(7) },
    {
      policy: 'arn:aws:kms:eu-west-1:111122223333:alias/ringfence/acme/raw',
      sid: 'Readers',
      declaredAt: at(13),
    },
    { policy: 'guardrail', sid: 'Fence', declaredAt: at(14) },
    { policy: arn('role/ringfence/acme/acme-training-execution'), sid: 'SageMaker', declaredAt: at(15) },
  ],
}

describe('printPlanText', () => {
  it.each([
    ['plan.txt', false],
    ['plan-policies.txt', true],
  ])('shows every type of resource as in %s', (name, policies) => {
    const text = printPlanText(plan, { policies, colors: pico.createColors(false) })
    expect(text).toBe(golden(name, text))
  })

  it('shows a plan of nothing', () => {
    const empty = { ...plan, resources: [], external: [], statements: [] }
    expect(printPlanText(empty, { policies: false, colors: pico.createColors(false) })).toContain(
      '0 resources',
    )
  })
})
