import { IAM } from '@aws-sdk/client-iam'
import { KMS } from '@aws-sdk/client-kms'
import { Organizations } from '@aws-sdk/client-organizations'
import { type ReplicationConfiguration, S3 } from '@aws-sdk/client-s3'
import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import {
  bucketSteps,
  compareFacts,
  declaredFacts,
  type Difference,
  makerOf,
  type RecordedIds,
  secretSteps,
} from '@ringfence/lifecycle'
import { type LocalAws, type LocalCredentials, startLocalAws } from '@ringfence/local'
import { buildPlan, parseDeclaration, type Plan } from '@ringfence/plan'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { certificate, rsaKey } from '../offboard/credentials.fixture.js'
import { type AwsClients, connect, connectManagement, type ManagementClients } from './aws-clients.js'
import { readAccount } from './read-account.js'
import { findMakers } from './read-events.js'
import { runBucketSteps } from './run-bucket-steps.js'
import { runSecretSteps } from './run-secret-steps.js'
import { scopeOf } from './scope.js'

const text = `
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
guardrail: serviceControlPolicy
identityProvider: { saml: corp }
members:
  ada: {}
  bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } }
  fred: { signIn: federation, email: fred@acme.example }
teams:
  research: [ada, bot, fred]
datasets:
  raw: { encryption: kms }
platforms:
  training: { kind: sagemaker, reads: [raw] }
grants:
  - { to: research, can: [read], on: raw }
  - { to: ada, can: [write], on: raw }
`

const plan = planOf(text)
const bucket = plan.resources.flatMap((one) => (one.type === 's3.Bucket' ? [one.bucket] : []))[0] ?? ''

function planOf(declared: string): Plan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text: declared, nowMs: Date.now() })
  const built = declaration.ok ? buildPlan(declaration.value) : declaration
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

let aws: LocalAws
let clients: AwsClients
let management: ManagementClients
let administrator: LocalCredentials
/** Ids as the stack would have noted them: of the key, and of the version of the secret. */
let ids: RecordedIds
beforeEach(async () => {
  aws = await startLocalAws({ account: plan.account, region: plan.region })
  await aws.load(plan)
  administrator = await aws.issueRoleSession({
    roleArn: 'arn:aws:iam::111122223333:role/platform-admin',
    sessionName: 'mallory',
    principal: 'arn:aws:iam::111122223333:root',
    action: 'sts:AssumeRole',
  })
  const { endpoint, region } = aws
  clients = connect({ endpoint, region, credentials: administrator })
  management = connectManagement({ endpoint, region, credentials: await aws.addManagementAccount() })
  const { AccessKeyMetadata: [key] = [] } = await clients.iam.listAccessKeys({ UserName: 'bot' })
  const { VersionIdsToStages = {} } = await clients.secretsManager.describeSecret({ SecretId })
  ids = new Map([
    ['member/bot/access-key', key?.AccessKeyId ?? ''],
    ['member/bot/secret-version', Object.keys(VersionIdsToStages)[0] ?? ''],
  ])
})
afterEach(async () => {
  clients?.close()
  management?.close()
  await aws?.close()
})

/** Compared as if Pulumi had recorded exactly what is declared. */
async function drift(): Promise<readonly Difference[]> {
  const declared = declaredFacts(plan, ids)
  const { facts } = await readAccount(clients, management.organizations, scopeOf(plan, declared))
  return compareFacts({ declared, recorded: declared, found: facts })
}

const SecretId = 'ringfence/acme/bot/access-key'

const admin = 'arn:aws:iam::aws:policy/AdministratorAccess'
const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
})
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'sts:AssumeRole' },
  ],
})
const path = '/ringfence/acme/'
const policy = plan.resources.flatMap((one) => (one.type === 'iam.Policy' ? [one.arn] : []))[0] ?? ''

const elsewhere: ReplicationConfiguration = {
  Role: 'arn:aws:iam::111122223333:role/carrier',
  Rules: [{ Status: 'Enabled', Prefix: '', Destination: { Bucket: 'arn:aws:s3:::elsewhere' } }],
}

