import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'

const account = '111122223333'
const management = '999999999999'
const Type = 'SERVICE_CONTROL_POLICY' as const
const fullAccess = 'p-FullAWSAccess'

let aws: LocalAws
let organizations: Organizations
beforeEach(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1' })
  organizations = clientOf(Organizations, await aws.addManagementAccount())
})
afterEach(() => aws.close())

function clientOf<Client>(Client: new (config: never) => Client, credentials: LocalCredentials): Client {
  const config = { endpoint: aws.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  return new Client(config as never)
}

function deny(action: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }],
  })
}

async function make(name: string, Content: string): Promise<string> {
  const { Policy } = await organizations.createPolicy({ Name: name, Description: '', Content, Type })
  return Policy?.PolicySummary?.Id ?? ''
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: Error & { Reason?: string }) => [error.name, error.Reason].filter(Boolean).join(' '),
  )
}

const listUsers = (credentials: LocalCredentials) => clientOf(IAM, credentials).listUsers({})

test('the organization has a root, the account and the management account, each with FullAWSAccess', async () => {
  const { Organization } = await organizations.describeOrganization({})
  expect(Organization).toMatchObject({
    FeatureSet: 'ALL',
    MasterAccountId: management,
    AvailablePolicyTypes: [{ Type, Status: 'ENABLED' }],
  })
  expect(Organization?.Id).toMatch(/^o-[a-z0-9]{10}$/)
  const { Roots } = await organizations.listRoots({})
  const { Accounts } = await organizations.listAccounts({})
  expect(Accounts?.map(({ Id, Status }) => [Id, Status])).toEqual([
    [account, 'ACTIVE'],
    [management, 'ACTIVE'],
  ])
  const { Account } = await organizations.describeAccount({ AccountId: account })
  expect(Account?.Arn).toBe(`arn:aws:organizations::${management}:account/${Organization?.Id}/${account}`)
  expect(Roots?.map(({ Id }) => /^r-[a-z0-9]{4}$/.test(Id ?? ''))).toEqual([true])
  for (const TargetId of [Roots?.[0]?.Id, account, management]) {
    const { Policies } = await organizations.listPoliciesForTarget({ TargetId, Filter: Type })
    expect(Policies?.map(({ Id, AwsManaged }) => [Id, AwsManaged])).toEqual([[fullAccess, true]])
  }
  const { Targets } = await organizations.listTargetsForPolicy({ PolicyId: fullAccess })
  expect(Targets?.map((target) => target.Type).toSorted()).toEqual(['ACCOUNT', 'ACCOUNT', 'ROOT'])
})

test('making it again changes nothing, and an account that has the fixed id gets another', async () => {
  const before = await organizations.describeOrganization({})
  const again = clientOf(Organizations, await aws.addManagementAccount())
  expect((await again.describeOrganization({})).Organization).toEqual(before.Organization)
  const other = await startLocalAws({ account: management, region: 'eu-west-1' })
  try {
    const sts = new STS({
      endpoint: other.endpoint,
      region: 'us-east-1',
      credentials: await other.addManagementAccount(),
    })
    expect((await sts.getCallerIdentity({})).Account).toBe('888888888888')
  } finally {
    await other.close()
  }
})

test('a policy is made, described, changed, tagged, found and removed', async () => {
  const id = await make('no-iam', deny('iam:*'))
  const arn = (await organizations.describePolicy({ PolicyId: id })).Policy?.PolicySummary?.Arn
  expect(arn).toMatch(
    new RegExp(`^arn:aws:organizations::${management}:policy/o-[a-z0-9]+/service_control_policy/${id}$`),
  )
  await organizations.updatePolicy({ PolicyId: id, Description: 'nobody', Content: deny('sts:*') })
  const { Policy } = await organizations.describePolicy({ PolicyId: id })
  expect(Policy?.Content).toBe(deny('sts:*'))
  expect(Policy?.PolicySummary).toMatchObject({ Name: 'no-iam', Description: 'nobody', AwsManaged: false })
  await organizations.tagResource({
    ResourceId: id,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ],
  })
  await organizations.untagResource({ ResourceId: id, TagKeys: ['a'] })
  expect((await organizations.listTagsForResource({ ResourceId: id })).Tags).toEqual([
    { Key: 'b', Value: '' },
  ])
  await organizations.deletePolicy({ PolicyId: id })
  expect(await codeOf(organizations.describePolicy({ PolicyId: id }))).toBe('PolicyNotFoundException')
  expect(await codeOf(organizations.listTagsForResource({ ResourceId: id }))).toBe('TargetNotFoundException')
})

test('lists come in pages', async () => {
  for (let index = 0; index < 25; index++) await make(`policy-${index}`, deny('iam:*'))
  const first = await organizations.listPolicies({ Filter: Type })
  expect(first.Policies?.length).toBe(20)
  const second = await organizations.listPolicies({ Filter: Type, NextToken: first.NextToken })
  expect(second.NextToken).toBeUndefined()
  const ids = [...(first.Policies ?? []), ...(second.Policies ?? [])].map(({ Id }) => Id)
  expect(new Set(ids).size).toBe(26)
  expect((await organizations.listPolicies({ Filter: 'TAG_POLICY' })).Policies).toEqual([])
  const bad = organizations.listPolicies({ Filter: Type, NextToken: 'x' })
  expect(await codeOf(bad)).toBe('InvalidInputException INVALID_NEXT_TOKEN')
})

