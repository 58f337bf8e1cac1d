import { describe, expect, it, test } from 'vitest'
import { importAccount } from '../import-account.js'
import { filesOf, folder, goldenAccount, imported } from '../input.fixture.js'

test.each(['terraform', 'pulumi'])('a state of %s', (name) => {
  const found = imported(folder(name))
  expect(found).toEqual(goldenAccount(name, found))
})

/** A state of Terraform with these resources: type, values. */
type Resources = readonly (readonly [string, object])[]
const state = (...resources: Resources) => ({
  format_version: '1.0',
  values: {
    root_module: {
      resources: resources.map(([type, values], n) => ({
        address: `${type}.r${n}`,
        mode: type.startsWith('data.') ? 'data' : 'managed',
        type: type.replace('data.', ''),
        values,
      })),
    },
  },
})
const account = '111122223333'
const from = (...resources: Resources) =>
  imported(filesOf({ 'state.json': state(...resources) }), { account, region: 'eu-west-1' })

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})
const document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
}
const policy = JSON.stringify(document)
const identityPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})
const role = ['aws_iam_role', { name: 'r', path: '/', assume_role_policy: trust }] as const

describe('types of Terraform', () => {
  it.each<[string, Resources, object]>([
    [
      'an attachment to several',
      [
        role,
        ['aws_iam_policy_attachment', { roles: ['r'], users: [], policy_arn: 'arn:aws:iam::aws:policy/A' }],
      ],
      { roles: [{ attached: ['arn:aws:iam::aws:policy/A'] }] },
    ],
    [
      'a policy of AWS that the state looked up',
      [
        ['aws_iam_role', { ...role[1], managed_policy_arns: ['arn:aws:iam::aws:policy/A'] }],
        ['data.aws_iam_policy', { arn: 'arn:aws:iam::aws:policy/A', policy: identityPolicy }],
      ],
      { managedPolicies: [{ isAwsManaged: true, versions: [{ document: JSON.parse(identityPolicy) }] }] },
    ],
    [
      'an instance profile',
      [
        role,
        ['aws_iam_instance_profile', { role: 'r', arn: 'arn:aws:iam::111122223333:instance-profile/p' }],
      ],
      { roles: [{ instanceProfiles: ['arn:aws:iam::111122223333:instance-profile/p'] }] },
    ],
    [
      'a queue and its policy',
      [
        ['aws_sqs_queue', { arn: 'arn:aws:sqs:eu-west-1:111122223333:q', policy: '' }],
        ['aws_sqs_queue_policy', { queue_url: 'https://sqs.eu-west-1.amazonaws.com/111122223333/q', policy }],
      ],
      { resources: [{ kind: 'other', name: 'q', policy: { document } }] },
    ],
    [
      'a queue without one',
      [['aws_sqs_queue', { arn: 'arn:aws:sqs:eu-west-1:111122223333:q', policy: '' }]],
      { resources: [{ kind: 'other', name: 'q' }] },
    ],
    [
      'a repository',
      [['aws_ecr_repository_policy', { repository: 'a/b', policy }]],
      { resources: [{ arn: 'arn:aws:ecr:eu-west-1:111122223333:repository/a/b', policy: { document } }] },
    ],
    [
      'a public ACL',
      [
        ['aws_s3_bucket', { bucket: 'b' }],
        ['aws_s3_bucket_acl', { bucket: 'b', acl: 'public-read-write' }],
      ],
      { resources: [{ name: 'b', publicAcl: ['AllUsers'] }] },
    ],
    [
      'the block of the account',
      [['aws_s3_account_public_access_block', { account_id: account, block_public_acls: true }]],
      {
        publicAccessBlock: {
          blockPublicAcls: true,
          ignorePublicAcls: false,
          blockPublicPolicy: false,
          restrictPublicBuckets: false,
        },
      },
    ],
    [
      'guardrails, from the root on',
      [
        [
          'aws_organizations_policy',
          {
            id: 'p-1',
            name: 'a',
            content: identityPolicy,
            arn: 'arn:aws:organizations::999988887777:policy/o/p-1',
          },
        ],
        ['aws_organizations_policy_attachment', { policy_id: 'p-1', target_id: account }],
        ['aws_organizations_policy_attachment', { policy_id: 'p-FullAWSAccess', target_id: 'r-abcd' }],
        ['aws_organizations_policy_attachment', { policy_id: 'p-1', target_id: '999999999999' }],
      ],
      {
        serviceControlPolicies: [
          [{ name: 'FullAWSAccess' }],
          [{ name: 'arn:aws:organizations::999988887777:policy/o/p-1' }],
        ],
        managementAccount: '999988887777',
      },
    ],
  ])('%s', (_, resources, expected) => {
    expect(from(...resources)).toMatchObject(expected)
  })

  it('leaves out the block of another account', () => {
    const block = { account_id: '444455556666', block_public_acls: true }
    expect(from(['aws_s3_account_public_access_block', block])).not.toHaveProperty('publicAccessBlock')
  })

  it('a queue without a policy has none', () => {
    const [queue] = from([
      'aws_sqs_queue',
      { arn: 'arn:aws:sqs:eu-west-1:111122223333:q', policy: '' },
    ]).resources
    expect(queue).not.toHaveProperty('policy')
  })
})