interface Tampering {
  readonly what: string
  readonly do: (tools: Tools) => Promise<unknown>
  /** What is to be said: change, thing, aspect, and the event that made it, where CloudTrail is asked by a name it has. */
  readonly said: readonly [Difference['change'], string, string, string?]
}

interface Tools {
  readonly iam: IAM
  readonly s3: S3
  readonly kms: KMS
  readonly secrets: SecretsManager
  /** As the root user of the management account. */
  readonly organizations: Organizations
}

const tamperings: readonly Tampering[] = [
  {
    what: 'a policy attached to a user',
    do: ({ iam }) => iam.attachUserPolicy({ UserName: 'ada', PolicyArn: admin }),
    said: ['undeclared', 'user/ada', 'attachment', 'AttachUserPolicy'],
  },
  {
    what: 'an inline policy of a group',
    do: ({ iam }) =>
      iam.putGroupPolicy({ GroupName: 'acme-research', PolicyName: 'x', PolicyDocument: document }),
    said: ['undeclared', 'group/acme-research', 'inlinePolicy', 'PutGroupPolicy'],
  },
  {
    what: 'an access key',
    do: ({ iam }) => iam.createAccessKey({ UserName: 'ada' }),
    said: ['undeclared', 'user/ada', 'accessKey', 'CreateAccessKey'],
  },
  {
    what: 'a password of a service',
    do: ({ iam }) => iam.createLoginProfile({ UserName: 'bot', Password: 'Correct-Horse-1' }),
    said: ['undeclared', 'user/bot', 'password', 'CreateLoginProfile'],
  },
  {
    what: 'an SSH public key',
    do: async ({ iam }) => {
      const [SSHPublicKeyBody, UserName] = [rsaKey, 'ada']
      const { SSHPublicKey } = await iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody })
      const { SSHPublicKeyId } = SSHPublicKey ?? {}
      // Whether it works for the time being is no matter: it is there.
      return iam.updateSSHPublicKey({ UserName, SSHPublicKeyId, Status: 'Inactive' })
    },
    said: ['undeclared', 'user/ada', 'sshKey', 'UpdateSSHPublicKey'],
  },
  {
    what: 'a service-specific credential',
    do: ({ iam }) =>
      iam.createServiceSpecificCredential({ UserName: 'ada', ServiceName: 'bedrock.amazonaws.com' }),
    said: ['undeclared', 'user/ada', 'serviceCredential', 'CreateServiceSpecificCredential'],
  },
  {
    what: 'a signing certificate',
    do: ({ iam }) => iam.uploadSigningCertificate({ UserName: 'bot', CertificateBody: certificate }),
    said: ['undeclared', 'user/bot', 'signingCertificate', 'UploadSigningCertificate'],
  },
  {
    what: 'a boundary taken off',
    do: ({ iam }) => iam.deleteUserPermissionsBoundary({ UserName: 'ada' }),
    said: ['missing', 'user/ada', 'boundary', 'DeleteUserPermissionsBoundary'],
  },
  {
    what: 'a tag that recognizes a member changed',
    do: ({ iam }) => iam.tagUser({ UserName: 'bot', Tags: [{ Key: 'ringfence:member', Value: 'person' }] }),
    said: ['changed', 'user/bot', 'tag', 'TagUser'],
  },
  {
    what: 'a member taken out of a group',
    do: ({ iam }) => iam.removeUserFromGroup({ UserName: 'ada', GroupName: 'acme-research' }),
    said: ['missing', 'user/ada', 'group', 'RemoveUserFromGroup'],
  },
  {
    what: 'a stranger in a group',
    do: async ({ iam }) => {
      await iam.createUser({ UserName: 'eve' })
      return iam.addUserToGroup({ UserName: 'eve', GroupName: 'acme-research' })
    },
    said: ['undeclared', 'user/eve', 'group', 'AddUserToGroup'],
  },
  {
    what: 'a policy of ringfence attached to a stranger',
    do: async ({ iam }) => {
      await iam.createUser({ UserName: 'eve' })
      return iam.attachUserPolicy({ UserName: 'eve', PolicyArn: policy })
    },
    said: ['undeclared', 'user/eve', 'attachment', 'AttachUserPolicy'],
  },
  {
    what: 'the trust of a role',
    do: ({ iam }) => iam.updateAssumeRolePolicy({ RoleName: 'acme-research', PolicyDocument: trust }),
    said: ['changed', 'role/acme-research', 'trust', 'UpdateAssumeRolePolicy'],
  },
  {
    what: 'longer sessions of a role',
    do: ({ iam }) => iam.updateRole({ RoleName: 'acme-research', MaxSessionDuration: 43_200 }),
    said: ['changed', 'role/acme-research', 'sessionDuration', 'UpdateRole'],
  },
  {
    what: 'another version of a policy',
    do: ({ iam }) =>
      iam.createPolicyVersion({ PolicyArn: policy, PolicyDocument: document, SetAsDefault: true }),
    said: [
      'changed',
      `policy/${policy.slice(policy.lastIndexOf('/') + 1)}`,
      'document',
      'CreatePolicyVersion',
    ],
  },
  {
    what: 'a user under the path of ringfence',
    do: ({ iam }) => iam.createUser({ UserName: 'eve', Path: path }),
    said: ['undeclared', 'user/eve', 'exists', 'CreateUser'],
  },
  {
    what: 'a role under the path of ringfence',
    do: ({ iam }) => iam.createRole({ RoleName: 'door', Path: path, AssumeRolePolicyDocument: trust }),
    said: ['undeclared', 'role/door', 'exists', 'CreateRole'],
  },
  {
    what: 'a policy under the path of ringfence',
    do: ({ iam }) => iam.createPolicy({ PolicyName: 'x', Path: path, PolicyDocument: document }),
    said: ['undeclared', 'policy/x', 'exists', 'CreatePolicy'],
  },
  {
    what: 'the fence taken off',
    do: ({ s3 }) => s3.deleteBucketPolicy({ Bucket: bucket }),
    said: ['missing', `bucket/${bucket}`, 'document', 'DeleteBucketPolicy'],
  },
  {
    what: 'a public access block taken off',
    do: ({ s3 }) => s3.deletePublicAccessBlock({ Bucket: bucket }),
    said: ['missing', `bucket/${bucket}`, 'accessBlock', 'DeleteBucketPublicAccessBlock'],
  },
  {
    what: 'a website of a bucket',
    do: ({ s3 }) =>
      s3.putBucketWebsite({
        Bucket: bucket,
        WebsiteConfiguration: { RedirectAllRequestsTo: { HostName: 'elsewhere.example' } },
      }),
    said: ['undeclared', `bucket/${bucket}`, 'website', 'PutBucketWebsite'],
  },
  {
    what: 'replication to somewhere else',
    do: ({ s3 }) => s3.putBucketReplication({ Bucket: bucket, ReplicationConfiguration: elsewhere }),
    said: ['undeclared', `bucket/${bucket}`, 'replication', 'PutBucketReplication'],
  },
  {
    what: 'versioning suspended',
    do: ({ s3 }) =>
      s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration: { Status: 'Suspended' } }),
    said: ['changed', `bucket/${bucket}`, 'versioning', 'PutBucketVersioning'],
  },
  {
    what: 'ownership that lets ACLs count again',
    do: ({ s3 }) =>
      s3.putBucketOwnershipControls({
        Bucket: bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
      }),
    said: ['changed', `bucket/${bucket}`, 'ownership', 'PutBucketOwnershipControls'],
  },
  {
    what: 'a key that is not rotated any more',
    do: ({ kms }) => disableRotation(kms),
    said: ['changed', 'key/alias/ringfence/acme/raw', 'rotation', 'DisableKeyRotation'],
  },
  {
    what: 'the fence of a secret opened',
    do: ({ secrets }) => secrets.putResourcePolicy({ SecretId, ResourcePolicy: openSecret }),
    said: ['changed', `secret/${SecretId}`, 'document', 'PutResourcePolicy'],
  },
  {
    what: 'the fence of a secret taken off, by its ARN',
    do: async ({ secrets }) => secrets.deleteResourcePolicy({ SecretId: await secretArn(secrets) }),
    said: ['missing', `secret/${SecretId}`, 'document', 'DeleteResourcePolicy'],
  },
  {
    what: 'another value of a secret',
    do: ({ secrets }) => secrets.putSecretValue({ SecretId, SecretString: 'another' }),
    said: ['changed', `secret/${SecretId}`, 'version', 'PutSecretValue'],
  },
  {
    what: 'a value of a secret beside the current one',
    do: ({ secrets }) =>
      secrets.putSecretValue({ SecretId, SecretString: 'another', VersionStages: ['MINE'] }),
    said: ['undeclared', `secret/${SecretId}`, 'version', 'PutSecretValue'],
  },
  {
    what: 'a secret deleted, which AWS keeps for a month',
    do: ({ secrets }) => secrets.deleteSecret({ SecretId }),
    said: ['missing', `secret/${SecretId}`, 'exists', 'DeleteSecret'],
  },
  {
    what: 'a secret deleted at once',
    do: ({ secrets }) => secrets.deleteSecret({ SecretId, ForceDeleteWithoutRecovery: true }),
    said: ['missing', `secret/${SecretId}`, 'exists', 'DeleteSecret'],
  },
  {
    what: 'a secret under the name of ringfence',
    do: ({ secrets }) =>
      secrets.createSecret({ Name: 'ringfence/acme/eve/access-key', SecretString: 'mine' }),
    said: ['undeclared', 'secret/ringfence/acme/eve/access-key', 'exists'],
  },
  {
    what: 'the guardrail changed',
    do: async ({ organizations }) =>
      organizations.updatePolicy({ PolicyId: await guardrailId(organizations), Content: noGuardrail }),
    said: ['changed', 'guardrail/acme-guardrail', 'document', 'UpdatePolicy'],
  },
  {
    what: 'the guardrail detached',
    do: async ({ organizations }) =>
      organizations.detachPolicy({
        PolicyId: await guardrailId(organizations),
        TargetId: plan.account,
      }),
    said: ['missing', 'guardrail/acme-guardrail', 'target', 'DetachPolicy'],
  },
  {
    what: 'the guardrail attached to everybody',
    do: async ({ organizations }) => {
      const { Roots: [root] = [] } = await organizations.listRoots({})
      return organizations.attachPolicy({
        PolicyId: await guardrailId(organizations),
        TargetId: root?.Id,
      })
    },
    said: ['undeclared', 'guardrail/acme-guardrail', 'target', 'AttachPolicy'],
  },
]

