import * as pulumi from '@pulumi/pulumi'
import { describe, expect, test } from 'vitest'
import type { MockDeployment } from '../mocks/mock-deployment.fixture.js'
import { deployWithMocks, refusal } from '../mocks/mock-deployment.fixture.js'
import { ManagedPolicies } from './managed-policies.js'
import { common, group, keyArn, role, samples, user } from './pieces.fixture.js'
import { PrivateDataset } from './private-dataset.js'
import { ProvisionedMember } from './provisioned-member.js'
import { SegregatedDatasets } from './segregated-datasets.js'
import { TeamAccess } from './team-access.js'
import { TrainingPlatform } from './training-platform.js'

const deploy = (program: () => pulumi.ComponentResource): Promise<MockDeployment> =>
  deployWithMocks(() => ({ ...program() }))

function sample(name: string): Promise<MockDeployment> {
  const program = samples[name]
  if (program === undefined) throw new Error(`no sample of ${name}`)
  return deploy(program)
}

/** Statements of a policy document that is an input, by Sid. */
function statements(deployed: MockDeployment, name: string, input = 'policy') {
  const document = JSON.parse(String(deployed.byName(name).inputs[input])) as {
    Statement: { Sid: string; Condition?: Record<string, Record<string, unknown>>; Resource?: unknown }[]
  }
  return new Map(document.Statement.map((statement) => [statement.Sid, statement]))
}

const types = ({ registered }: MockDeployment): string[] =>
  [...new Set(registered.map(({ type }) => type.split('/')[0] ?? ''))].toSorted()

describe('PrivateDataset', () => {
  test('lets in whom it names, whoever made them, and makes nothing but the dataset', async () => {
    const deployed = await sample('PrivateDataset')
    expect(types(deployed)).toEqual([
      'aws:kms',
      'aws:s3',
      'pulumi:providers:aws',
      'ringfence:index:PrivateDataset',
    ])
    const fence = statements(deployed, 'corpus/dataset/corpus/bucket-policy')
    const readers = JSON.stringify(fence.get('ReadersOnly')?.Condition)
    for (const name of [
      'user/ada',
      'user/ringfence/acme/bot',
      'role/etl',
      'role/ringfence/acme/acme-gpu-execution',
    ])
      expect(readers).toContain(`arn:aws:iam::111122223333:${name}"`)
    const writers = JSON.stringify(fence.get('WritersOnly')?.Condition)
    expect(writers).toContain('user/ada"')
    expect(writers).not.toContain('role/etl')
    expect(deployed.values).toMatchObject({
      bucketName: 'acme-corpus-111122223333',
      bucketArn: 'arn:aws:s3:::acme-corpus-111122223333',
      bucketUrl: 'https://acme-corpus-111122223333.s3.eu-west-1.amazonaws.com/',
      accessBlockId: 'id of corpus/dataset/corpus/public-access-block',
      keyArn: 'key ARN of corpus/dataset/corpus/key',
    })
  })

  test('fences a bucket and a key that exist, and does not make them', async () => {
    const deployed = await deploy(
      () => new PrivateDataset('old', { ...common(), existingBucket: 'the-old-bucket', keyArn }),
    )
    const made = deployed.registered.map(({ type }) => type)
    expect(made).not.toContain('aws:s3/bucket:Bucket')
    expect(made).not.toContain('aws:kms/key:Key')
    expect(deployed.byName('old/dataset/old/key-policy').inputs).toMatchObject({ keyId: keyArn })
    expect(deployed.byName('old/dataset/old/key-alias').inputs).toMatchObject({ targetKeyId: keyArn })
    expect(deployed.byName('old/dataset/old/bucket-policy')).toMatchObject({
      inputs: { bucket: 'the-old-bucket' },
      deletedWith: '',
    })
    expect(deployed.values).toMatchObject({
      bucketName: 'the-old-bucket',
      bucketArn: 'arn:aws:s3:::the-old-bucket',
      keyArn,
    })
  })
})

