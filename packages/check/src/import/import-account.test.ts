import { describe, expect, it, test } from 'vitest'
import { importAccount, type ImportOptions } from './import-account.js'
import { filesOf, folder, goldenAccount, imported } from './input.fixture.js'

const existing = folder('existing-account')
const without = (path: string) => existing.filter((file) => file.path !== path)
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const reads = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-data/*' }
const account = '111122223333'

test('an account of authorization details in two pages, and folders of policies', () => {
  const found = imported(existing)
  expect(found).toEqual(goldenAccount('existing-account', found))
})

const sorted = (values: readonly object[]) => values.map((value) => JSON.stringify(value)).toSorted()

test('the order of files does not matter', () => {
  const [one, other] = [imported(existing), imported(existing.toReversed())]
  for (const key of ['users', 'roles', 'groups', 'managedPolicies', 'resources', 'unknowns'] as const) {
    expect(sorted(other[key])).toEqual(sorted(one[key]))
  }
})

/** What is said of something that is not known. */
const unknownsOf = (files: Readonly<Record<string, unknown>>, about: string, options: ImportOptions = {}) =>
  imported(filesOf(files), { account, ...options })
    .unknowns.filter((unknown) => unknown.about === about)
    .map(({ missing, reason }) => `${missing}: ${reason}`)

test('of the policies of AWS AdministratorAccess is known without a file that has it', () => {
  const role = {
    RoleName: 'admin',
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    ManagedPolicyArns: ['AdministratorAccess', 'ReadOnlyAccess'].map(
      (name) => `arn:aws:iam::aws:policy/${name}`,
    ),
  }
  const files = { 'a.json': { Resources: { R: { Type: 'AWS::IAM::Role', Properties: role } } } }
  const { managedPolicies } = imported(filesOf(files), { account })
  expect(managedPolicies.map(({ arn, versions }) => [arn, versions[0]?.document])).toEqual([
    ['arn:aws:iam::aws:policy/AdministratorAccess', policy({ Effect: 'Allow', Action: '*', Resource: '*' })],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', undefined],
  ])
  const unknown = (name: string) => unknownsOf(files, `arn:aws:iam::aws:policy/${name}`)
  expect(unknown('AdministratorAccess')).toEqual([])
  expect(unknown('ReadOnlyAccess')).toEqual([
    'document: it is a policy of AWS, which only the authorization details hold',
  ])
})