describe('what is attached', () => {
  test('holds for every principal of the account and not for the management account', async () => {
    const PolicyId = await make('no-iam', deny('iam:ListUsers'))
    await listUsers(aws.root)
    for (const TargetId of [account, management]) await organizations.attachPolicy({ PolicyId, TargetId })
    await expect(listUsers(aws.root)).rejects.toThrow('with an explicit deny in a service control policy')
    await listUsers(await aws.addManagementAccount())
    await listUsers(await aws.addAccount('444455556666'))
    await organizations.updatePolicy({ PolicyId, Content: deny('iam:ListRoles') })
    await listUsers(aws.root)
    await organizations.updatePolicy({ PolicyId, Content: deny('iam:ListUsers') })
    await expect(listUsers(aws.root)).rejects.toThrow('service control policy')
    await organizations.detachPolicy({ PolicyId, TargetId: account })
    await listUsers(aws.root)
  })

  test('at the root holds below it', async () => {
    const root = (await organizations.listRoots({})).Roots?.[0]?.Id
    await organizations.attachPolicy({ PolicyId: await make('no-iam', deny('iam:*')), TargetId: root })
    await expect(listUsers(aws.root)).rejects.toThrow('service control policy')
    await listUsers(await aws.addManagementAccount())
  })

  test('has to allow: without FullAWSAccess nothing is left but what another policy allows', async () => {
    const content = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'iam:List*', Resource: '*' }],
    })
    await organizations.attachPolicy({ PolicyId: await make('lists', content), TargetId: account })
    await organizations.detachPolicy({ PolicyId: fullAccess, TargetId: account })
    await listUsers(aws.root)
    const iam = clientOf(IAM, aws.root)
    await expect(iam.getUser({ UserName: 'ada' })).rejects.toThrow(
      'because no service control policy allows the iam:GetUser action',
    )
  })

  test('is refused where AWS refuses it', async () => {
    const PolicyId = await make('one', deny('iam:*'))
    await organizations.attachPolicy({ PolicyId, TargetId: account })
    expect(await codeOf(organizations.attachPolicy({ PolicyId, TargetId: account }))).toBe(
      'DuplicatePolicyAttachmentException',
    )
    expect(await codeOf(organizations.deletePolicy({ PolicyId }))).toBe('PolicyInUseException')
    const absent = { PolicyId: 'p-12345678', TargetId: account }
    expect(await codeOf(organizations.attachPolicy(absent))).toBe('PolicyNotFoundException')
    expect(await codeOf(organizations.attachPolicy({ PolicyId, TargetId: '444455556666' }))).toBe(
      'TargetNotFoundException',
    )
    expect(await codeOf(organizations.detachPolicy({ PolicyId, TargetId: management }))).toBe(
      'PolicyNotAttachedException',
    )
    expect(await codeOf(organizations.detachPolicy({ PolicyId: fullAccess, TargetId: management }))).toBe(
      'ConstraintViolationException MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    )
    for (let index = 2; index < 10; index++) {
      const more = await make(`more-${index}`, deny('iam:*'))
      await organizations.attachPolicy({ PolicyId: more, TargetId: account })
    }
    const eleventh = { PolicyId: await make('eleventh', deny('iam:*')), TargetId: account }
    expect(await codeOf(organizations.attachPolicy(eleventh))).toBe(
      'ConstraintViolationException MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    )
  })
})

test('policies that AWS refuses are refused', async () => {
  await make('taken', deny('iam:*'))
  const create = (more: object) =>
    codeOf(
      organizations.createPolicy({ Name: 'new', Description: '', Content: deny('iam:*'), Type, ...more }),
    )
  expect(await create({ Name: 'taken' })).toBe('DuplicatePolicyException')
  expect(await create({ Content: '{' })).toBe('MalformedPolicyDocumentException')
  const principal = deny('iam:*').replace('"Action"', '"Principal":"*","Action"')
  expect(await create({ Content: principal })).toBe('MalformedPolicyDocumentException')
  const fits = deny('iam:*').padEnd(10_240)
  expect(await create({ Name: 'largest', Content: fits })).toBe('none')
  expect(await create({ Content: `${fits} ` })).toBe(
    'ConstraintViolationException POLICY_CONTENT_LIMIT_EXCEEDED',
  )
  expect(await create({ Type: 'TAG_POLICY' })).toBe('PolicyTypeNotAvailableForOrganizationException')
  expect(await create({ Type: 'OTHER' })).toBe('InvalidInputException')
  const twice = [1, 2].map((Value) => ({ Key: 'a', Value: String(Value) }))
  expect(await create({ Tags: twice })).toBe('InvalidInputException DUPLICATE_TAG_KEY')
  expect(await create({ Tags: [{ Key: 'aws:a', Value: '' }] })).toBe(
    'InvalidInputException INVALID_SYSTEM_TAGS_PARAMETER',
  )
  for (const work of [
    organizations.deletePolicy({ PolicyId: fullAccess }),
    organizations.updatePolicy({ PolicyId: fullAccess, Content: deny('*') }),
    organizations.tagResource({ ResourceId: fullAccess, Tags: [{ Key: 'a', Value: '' }] }),
  ])
    expect(await codeOf(work)).toBe('InvalidInputException IMMUTABLE_POLICY')
})