test('SegregatedDatasets lets each team into its own dataset alone', async () => {
  const deployed = await sample('SegregatedDatasets')
  const readers = (dataset: string) =>
    JSON.stringify(
      statements(deployed, `segregation/dataset/${dataset}/bucket-policy`).get('ReadersOnly')?.Condition,
    )
  expect(readers('group-a-data')).toContain('user/ringfence/segregation/anna')
  expect(readers('group-a-data')).toContain(user('arjun'))
  expect(readers('group-a-data')).not.toContain('bola')
  expect(readers('b')).toContain('user/ringfence/segregation/bola')
  expect(readers('b')).not.toContain('anna')
  expect(deployed.values).toMatchObject({
    bucketNames: { 'group-a': 'segregation-group-a-data-111122223333', 'group-b': 'data-of-b' },
    bucketUrls: { 'group-b': 'https://data-of-b.s3.eu-west-1.amazonaws.com/' },
    groupNames: { 'group-a': 'segregation-group-a' },
  })
  expect(deployed.byName('segregation/team/group-a/group-members').inputs['users']).toEqual(['anna', 'arjun'])
})

test('ProvisionedMember makes the user and its own permissions, and touches no bucket', async () => {
  const deployed = await sample('ProvisionedMember')
  expect(deployed.registered.filter(({ type }) => type.startsWith('aws:s3'))).toEqual([])
  const policy = [...statements(deployed, 'bot/member/bot/policy-1').values()]
  expect(JSON.stringify(policy)).toContain('arn:aws:s3:::acme-corpus/raw/*')
  expect(JSON.stringify(policy)).toContain(role('acme-gpu-execution'))
  // Its boundary ends where its datasets do.
  const boundary = statements(deployed, 'bot/boundary')
  expect(JSON.stringify(boundary.get('NoOtherBuckets'))).toContain('"arn:aws:s3:::acme-sealed/*"')
  expect(deployed.byName('bot/member/bot/groups').inputs).toEqual({ user: 'bot', groups: ['services'] })
  expect(deployed.byName('bot/dataset/sealed/key-alias').inputs).toMatchObject({ targetKeyId: keyArn })
  expect(deployed.values).toMatchObject({
    userName: 'bot',
    userArn: user('ringfence/bot/bot'),
    accessKeyId: 'id of bot/member/bot/access-key',
    secretAccessKey: 'secret of bot/member/bot/access-key',
  })
  expect(deployed.secrets).toEqual(['secretAccessKey'])
})

test('ProvisionedMember has its key kept in Secrets Manager, and gives none of it out', async () => {
  const deployed = await deploy(
    () =>
      new ProvisionedMember('bot', {
        ...common(),
        kind: 'service',
        keysUntil: '2035-01-31',
        deliver: 'secretsManager',
        datasets: [{ dataset: 'corpus', bucket: 'acme-corpus', can: ['read'] }],
      }),
  )
  expect(deployed.values).toMatchObject({
    accessKeyId: 'id of bot/member/bot/access-key',
    keySecretName: 'ringfence/bot/bot/access-key',
  })
  expect(deployed.values['secretAccessKey']).toBeUndefined()
  expect(deployed.secrets).toEqual([])
  // The fence of the secret lets in the member, whom a policy of the component allows it.
  const fence = statements(deployed, 'bot/member/bot/secret-policy').get('MemberAndAdministratorsRead')
  expect(JSON.stringify(fence?.Condition)).toContain(user('ringfence/bot/bot'))
  expect(deployed.byName('bot/member/bot/secret-version').secretOutputs).toContain('secretString')
  const policies = deployed.registered.filter(({ type }) => type === 'aws:iam/policy:Policy')
  const boundary = deployed.byName('bot/boundary')
  const allowing = policies.filter(({ inputs }) => String(inputs['policy']).includes('/access-key-??????'))
  expect(allowing.filter(({ name }) => name !== boundary.name)).toHaveLength(1)
})

test('TeamAccess makes the group with its policies and members', async () => {
  const deployed = await sample('TeamAccess')
  expect(types(deployed)).toEqual(['aws:iam', 'pulumi:providers:aws', 'ringfence:index:TeamAccess'])
  expect(deployed.byName('research/team/research/group-members').inputs).toEqual({
    name: 'research-research',
    group: 'research-research',
    users: ['ada', 'grace'],
  })
  expect(deployed.values).toMatchObject({
    groupName: 'research-research',
    groupArn: group('ringfence/research/research-research'),
    userArns: { ada: user('ringfence/research/ada') },
  })
})