describe('what an input does not tell', () => {
  it('is each page but the last', () => {
    const { roles, unknowns } = imported(without('iam/details-2.json'))
    expect(roles).toEqual([])
    expect(unknowns.map(({ about, missing, reason }) => [about, missing, reason])).toContainEqual([
      `account ${account}`,
      'principals',
      'the authorization details are cut off (IsTruncated), and no page of them is the last',
    ])
  })

  it('is who else there is, where the details were filtered', () => {
    const details = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] }
    expect(unknownsOf({ 'details.json': details }, `account ${account}`)).toContainEqual(
      'principals: no file lists all its users, roles, groups: there may be others, and other policies on those that are known',
    )
    const Policies = [
      {
        PolicyName: 'P',
        Arn: 'arn:aws:iam::aws:policy/P',
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: policy(reads) }],
      },
    ]
    const AttachedManagedPolicies = [{ PolicyName: 'P', PolicyArn: 'arn:aws:iam::aws:policy/P' }]
    const RoleDetailList = [
      {
        RoleName: 'r',
        Path: '/',
        Arn: `arn:aws:iam::${account}:role/r`,
        AssumeRolePolicyDocument: policy({
          Effect: 'Allow',
          Principal: { Service: 'ec2.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        AttachedManagedPolicies,
      },
    ]
    const whole = unknownsOf(
      { 'details.json': { ...details, RoleDetailList, Policies } },
      `account ${account}`,
    )
    expect(whole).not.toContainEqual(expect.stringContaining('principals: '))
  })

  it('is a policy that says two things', () => {
    const files = { 'buckets/a.json': policy({ ...reads, Principal: '*' }), 'buckets/a/policy.json': '{}' }
    expect(unknownsOf(files, 'arn:aws:s3:::a')).toContainEqual(
      'document: its policy: buckets/a.json says something else than buckets/a/policy.json',
    )
    expect(imported(filesOf(files), { account }).resources[0]?.policy).toEqual({ name: 'arn:aws:s3:::a' })
  })

  it('is all but the trust of a role that only its trust policy names', () => {
    const trust = policy({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' })
    const files = filesOf({ 'roles/team/reader.trust.json': trust })
    const { roles, unknowns } = imported(files, { account })
    expect(roles).toEqual([
      {
        kind: 'role',
        name: 'reader',
        path: '/team/',
        arn: `arn:aws:iam::${account}:role/team/reader`,
        attached: [],
        inline: [{ name: 'other policies of role/reader' }],
        trust: { name: `arn:aws:iam::${account}:role/team/reader`, document: trust },
      },
    ])
    expect(unknowns.map(({ reason }) => reason)).toContain(
      'no file tells which policies and permissions boundary it has',
    )
  })

  it('are grants of an ACL to others than everyone', () => {
    const Grants = [{ Grantee: { Type: 'CanonicalUser', ID: 'b'.repeat(64) }, Permission: 'READ' }]
    const files = { 'buckets/a/acl.json': { Owner: { ID: 'a'.repeat(64) }, Grants } }
    expect(unknownsOf(files, 'arn:aws:s3:::a')).toContain(
      `acl: its ACL grants READ to ${'b'.repeat(64)}, which is no policy`,
    )
  })
})

describe('lists that are whole', () => {
  it('leave nothing open of what they list', () => {
    const files = {
      'saml.json': { SAMLProviderList: [{ Arn: `arn:aws:iam::${account}:saml-provider/corp` }] },
      'oidc.json': { OpenIDConnectProviderList: [] },
      'buckets.json': { Buckets: [{ Name: 'a' }], Owner: { ID: 'a'.repeat(64) } },
      'keys.json': { Keys: [{ KeyId: 'k', KeyArn: `arn:aws:kms:eu-west-1:${account}:key/k` }] },
      'aliases.json': {
        Aliases: [{ AliasArn: `arn:aws:kms:eu-west-1:${account}:alias/x`, AliasName: 'alias/x' }],
      },
    }
    const found = imported(filesOf(files))
    expect(found.identityProviders).toEqual([`arn:aws:iam::${account}:saml-provider/corp`])
    expect(found.resources.map((one) => [one.arn, one.policy?.document])).toEqual([
      ['arn:aws:s3:::a', undefined],
      [`arn:aws:kms:eu-west-1:${account}:key/k`, undefined],
    ])
    const open = found.unknowns.map(({ missing }) => missing)
    expect(open).toContain('keyGrants')
    for (const missing of ['identityProviders', 'aliases'] as const) expect(open).not.toContain(missing)
    expect(found.unknowns.find(({ missing }) => missing === 'resources')?.reason).toBe(
      'no file lists all its other resources: there may be access points, queues and the like, and keys in other regions than eu-west-1',
    )
  })

  it('of aliases hold for their region', () => {
    const files = {
      'keys.json': { Keys: [{ KeyId: 'k', KeyArn: `arn:aws:kms:eu-west-1:${account}:key/k` }] },
      'aliases.json': {
        Aliases: [{ AliasArn: `arn:aws:kms:us-east-1:${account}:alias/x`, AliasName: 'alias/x' }],
      },
    }
    expect(unknownsOf(files, `account ${account}`)).toContainEqual(expect.stringContaining('aliases: '))
  })

  it('may be empty', () => {
    const files = filesOf({ 'keys.json': { Keys: [] }, 'aliases.json': { Aliases: [], Truncated: false } })
    expect(imported(files, { account }).resources).toEqual([])
  })

  it('are not, where they are cut off', () => {
    const files = {
      'buckets.json': { Buckets: [], NextToken: 'more' },
      'keys.json': { Keys: [{ KeyArn: 'k' }] },
    }
    expect(unknownsOf(files, `account ${account}`)).toContainEqual(expect.stringContaining('resources: '))
  })
})

describe('an empty object says that there is none', () => {
  it('in the place of its policy too', () => {
    const [bucket] = imported(filesOf({ 'buckets/a.json': '{}' }), { account }).resources
    expect(bucket).not.toHaveProperty('policy')
  })

  it.each(['policy', 'public-access-block'])('%s of a bucket', (part) => {
    const { resources } = imported(filesOf({ [`buckets/a.${part}.json`]: '{}' }), { account })
    const [bucket] = resources
    expect(bucket?.publicAccessBlock).toBeUndefined()
    expect(bucket?.policy).toEqual(part === 'policy' ? undefined : { name: 'arn:aws:s3:::a' })
  })
})

describe('whose a bare policy is', () => {
  it('is told by itself, where all that it names is one bucket', () => {
    const document = policy({ ...reads, Principal: '*' })
    const { resources } = imported(filesOf({ 'answer.json': { Policy: JSON.stringify(document) } }), {
      account,
    })
    expect(resources).toMatchObject([{ kind: 'bucket', name: 'acme-data', policy: { document } }])
  })

  it.each([
    ['it may be an identity policy', policy(reads)],
    [
      'it names two buckets',
      policy({ ...reads, Principal: '*', Resource: [reads.Resource, 'arn:aws:s3:::b'] }),
    ],
    ['it names many buckets', policy({ ...reads, Principal: '*', Resource: 'arn:aws:s3:::acme-*' })],
    ['it is of a key', policy({ ...reads, Principal: '*', Resource: '*' })],
  ])('is not, where %s', (_, document) => {
    const result = importAccount(filesOf({ 'p.json': document }), { account })
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['IMPORT_PLACE_UNCLEAR'])
    expect(result.ok).toBe(false)
  })
})