test('members may ask for the organization and nothing else; outsiders have none', async () => {
  const member = clientOf(Organizations, aws.root)
  expect((await member.describeOrganization({})).Organization?.MasterAccountId).toBe(management)
  const outsider = clientOf(Organizations, await aws.addAccount('444455556666'))
  for (const [client, code] of [
    [member, 'AccessDeniedException'],
    [outsider, 'AWSOrganizationsNotInUseException'],
  ] as const) {
    const target = { PolicyId: fullAccess, TargetId: account }
    for (const work of [
      client.listRoots({}),
      client.listAccounts({}),
      client.describeAccount({ AccountId: account }),
      client.createPolicy({ Name: 'a', Description: '', Content: deny('iam:*'), Type }),
      client.describePolicy({ PolicyId: fullAccess }),
      client.updatePolicy({ PolicyId: fullAccess }),
      client.deletePolicy({ PolicyId: fullAccess }),
      client.listPolicies({ Filter: Type }),
      client.attachPolicy(target),
      client.detachPolicy(target),
      client.listTargetsForPolicy({ PolicyId: fullAccess }),
      client.listPoliciesForTarget({ TargetId: account, Filter: Type }),
      client.tagResource({ ResourceId: account, Tags: [{ Key: 'a', Value: '' }] }),
      client.untagResource({ ResourceId: account, TagKeys: ['a'] }),
      client.listTagsForResource({ ResourceId: account }),
    ])
      expect(await codeOf(work)).toBe(code)
  }
  expect(await codeOf(outsider.describeOrganization({}))).toBe('AWSOrganizationsNotInUseException')
  // Neither of them is more than a name to it, so nothing else is known to be missing either.
  expect(await codeOf(organizations.listParents({ ChildId: account }))).toContain('NotImplemented')
})

test('a user of the management account needs the permission, on policy and target', async () => {
  const credentials = await aws.addManagementAccount()
  const iam = clientOf(IAM, credentials)
  await iam.createUser({ UserName: 'governor' })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'governor' })
  const governor = clientOf(Organizations, {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  })
  const PolicyId = await make('one', deny('iam:*'))
  const arn = (await organizations.describePolicy({ PolicyId })).Policy?.PolicySummary?.Arn
  const attach = () => codeOf(governor.attachPolicy({ PolicyId, TargetId: account }))
  const permit = (Resource: unknown, Condition?: object) =>
    iam.putUserPolicy({
      UserName: 'governor',
      PolicyName: 'own',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'organizations:*', Resource, ...(Condition && { Condition }) },
        ],
      }),
    })
  expect(await attach()).toBe('AccessDeniedException')
  await permit(arn)
  expect(await attach()).toBe('AccessDeniedException')
  expect(await codeOf(governor.describePolicy({ PolicyId }))).toBe('none')
  await permit([arn, 'arn:aws:organizations::*:account/o-*/111122223333'])
  expect(await attach()).toBe('none')
  await organizations.tagResource({ ResourceId: PolicyId, Tags: [{ Key: 'kept', Value: 'yes' }] })
  await permit('*', { StringNotEquals: { 'aws:ResourceTag/kept': 'yes' } })
  expect(await codeOf(governor.deletePolicy({ PolicyId }))).toBe('AccessDeniedException')
})

test('principals of the organization carry its id', async () => {
  const { Organization } = await organizations.describeOrganization({})
  const iam = clientOf(IAM, aws.root)
  await iam.createUser({ UserName: 'ada' })
  const ada = await aws.issueUserKey('ada')
  const Condition = { StringEquals: { 'aws:PrincipalOrgID': Organization?.Id } }
  const Statement = [{ Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*', Condition }]
  const permit = (text: string) =>
    iam.putUserPolicy({ UserName: 'ada', PolicyName: 'own', PolicyDocument: text })
  await permit(JSON.stringify({ Version: '2012-10-17', Statement }))
  await listUsers(ada)
  await permit(
    JSON.stringify({ Version: '2012-10-17', Statement }).replace(/"o-[a-z0-9]+"/, '"o-another123"'),
  )
  await expect(listUsers(ada)).rejects.toThrow('no identity-based policy')
})

test('unsigned requests are refused', async () => {
  const answer = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSOrganizationsV20161128.DescribeOrganization',
    },
    body: '{}',
  })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('"__type":"MissingAuthenticationTokenException"')
})