describe('what a plan leaves open', () => {
  const resources: Resources = [
    ['aws_s3_bucket', { bucket: 'b' }],
    ['aws_s3_bucket_acl', { bucket: 'b' }],
    ['aws_s3_account_public_access_block', { account_id: account, block_public_acls: true }],
    ['aws_s3_bucket_policy', {}],
  ]
  const open = [
    {},
    { acl: true, access_control_policy: true },
    { restrict_public_buckets: true },
    { bucket: true },
  ]
  const { values, ...rest } = state(...resources)
  const plan = {
    ...rest,
    planned_values: values,
    resource_changes: resources.map(([type], n) => ({
      address: `${type}.r${n}`,
      change: { after_unknown: open[n] },
    })),
  }

  it('is named', () => {
    const found = imported(filesOf({ 'plan.json': plan }), { account })
    expect(found).not.toHaveProperty('publicAccessBlock')
    expect(found.unknowns.map(({ about, reason }) => `${about}: ${reason}`)).toEqual(
      expect.arrayContaining([
        'arn:aws:s3:::b: no file tells its ACL and those of its objects, nor that they are not in force',
        `account ${account}: a part of it is not told: it is known after the plan is applied`,
        'aws_s3_bucket_policy.r3: which bucket is not told: it is known after the plan is applied',
      ]),
    )
  })
})

describe('a state that spans accounts', () => {
  const spanning = filesOf({
    'state.json': state(
      ['aws_iam_user', { name: 'a', path: '/', arn: 'arn:aws:iam::111122223333:user/a' }],
      ['aws_iam_user', { name: 'b', path: '/', arn: 'arn:aws:iam::444455556666:user/b' }],
    ),
  })

  it('needs to be told which one', () => {
    expect(importAccount(spanning).diagnostics).toMatchObject([
      { code: 'IMPORT_ACCOUNT_MIXED', hint: expect.stringContaining('--account') },
    ])
  })

  it('is imported without what belongs to others', () => {
    const result = importAccount(spanning, { account: '444455556666' })
    expect(result.ok && result.value.users.map(({ name }) => name)).toEqual(['b'])
    expect(result.diagnostics).toMatchObject([
      {
        code: 'IMPORT_ACCOUNT_OTHER',
        severity: 'warning',
        message: expect.stringContaining('aws_iam_user.r0'),
      },
    ])
  })
})

test('what authorization details do not have is not taken over from a state', () => {
  const user = {
    UserName: 'a',
    Path: '/',
    Arn: `arn:aws:iam::${account}:user/a`,
    AttachedManagedPolicies: [],
  }
  const { unknowns, users } = imported(
    filesOf({
      'details.json': { UserDetailList: [user], GroupDetailList: [], RoleDetailList: [] },
      'state.json': state(
        ['aws_iam_user', { name: 'a', path: '/' }],
        ['aws_iam_user', { name: 'gone', path: '/' }],
        ['aws_iam_user_policy', { user: 'a', name: 'p', policy: identityPolicy }],
      ),
    }),
  )
  expect(users).toMatchObject([{ name: 'a', inline: [] }])
  expect(unknowns.map(({ about, reason }) => `${about}: ${reason}`)).toEqual(
    expect.arrayContaining([
      'user/gone: it is described in state.json, aws_iam_user.r1, and not among the authorization details',
      `arn:aws:iam::${account}:user/a: state.json, aws_iam_user_policy.r2 gives it inline policy p of user/a, and the authorization details do not`,
    ]),
  )
})