const openSecret = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Action: 'secretsmanager:GetSecretValue',
      Resource: '*',
    },
  ],
})
const noGuardrail = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 's3:CreateBucket', Resource: 'arn:aws:s3:::nothing' }],
})

async function secretArn(secrets: SecretsManager): Promise<string> {
  return (await secrets.describeSecret({ SecretId })).ARN ?? ''
}

async function guardrailId(organizations: Organizations): Promise<string> {
  const { Policies = [] } = await organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })
  return Policies.find(({ Name }) => Name === 'acme-guardrail')?.Id ?? ''
}

async function disableRotation(kms: KMS): Promise<unknown> {
  const { KeyMetadata } = await kms.describeKey({ KeyId: 'alias/ringfence/acme/raw' })
  return kms.disableKeyRotation({ KeyId: KeyMetadata?.KeyId })
}

test('an account that was just set up has no drift', async () => {
  expect(await drift()).toEqual([])
})

test.each(tamperings)('$what: is named, with who did it', async ({ do: tamper, said }) => {
  const config = { endpoint: aws.endpoint, region: plan.region, credentials: administrator }
  await tamper({
    iam: new IAM({ ...config, region: 'us-east-1' }),
    s3: new S3({ ...config, forcePathStyle: true }),
    kms: new KMS(config),
    secrets: new SecretsManager(config),
    organizations: management.organizations,
  })
  const declared = declaredFacts(plan, ids)
  const account = await readAccount(clients, management.organizations, scopeOf(plan, declared))
  const differences = compareFacts({ declared, recorded: declared, found: account.facts })
  const [change, thing, aspect, event] = said
  expect(differences.map((one) => [one.change, one.thing, one.aspect, one.recorded])).toEqual([
    [change, thing, aspect, 'asDeclared'],
  ])
  const trails = { ...clients.trails, management: management.trail }
  const makers = await findMakers(differences, trails, account.arns)
  const by = thing.startsWith('guardrail/')
    ? 'arn:aws:iam::999999999999:root'
    : 'arn:aws:sts::111122223333:assumed-role/platform-admin/mallory'
  expect(differences.map((one) => makers.of.get(one))).toEqual([
    event === undefined ? undefined : expect.objectContaining({ event, by, from: '127.0.0.1' }),
  ])
})