test('TeamAccess uses a group that exists and leaves its other members and policies alone', async () => {
  const deployed = await deploy(
    () =>
      new TeamAccess('research', {
        ...common(),
        group: group('people/scientists'),
        members: [user('grace')],
        datasets: [{ dataset: 'corpus', bucket: 'acme-corpus', can: ['read'] }],
      }),
  )
  expect(deployed.registered.map(({ type, name }) => `${type} ${name}`)).toEqual(
    expect.not.arrayContaining([
      expect.stringMatching(/Exclusive|iam\/group:Group|GroupMembership research\/team/),
    ]),
  )
  expect(deployed.byName('research/member/grace/groups').inputs).toEqual({
    user: 'grace',
    groups: ['scientists'],
  })
  expect(deployed.values).toMatchObject({ groupName: 'scientists', groupArn: group('people/scientists') })
})

test('TrainingPlatform makes the role, and jobs for the groups that use it', async () => {
  const deployed = await sample('TrainingPlatform')
  const data = JSON.stringify([...statements(deployed, 'gpu/platform/gpu/policy-1').values()])
  expect(data).toContain('arn:aws:s3:::acme-corpus/*')
  expect(data).toContain('arn:aws:s3:::acme-weights/out/*')
  const jobs = JSON.stringify([...statements(deployed, 'gpu/team/scientists/policy-1').values()])
  expect(jobs).toContain('training-job/gpu--scientists--*')
  expect(jobs).toContain('iam:PassRole')
  expect(deployed.values).toMatchObject({
    roleArn: role('ringfence/acme/acme-gpu-execution'),
    projectArn: 'arn:aws:sagemaker:eu-west-1:111122223333:project/acme-gpu',
  })
})

