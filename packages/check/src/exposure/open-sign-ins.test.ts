import { authorize, compileDocument, loadActionCatalogue } from '@ringfence/policy'
import { expect, test } from 'vitest'
import type { Account, AccountRole } from '../account/account.js'
import { exposureOf } from './exposure.js'
import { SHARED_PROVIDERS } from './shared-providers.js'

const catalogue = await loadActionCatalogue()
const id = '111122223333'
const github = 'token.actions.githubusercontent.com'
const providerOf = (host: string): string => `arn:aws:iam::${id}:oidc-provider/${host}`

function accountWith(trust: object | undefined, more: Partial<Account> = {}): Account {
  const arn = `arn:aws:iam::${id}:role/deploy`
  const role: AccountRole = {
    kind: 'role',
    name: 'deploy',
    path: '/',
    arn,
    attached: [],
    inline: [],
    trust: { name: arn, ...(trust === undefined ? {} : { document: trust }) },
  }
  return {
    formatVersion: 1,
    account: id,
    partition: 'aws',
    users: [],
    roles: [role],
    groups: [],
    managedPolicies: [],
    resources: [],
    identityProviders: [providerOf(github), providerOf('gitlab.com'), providerOf('login.example.org')],
    unknowns: [],
    ...more,
  }
}

function trusting(host: string, ...statements: object[]): object {
  const Principal = { Federated: host.includes('cognito') ? host : providerOf(host) }
  const common = { Effect: 'Allow', Principal, Action: 'sts:AssumeRoleWithWebIdentity' }
  return { Version: '2012-10-17', Statement: statements.map((one) => Object.assign({}, common, one)) }
}

const subject = (operator: string, ...values: string[]): object => ({
  Condition: { [operator]: { [`${github}:sub`]: values } },
})
const audience = { StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com' } }

function signIns(account: Account): string[] {
  return exposureOf(account, { catalogue }).signIns.map(
    ({ called, isKnown, key }) => `${isKnown ? '' : 'perhaps '}${called} ${key}`,
  )
}

const OPEN = [`GitHub Actions ${github}:sub`]

test.each<[string, object[], readonly string[]]>([
  ['no condition', [{}], OPEN],
  ['a condition on the audience alone', [{ Condition: audience }], OPEN],
  ['one repository', [subject('StringEquals', 'repo:acme/site:ref:refs/heads/main')], []],
  ['all repositories of an owner', [subject('StringLike', 'repo:acme/*')], []],
  ['all repositories', [subject('StringLike', 'repo:*')], OPEN],
  ['everybody’s main branch', [subject('StringLike', '*:ref:refs/heads/main')], OPEN],
  ['a repository’s name without its owner', [subject('StringLike', 'repo:*/site:*')], OPEN],
  ['owners whose names begin alike', [subject('StringLike', 'repo:acme*')], OPEN],
  ['everybody but one', [subject('StringNotLike', 'repo:rival/*')], OPEN],
  ['a subject if there is one', [subject('StringLikeIfExists', 'repo:acme/*')], []],
  ['all subjects, of which a token has one', [subject('ForAllValues:StringLike', 'repo:acme/*')], []],
  [
    'one that is limited, and one that is not',
    [subject('StringLike', 'repo:acme/*'), { Condition: audience }],
    OPEN,
  ],
  ['a Deny of all others', [{}, { Effect: 'Deny', ...subject('StringNotLike', 'repo:acme/*') }], []],
  [
    'another claim of the owner',
    [{ Condition: { StringEquals: { [`${github}:repository_owner`]: 'acme' } } }],
    [],
  ],
])('GitHub, with %s', (_, statements, expected) => {
  const account = accountWith(trusting(github, ...statements))
  expect(signIns(account)).toEqual(expected)
})

test('a request of a stranger is shown, which the trust policy takes', () => {
  const document = trusting(github, { Condition: audience })
  const [found] = exposureOf(accountWith(document), { catalogue }).signIns
  expect(found).toMatchObject({
    role: `arn:aws:iam::${id}:role/deploy`,
    provider: providerOf(github),
    example: expect.stringContaining('repo:ORGANIZATION/'),
    request: { context: { [`${github}:sub`]: expect.stringMatching(/^repo:somebody-else\//) } },
  })
  const resourcePolicy = compileDocument(document, { kind: 'trust', name: 'trust' })
  expect(authorize(found!.request!, { resourcePolicy }).decision).toBe('allow')
})

test.each<[string, object, readonly string[]]>([
  ['GitLab', trusting('gitlab.com', {}), ['GitLab gitlab.com:sub']],
  ['a provider of one organization alone', trusting('login.example.org', {}), []],
  ['one that is not there', trusting('app.terraform.io', {}), []],
  [
    'Cognito without its pool',
    trusting('cognito-identity.amazonaws.com', {}),
    ['Amazon Cognito cognito-identity.amazonaws.com:aud'],
  ],
])('%s', (_, document, expected) => {
  expect(signIns(accountWith(document))).toEqual(expected)
})

test('what hangs on the audiences of a provider, or on a trust policy that is not known, is not certain', () => {
  const vercel = trusting('oidc.vercel.com', {})
  const identityProviders = [providerOf('oidc.vercel.com')]
  expect(signIns(accountWith(vercel, { identityProviders }))).toEqual(['perhaps Vercel oidc.vercel.com:aud'])
  const unknown = exposureOf(accountWith(undefined), { catalogue }).signIns
  expect(unknown.map(({ isKnown }) => isKnown)).toEqual([false, false, false])
})

test('a resource control policy closes it for all roles', () => {
  const document = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Resource: '*',
      Condition: { StringNotLike: { [`${github}:sub`]: 'repo:acme/*' } },
    },
  }
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }
  const full = { Version: '2012-10-17', Statement: everything }
  const resourceControlPolicies = [
    [
      { name: 'full', document: full },
      { name: 'ours', document },
    ],
  ]
  expect(signIns(accountWith(trusting(github, {}), { resourceControlPolicies }))).toEqual([])
})

test('the example of each provider names one customer', () => {
  for (const { after, before, example } of SHARED_PROVIDERS) {
    expect(example.startsWith(before)).toBe(true)
    expect(example.slice(before.length)).toContain(after)
  }
})