test('a website and the replication of a bucket are taken away, and may be twice', async () => {
  const { s3 } = clients
  await s3.putBucketWebsite({
    Bucket: bucket,
    WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } },
  })
  await s3.putBucketReplication({ Bucket: bucket, ReplicationConfiguration: elsewhere })
  const differences = await drift()
  const steps = differences.flatMap(bucketSteps)
  expect(steps.map(({ operation }) => operation)).toEqual(['DeleteBucketReplication', 'DeleteBucketWebsite'])
  await runBucketSteps(s3, steps)
  expect(await drift()).toEqual([])
  await runBucketSteps(s3, steps)
  await runBucketSteps(s3, [{ operation: 'DeleteBucketWebsite', input: { Bucket: 'gone' } }])
  const [{ thing, aspect }] = differences as readonly [Difference]
  expect(bucketSteps({ thing, aspect, change: 'missing', recorded: 'asDeclared' })).toEqual([])
})

test('values of secrets that nobody declared are taken back without being read', async () => {
  const { secretsManager: secrets } = clients
  const stages = async () => (await secrets.describeSecret({ SecretId })).VersionIdsToStages
  const before = await stages()
  const name = 'ringfence/acme/eve/access-key'
  await secrets.createSecret({ Name: name, SecretString: 'mine' })
  await secrets.putSecretValue({ SecretId, SecretString: 'another', VersionStages: ['MINE'] })
  await secrets.putSecretValue({ SecretId, SecretString: 'one more' })
  const differences = await drift()
  expect(differences).toHaveLength(3)
  for (const difference of differences) await runSecretSteps(secrets, secretSteps(difference))
  expect(await drift()).toEqual([])
  expect(await stages()).toEqual(before)
  // Nothing that somebody may need is gone for good.
  await secrets.restoreSecret({ SecretId: name })
})