test('TrainingPlatform gives a role that exists its data, and no trust or boundary', async () => {
  const deployed = await deploy(
    () =>
      new TrainingPlatform('gpu', {
        ...common(),
        role: role('jobs'),
        reads: [{ dataset: 'corpus', bucket: 'acme-corpus' }],
      }),
  )
  const made = deployed.registered.filter(({ type }) => type.startsWith('aws:')).map(({ type }) => type)
  expect(made.toSorted()).toEqual([
    'aws:iam/policy:Policy',
    'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  ])
  expect(deployed.values['roleArn']).toBe(role('jobs'))
})

test('ManagedPolicies attaches what one list says to groups and users', async () => {
  const deployed = await sample('ManagedPolicies')
  expect(deployed.values['policyArns']).toMatchObject({
    'team-ai-team-1': expect.stringContaining('policy/ringfence/central/central-team-ai-team-1'),
    'team-analytics-1': expect.any(String),
    'member-wei-1': expect.any(String),
  })
  expect(deployed.byName('central/member/wei/attachments/central-member-wei-1').inputs).toMatchObject({
    user: 'wei',
  })
  expect(deployed.byName('central/team/ai-team/group-members').inputs['users']).toEqual(['lena', 'wei'])
})

describe('what has ended', () => {
  test('is no mistake: a key that has ended is left out, and the member stays', async () => {
    const dataset = { dataset: 'corpus', bucket: 'acme-corpus', can: ['read'] }
    const deployed = await deploy(
      () => new ProvisionedMember('m', { ...common(), keysUntil: '2020-01-01', datasets: [dataset] }),
    )
    const made = deployed.registered.map(({ type }) => type)
    expect(made).toContain('aws:iam/user:User')
    expect(made).not.toContain('aws:iam/accessKey:AccessKey')
  })
})

describe('refused in terms of the arguments', () => {
  const dataset = { dataset: 'corpus', bucket: 'acme-corpus', can: ['read'] }
  const keys = { kind: 'service', keysUntil: '2035-01-31' }
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'a capability that is none',
      () => new PrivateDataset('d', { ...common(), access: [{ principals: [user('ada')], can: ['raed'] }] }),
      /error\[VALUE_UNKNOWN\].*argument "access\[0\]\.can[^]*Try: .*read/,
    ],
    [
      'a group at the fence',
      () => new PrivateDataset('d', { ...common(), access: [{ principals: [group('g')], can: ['read'] }] }),
      /"access\[0\]\.principals\[0\]" is "[^"]*group\/g", which is not the ARN of a user or role/,
    ],
    [
      'a role that is to delete',
      () => new PrivateDataset('d', { ...common(), access: [{ principals: [role('r')], can: ['delete'] }] }),
      /"access\[0\]\.can" has "delete", and a role can be let in to "read" and "write" only/,
    ],
    [
      'two buckets',
      () => new PrivateDataset('d', { ...common(), bucket: 'one-bucket', existingBucket: 'other-bucket' }),
      /both "bucket" and "existingBucket"/,
    ],
    [
      'a bucket name that S3 refuses',
      () => new PrivateDataset('d', { ...common(), existingBucket: 'Capital' }),
      /error\[BUCKET_NAME_INVALID\].*\(argument "existingBucket"\)/,
    ],
    [
      'an output as bucket',
      () =>
        new ProvisionedMember('m', {
          ...common(),
          datasets: [{ ...dataset, bucket: pulumi.output('later') as unknown as string }],
        }),
      /the argument "datasets\[0\]\.bucket" is an output/,
    ],
    [
      'a member without any access',
      () => new ProvisionedMember('m', common()),
      /error\[MEMBER_WITHOUT_ACCESS\].*\(argument "member"\)/,
    ],
    [
      'a member that has ended',
      () => new ProvisionedMember('m', { ...common(), until: '2020-01-01', datasets: [dataset] }),
      /error\[MEMBER_EXPIRED\]: all members have ended/,
    ],
    [
      'a recipient without a key',
      () => new ProvisionedMember('m', { ...common(), age: 'age1', datasets: [dataset] }),
      /"m" has "age" and no key to hand over/,
    ],
    [
      'a delivery without a key',
      () => new ProvisionedMember('m', { ...common(), deliver: 'secretsManager', datasets: [dataset] }),
      /"m" has "deliver" and no key to hand over/,
    ],
    [
      'a delivery to nothing that is known',
      () => new ProvisionedMember('m', { ...common(), ...keys, deliver: 'vault', datasets: [dataset] }),
      /error\[VALUE_UNKNOWN\].*\(argument "deliver"\)[^]*Try: .*secretsManager/,
    ],
    [
      'two ways to hand over a key',
      () =>
        new ProvisionedMember('m', {
          ...common(),
          ...keys,
          age: 'age1',
          deliver: 'secretsManager',
          datasets: [dataset],
        }),
      /error\[KEY_DELIVERY_INVALID\].*"age", not both.*\(argument "deliver"\)/,
    ],
    [
      'a group of another component',
      () =>
        new ProvisionedMember('m', {
          ...common(),
          groups: [group('ringfence/acme/acme-team')],
          datasets: [dataset],
        }),
      /"groups\[0\]" is .*, which another component of ringfence makes/,
    ],
    [
      'a dataset in two ways',
      () =>
        new TeamAccess('t', {
          ...common(),
          members: [],
          datasets: [dataset, { ...dataset, bucket: 'another-one', can: ['write'] }],
        }),
      /refers to the dataset "corpus" in two ways/,
    ],
    [
      'a member of two segregated teams',
      () =>
        new SegregatedDatasets('s', {
          ...common(),
          teams: { a: { members: ['ada'] }, b: { members: ['ada'] } },
        }),
      /error\[GUARANTEE_BROKEN\]/,
    ],
    [
      'a product that is none',
      () => new TrainingPlatform('p', { ...common(), product: 'abc' }),
      /error\[PRODUCT_INVALID\].*\(argument "product"\)/,
    ],
    [
      'a grant to nobody',
      () => new ManagedPolicies('c', { ...common(), grants: [{ ...dataset, to: 'nobody' }] }),
      /error\[NAME_UNKNOWN\].*\(argument "grants\[0\]\.to"\)/,
    ],
    [
      'a user of another component, for policies',
      () =>
        new ManagedPolicies('c', {
          ...common(),
          users: [user('ringfence/acme/ada')],
          grants: [{ ...dataset, to: 'ada' }],
        }),
      /"users\[0\]" is .*, which another component of ringfence makes/,
    ],
    [
      'an account that is none',
      () => new PrivateDataset('d', { ...common(), account: '1' }),
      /error\[ACCOUNT_INVALID\].*account/,
    ],
  ]
  test.each(cases)('%s', async (_, program, message) => {
    const error = await refusal(program)
    expect(error.message).toMatch(message)
    expect(pulumi.RunError.isInstance(error)).toBe(true)
  })
})
