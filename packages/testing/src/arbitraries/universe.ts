/**
 * The small world in which random cases play: so few accounts, names and values that requests and policies
 * often meet.
 */
export const OWN_ACCOUNT = '111122223333'
export const OTHER_ACCOUNT = '444455556666'

const user = (name: string, account = OWN_ACCOUNT): string => `arn:aws:iam::${account}:user/${name}`
const role = (name: string, account = OWN_ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`
const session = (roleName: string, name: string, account = OWN_ACCOUNT): string =>
  `arn:aws:sts::${account}:assumed-role/${roleName}/${name}`

/** A principal that may ask, with the context keys that AWS would send and that its ARN does not tell. */
export interface UniversePrincipal {
  readonly principal: string
  readonly context?: Readonly<Record<string, string>>
}

const LINKED_ROLE = role('aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForSageMaker')

export const USERS: readonly UniversePrincipal[] = [
  { principal: user('ada') },
  { principal: user('team/bob') },
  { principal: user('eve', OTHER_ACCOUNT) },
]

export const ROLES: readonly UniversePrincipal[] = [
  { principal: session('reader', 's1') },
  { principal: session('reader', 's2') },
  { principal: role('reader') },
  { principal: session('writer', 's1'), context: { 'aws:PrincipalArn': role('app/writer') } },
  { principal: session('reader', 's1', OTHER_ACCOUNT) },
]

export const LINKED_ROLES: readonly UniversePrincipal[] = [
  { principal: LINKED_ROLE },
  {
    principal: session('AWSServiceRoleForSageMaker', 'sm'),
    context: { 'aws:PrincipalArn': LINKED_ROLE },
  },
]

const FEDERATED_USER = `arn:aws:sts::${OWN_ACCOUNT}:federated-user/fay`

export const FEDERATED_USERS: readonly UniversePrincipal[] = [{ principal: FEDERATED_USER }]

const rootOf = (account: string): string => `arn:aws:iam::${account}:root`

export const ROOTS: readonly UniversePrincipal[] = [
  { principal: rootOf(OWN_ACCOUNT) },
  { principal: rootOf(OTHER_ACCOUNT) },
]

export const SERVICES = ['sagemaker.amazonaws.com', 'lambda.amazonaws.com'] as const

export const PROVIDERS = [
  `arn:aws:iam::${OWN_ACCOUNT}:saml-provider/corp`,
  `arn:aws:iam::${OWN_ACCOUNT}:oidc-provider/token.actions.example.com`,
] as const

/** What `Principal: {"AWS": …}` may list, `*` apart. */
export const AWS_PRINCIPALS = [
  OWN_ACCOUNT,
  rootOf(OWN_ACCOUNT),
  OTHER_ACCOUNT,
  rootOf(OTHER_ACCOUNT),
  user('ada'),
  user('team/bob'),
  user('eve', OTHER_ACCOUNT),
  role('reader'),
  session('reader', 's1'),
  session('reader', 's2'),
  role('app/writer'),
  session('writer', 's1'),
  role('reader', OTHER_ACCOUNT),
  session('reader', 's1', OTHER_ACCOUNT),
  FEDERATED_USER,
] as const

/** Canonical user IDs: of the own account, and of another. */
export const CANONICAL_IDS = ['a'.repeat(64), 'b'.repeat(64)] as const

/** Lists for `NotPrincipal`, whole ones and ones that forget the account, the role or the session. */
export const SPARED_LISTS: readonly (readonly string[])[] = [
  [OWN_ACCOUNT, user('ada')],
  [rootOf(OWN_ACCOUNT), role('reader'), session('reader', 's1'), user('team/bob')],
  [rootOf(OWN_ACCOUNT), role('reader')],
  [role('reader'), session('reader', 's1')],
  [user('ada')],
  [OWN_ACCOUNT],
  [OTHER_ACCOUNT, user('eve', OTHER_ACCOUNT)],
  [OWN_ACCOUNT, FEDERATED_USER],
]

/** Actions and resources of one kind of request, and the patterns that policies use for them. */
export interface Scenario {
  readonly name: 's3' | 'kms' | 'trust' | 'other'
  readonly actions: readonly string[]
  readonly actionPatterns: readonly string[]
  readonly resources: readonly string[]
  readonly resourcePatterns: readonly string[]
  /** Which policy the resource has. */
  readonly resourcePolicy: 'resource' | 'trust'
}

export const S3_SCENARIO: Scenario = {
  name: 's3',
  actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'S3:getobject', 's3:DeleteBucketPolicy'],
  actionPatterns: [
    's3:*',
    's3:GetObject',
    's3:Get*',
    's3:?etObject',
    's3:*Object',
    'S3:putobject',
    's3:ListBucket',
    '*',
  ],
  resources: [
    'arn:aws:s3:::data/raw/a',
    'arn:aws:s3:::data/ada/x',
    'arn:aws:s3:::data/red/x',
    'arn:aws:s3:::data',
    'arn:aws:s3:::logs/raw/a',
    'arn:aws:s3:::data/*',
  ],
  resourcePatterns: [
    '*',
    'arn:aws:s3:::*',
    'arn:aws:s3:::data/*',
    'arn:aws:s3:::data*',
    'arn:aws:s3:::data/raw/a',
    'arn:aws:s3:::d?ta/raw/*',
    'arn:aws:s3:::*/raw/*',
    'arn:*:s3:*:*:data/*',
    'arn:aws:s3:::data/${aws:username}/*',
    'arn:aws:s3:::data/${aws:PrincipalTag/team}/*',
    "arn:aws:s3:::data/${AWS:PrincipalTag/Team, 'red'}/x",
    'arn:aws:s3:::data/${*}',
    "arn:aws:s3:::*/${aws:username, 'raw'}/*",
    'arn:aws:s3:::${aws:PrincipalTag/team}/${aws:username}/*',
    'arn:aws:s3:::data/${aws:TagKeys}*',
  ],
  resourcePolicy: 'resource',
}

const key = (account: string): string => `arn:aws:kms:eu-west-1:${account}:key/k1`

export const KMS_SCENARIO: Scenario = {
  name: 'kms',
  actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:RetireGrant', 'kms:ListKeys'],
  actionPatterns: ['kms:*', 'kms:Decrypt', 'kms:*Grant', 'KMS:decrypt', '*'],
  resources: [key(OWN_ACCOUNT), key(OTHER_ACCOUNT), '*'],
  resourcePatterns: ['*', key(OWN_ACCOUNT), `arn:aws:kms:*:${OWN_ACCOUNT}:key/*`, 'arn:aws:kms:*:*:key/k?'],
  resourcePolicy: 'resource',
}

export const TRUST_SCENARIO: Scenario = {
  name: 'trust',
  actions: [
    'sts:AssumeRole',
    'sts:TagSession',
    'sts:SetContext',
    'sts:AssumeRoleWithSAML',
    'sts:AssumeRoleWithWebIdentity',
  ],
  actionPatterns: ['sts:AssumeRole', 'sts:AssumeRole*', 'sts:TagSession', 'STS:assumerole'],
  resources: [role('job'), role('job', OTHER_ACCOUNT)],
  resourcePatterns: ['*', role('job'), `arn:aws:iam::*:role/j*`, 'arn:aws:iam::*:role/${aws:username}'],
  resourcePolicy: 'trust',
}

export const OTHER_SCENARIO: Scenario = {
  name: 'other',
  actions: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sns:Publish'],
  actionPatterns: ['sqs:*', 'sqs:Send*', 'sns:*', 'sns:Publish', '*'],
  resources: [
    `arn:aws:sqs:eu-west-1:${OWN_ACCOUNT}:jobs`,
    `arn:aws:sqs:eu-west-1:${OTHER_ACCOUNT}:jobs`,
    `arn:aws:sns:eu-west-1:${OWN_ACCOUNT}:jobs:done`,
    `arn:aws:sns:eu-west-1:${OWN_ACCOUNT}:x:jobs`,
  ],
  resourcePatterns: [
    '*',
    `arn:aws:sqs:eu-west-1:${OWN_ACCOUNT}:jobs`,
    'arn:aws:sqs:*:*:jobs',
    'arn:aws:s?s:*:*:j*',
    'arn:aws:s*s:eu-west-1:*:*',
    'arn:aws:sns:eu-west-1:*:jobs',
    `arn:aws:sns:eu-west-1:1*3:jobs`,
    'arn:aws:sns:*:jobs:done:*',
    'arn:aws:*:*:*:j?bs',
  ],
  resourcePolicy: 'resource',
}