test('who made it is not said where nobody can know', async () => {
  const differences: Difference[] = [
    { change: 'undeclared', thing: 'user/ada', aspect: 'attachment', name: admin, recorded: 'asDeclared' },
  ]
  expect(differences.map((one) => makerOf(one, []))).toEqual([undefined])
})

test('a password of a person is theirs', async () => {
  const iam = new IAM({ endpoint: aws.endpoint, region: 'us-east-1', credentials: administrator })
  await iam.createLoginProfile({ UserName: 'ada', Password: 'Correct-Horse-1' })
  expect(await drift()).toEqual([])
})

test('a role of Identity Center may have what its permission set gives, and nothing else of ours', async () => {
  const center = planOf(
    text
      .replace('guardrail: serviceControlPolicy\n', '')
      .replace(
        '{ saml: corp }',
        "{ identityCenter: { instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef', identityStore: d-0123456789 } }",
      ),
  )
  await aws.close()
  aws = await startLocalAws({ account: center.account, region: center.region })
  await aws.load(center)
  const { endpoint, region } = aws
  const credentials = await aws.issueRoleSession({
    roleArn: 'arn:aws:iam::111122223333:role/platform-admin',
    sessionName: 'mallory',
    principal: 'arn:aws:iam::111122223333:root',
    action: 'sts:AssumeRole',
  })
  clients = connect({ endpoint, region, credentials })
  const declared = declaredFacts(center, new Map())
  const undeclared = async (one: Plan) => {
    const { facts } = await readAccount(clients, undefined, scopeOf(one, declared))
    return facts.filter(({ thing }) => thing.includes('AWSReservedSSO_')).map(({ name }) => name)
  }
  expect(await undeclared(center)).toEqual([])
  const none = center.external.map((one) => (one.kind === 'reservedRole' ? { ...one, policyArns: [] } : one))
  expect(await undeclared({ ...center, external: none })).toEqual([
    'arn:aws:iam::111122223333:policy/ringfence/acme/acme-team-research-1',
  ])
})