const block = { PublicAccessBlockConfiguration: { BlockPublicAcls: true } }
const queue = (id: string) => ({ Attributes: { QueueArn: `arn:aws:sqs:eu-west-1:${id}:jobs` } })

describe('files that are refused', () => {
  it.each<[string, Record<string, unknown>, ImportOptions, string, string]>([
    ['no file at all', {}, {}, 'IMPORT_NOTHING', 'there is no file'],
    ['an empty file', { 'buckets/a.json': '' }, {}, 'IMPORT_FILE_SYNTAX', 'buckets/a.json is empty'],
    ['broken JSON', { 'a.json': '{\n  "a": }' }, {}, 'IMPORT_FILE_SYNTAX', 'a.json is no JSON'],
    ['broken YAML', { 'a.yaml': 'a: [1' }, {}, 'IMPORT_FILE_SYNTAX', 'a.yaml is no YAML'],
    [
      'a key twice',
      { 'a.json': '{"a": 1, "a": 2}' },
      {},
      'IMPORT_KEY_DUPLICATE',
      'the key "a" appears twice',
    ],
    ['a key twice in YAML', { 'a.yaml': 'a: 1\na: 2' }, {}, 'IMPORT_KEY_DUPLICATE', 'appears twice'],
    ['an alias', { 'a.yaml': 'a: &x 1\nb: *x' }, {}, 'IMPORT_FILE_SYNTAX', 'aliases'],
    ['an unknown tag', { 'a.yaml': 'a: !Reff x' }, {}, 'IMPORT_FILE_SYNTAX', 'the tag !Reff is not known'],
    [
      'deep values',
      { 'a.json': '['.repeat(200) + ']'.repeat(200) },
      {},
      'IMPORT_FILE_TOO_DEEP',
      'deeper than 100',
    ],
    ['very deep YAML', { 'a.yaml': '['.repeat(5000) }, {}, 'IMPORT_FILE_TOO_DEEP', 'too deep'],
    [
      'something else',
      { 'package.json': { name: 'a' } },
      {},
      'IMPORT_FILE_UNKNOWN',
      'package.json is in none',
    ],
    [
      'a block of whatever',
      { 'block.json': block },
      { account },
      'IMPORT_PLACE_UNCLEAR',
      'a bucket or the account',
    ],
    [
      'no account',
      { 'buckets/a.policy.json': {} },
      {},
      'IMPORT_ACCOUNT_MISSING',
      'no file tells which account',
    ],
    [
      'half an account',
      { 'buckets/a.policy.json': {} },
      { account: '1' },
      'IMPORT_ACCOUNT_INVALID',
      '"1" is no account',
    ],
    [
      'two accounts',
      { 'a.json': queue(account), 'b.json': queue('999988887777') },
      {},
      'IMPORT_ACCOUNT_MIXED',
      `a.json is about account ${account}, b.json about 999988887777`,
    ],
    [
      'another account',
      { 'b.json': queue('999988887777') },
      { account },
      'IMPORT_ACCOUNT_MIXED',
      `b.json is about account 999988887777, not ${account}`,
    ],
    [
      'a user without a name',
      { 'details.json': { UserDetailList: [{ Path: '/' }] } },
      { account },
      'IMPORT_SHAPE_WRONG',
      'details.json has a user without UserName, in UserDetailList[0]',
    ],
  ])('%s', (_, files, options, code, message) => {
    const result = importAccount(filesOf(files), options)
    expect(result.ok).toBe(false)
    expect(result.diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.message])).toEqual([
      [code, expect.stringContaining(message)],
    ])
  })

  it('have the place where they stop being JSON', () => {
    const [diagnostic] = importAccount(filesOf({ 'a.json': '{\n  "a": }' })).diagnostics
    expect(diagnostic?.span).toMatchObject({ file: 'a.json', line: 2, column: 8 })
  })
})
