import { loadActionCatalogue } from '@ringfence/policy'
import { expect, test } from 'vitest'
import { accountOfPlan } from '../account/account-of-plan.js'
import type { Account } from '../account/account.js'
import { exampleText, planOf } from '../account/plan.fixture.js'
import { exposureOf, type Exposed } from './exposure.js'

const catalogue = await loadActionCatalogue()
const allow = (more: object): object => ({ Effect: 'Allow', Resource: '*', ...more })
const policy = (...Statement: object[]): object => ({ Version: '2012-10-17', Statement })
const id = '111122223333'

/** An account with users and buckets; all of it is known. */
function accountWith(more: Partial<Account>): Account {
  return {
    formatVersion: 1,
    account: id,
    partition: 'aws',
    region: 'eu-west-1',
    users: [],
    roles: [],
    groups: [],
    managedPolicies: [],
    resources: [],
    identityProviders: [],
    unknowns: [],
    ...more,
  }
}

function user(name: string, document: object): Account['users'][number] {
  const inline = [{ name: `policy of ${name}`, document }]
  const arn = `arn:aws:iam::${id}:user/${name}`
  return { kind: 'user', name, path: '/', arn, attached: [], inline, groups: [], tags: {}, accessKeys: 0 }
}

function bucket(name: string, document?: object): Account['resources'][number] {
  const arn = `arn:aws:s3:::${name}`
  return document === undefined
    ? { kind: 'bucket', arn, name }
    : { kind: 'bucket', arn, name, policy: { name: arn, document } }
}

const exposed = (all: readonly Exposed[]): string[] =>
  all.map(({ isKnown, resource, who }) => `${isKnown ? '' : 'perhaps '}${resource} ${who}`)
const toOthers = { Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 's3:GetObject' }

test('what anybody can read is public, with the request', () => {
  const account = accountWith({
    resources: [
      bucket(
        'site',
        policy(allow({ Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::site/*' })),
      ),
      bucket('closed'),
    ],
  })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect(exposed(open)).toEqual([
    'arn:aws:s3:::site anybody, without credentials',
    'arn:aws:s3:::site everybody',
  ])
  expect(open[0]?.request).toMatchObject({ principal: 'anonymous', action: 's3:GetObject' })
  expect(crossAccount).toEqual([])
})

test('an access block closes what is public', () => {
  const document = policy(allow({ Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::site/*' }))
  const blocked = {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  }
  const account = accountWith({ resources: [bucket('site', document)], publicAccessBlock: blocked })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect([open, crossAccount]).toEqual([[], []])
})

test('what another account can reach is told, and roles that it can take on', () => {
  const trust = policy({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::444455556666:role/partner' },
    Action: 'sts:AssumeRole',
  })
  const arn = `arn:aws:iam::${id}:role/shared`
  const account = accountWith({
    resources: [bucket('data', policy(allow({ ...toOthers, Resource: 'arn:aws:s3:::data/*' })))],
    roles: [
      {
        kind: 'role',
        name: 'shared',
        path: '/',
        arn,
        attached: [],
        inline: [],
        trust: { name: arn, document: trust },
      },
    ],
  })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect(open).toEqual([])
  expect(exposed(crossAccount)).toEqual([
    'arn:aws:s3:::data a user of another account',
    'arn:aws:s3:::data a role of another account',
    'arn:aws:s3:::data the root user of another account',
    'arn:aws:s3:::data a federated user of another account',
    `${arn} a role of another account`,
  ])
  for (const { request } of crossAccount) expect(request?.principal).toContain('::444455556666:')
})

test('who reaches a bucket, and how somebody becomes an administrator', () => {
  const account = accountWith({
    users: [
      user('reader', policy(allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' }))),
      user('climber', policy(allow({ Action: 'iam:PutUserPolicy' }))),
      user('nobody', policy(allow({ Action: 'sqs:SendMessage' }))),
    ],
    resources: [bucket('data')],
  })
  const { buckets, escalations } = exposureOf(account, { catalogue })
  expect(buckets).toEqual([
    { bucket: 'arn:aws:s3:::data', can: 'read', who: [`arn:aws:iam::${id}:user/reader`], perhaps: [] },
  ])
  expect(escalations.paths.map(({ certainty, from }) => [from, certainty])).toEqual([
    [`arn:aws:iam::${id}:user/climber`, 'certain'],
  ])
})

test('what is not known is neither open nor closed', () => {
  const arn = 'arn:aws:s3:::data'
  const account = accountWith({ resources: [{ kind: 'bucket', arn, name: 'data', policy: { name: arn } }] })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect(exposed(open)).toEqual([`perhaps ${arn} anybody, without credentials`])
  expect(crossAccount.every(({ isKnown }) => !isKnown)).toBe(true)
  expect(crossAccount.length).toBeGreaterThan(0)
})

test('what ringfence makes lays nothing open', () => {
  const { plan } = planOf(exampleText('seed-1-user-data-segregation'))
  const { crossAccount, escalations, public: open } = exposureOf(accountOfPlan(plan), { catalogue })
  expect([open, crossAccount.filter(({ isKnown }) => isKnown), escalations.paths]).toEqual([[], [], []])
})

test('whoever has another unique ID is not let in, nor does anybody have that of a deleted user', () => {
  const account = accountWith({
    users: ['ada', 'eve'].map((name) =>
      Object.assign(user(name, policy(allow({ Action: 's3:GetObject' }))), {
        uniqueId: `AIDA${name.toUpperCase()}`,
      }),
    ),
    resources: [
      bucket(
        'data',
        policy({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'],
          Condition: { StringNotLike: { 'aws:userid': ['AIDAADA', 'AROABATCH:*'] } },
        }),
      ),
      bucket(
        'old',
        policy(
          allow({
            Principal: { AWS: 'AIDAGONEGONEGONEGONE' },
            Action: 's3:*',
            Resource: 'arn:aws:s3:::old/*',
          }),
        ),
      ),
    ],
  })
  const { buckets, crossAccount } = exposureOf(account, { catalogue })
  expect(buckets.filter((one) => one.bucket.endsWith('data'))).toEqual([
    { bucket: 'arn:aws:s3:::data', can: 'read', who: [`arn:aws:iam::${id}:user/ada`], perhaps: [] },
  ])
  expect(crossAccount).toEqual([])
})

test('what an organization or the callers of an account can reach is not public, and of keys AWS says no such thing', () => {
  const account = accountWith({
    resources: [
      bucket(
        'shared',
        policy(
          allow({
            Principal: '*',
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::shared/*',
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-acme' } },
          }),
        ),
      ),
      {
        kind: 'key',
        arn: `arn:aws:kms:eu-west-1:${id}:key/k`,
        name: 'k',
        policy: {
          name: 'policy of k',
          document: policy(
            allow({
              Principal: { AWS: '*' },
              Action: 'kms:Decrypt',
              Condition: {
                StringEquals: { 'kms:CallerAccount': id, 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
              },
            }),
          ),
        },
      },
    ],
  })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect(exposed(open)).toEqual([])
  expect(new Set(crossAccount.map(({ resource }) => resource))).toEqual(new Set(['arn:aws:s3:::shared']))
})

test('what an ACL may open is not closed for certain', () => {
  const arn = 'arn:aws:s3:::data'
  const unknown = { about: arn, reason: 'no file tells its ACL', missing: 'acl' } as const
  const account = accountWith({ resources: [bucket('data'), bucket('other')], unknowns: [unknown] })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect(exposed(open)).toEqual([`perhaps ${arn} anybody, without credentials`])
  expect(open[0]?.reason).toBe(`${arn}: no file tells its ACL`)
  expect(new Set(crossAccount.map(({ isKnown, resource }) => `${isKnown} ${resource}`))).toEqual(
    new Set([`false ${arn}`]),
  )
})

/** A policy as AWS and its guides make it, on a topic or queue of the account. */
function sharing(arn: string, statement: object): Account['resources'][number] {
  return { kind: 'other', arn, name: arn, policy: { name: arn, document: policy(allow(statement)) } }
}

/** What is public, and to whom of others something is open, where one thing has one statement. */
function opened(arn: string, statement: object): object {
  const exposure = exposureOf(accountWith({ resources: [sharing(arn, statement)] }), { catalogue })
  return [exposed(exposure.public), exposure.crossAccount.map(({ who }) => who)]
}

test('policies for AWS services that act for the account open nothing, and those for others to services alone', () => {
  const topic = `arn:aws:sns:eu-west-1:${id}:own`
  const queue = `arn:aws:sqs:eu-west-1:${id}:jobs`
  const toQueue = (source: object): object => ({
    Principal: '*',
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: source,
  })
  const ofTopic = (owner: string): object => ({
    Principal: { AWS: '*' },
    Action: ['sns:Publish', 'sns:Subscribe'],
    Resource: topic,
    Condition: { StringEquals: { 'AWS:SourceOwner': owner } },
  })
  const byServices = ['an AWS service that acts for another account']
  expect(opened(topic, ofTopic(id))).toEqual([[], []])
  expect(opened(topic, ofTopic('444455556666'))).toEqual([
    [],
    ['user', 'role', 'root user', 'federated user'].map(
      (who) => `${who === 'root user' ? 'the' : 'a'} ${who} of another account`,
    ),
  ])
  expect(opened(queue, toQueue({ ArnEquals: { 'aws:SourceArn': topic } }))).toEqual([[], []])
  const fromBucket = { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:mine' } }
  expect(opened(queue, toQueue(fromBucket))).toEqual([[], []])
  const fromAnyBucket = { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:*' } }
  expect(opened(queue, toQueue(fromAnyBucket))).toEqual([[], byServices])
  const forUs = { ...fromAnyBucket, StringEquals: { 'aws:SourceAccount': id } }
  expect(opened(queue, toQueue(forUs))).toEqual([[], []])
  const fromOthers = { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:444455556666:theirs' } }
  expect(opened(queue, toQueue(fromOthers))).toEqual([[], byServices])
})

test('a role for those whom the account’s own provider signs in is open to no other account', () => {
  const arn = `arn:aws:iam::${id}:role/signed-in`
  const trust = policy({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${id}:saml-provider/sso` },
    Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
    Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
  })
  const account = accountWith({
    roles: [
      {
        kind: 'role',
        name: 'signed-in',
        path: '/',
        arn,
        attached: [],
        inline: [],
        trust: { name: arn, document: trust },
      },
    ],
  })
  expect(exposureOf(account, { catalogue }).crossAccount).toEqual([])
})

test.each([
  ['an address', { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } }],
  ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }],
])('what anybody can read from %s alone is not public', (_, Condition) => {
  const anybody = { Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::site/*', Condition }
  const account = accountWith({ resources: [bucket('site', policy(allow(anybody)))] })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect(open).toEqual([])
  expect(exposed(crossAccount)).toContain('arn:aws:s3:::site anybody, without credentials')
})

test('an ACL that is not known may make public what the policy does not', () => {
  const unknown = { about: 'arn:aws:s3:::data', reason: 'no file tells its ACL', missing: 'acl' } as const
  const document = policy(allow({ ...toOthers, Resource: 'arn:aws:s3:::data/*' }))
  const account = accountWith({ resources: [bucket('data', document)], unknowns: [unknown] })
  const { crossAccount, public: open } = exposureOf(account, { catalogue })
  expect(exposed(open)).toEqual(['perhaps arn:aws:s3:::data anybody, without credentials'])
  expect(crossAccount.map(({ who }) => who)).not.toContain('anybody, without credentials')
})

/** A statement about what comes through an access point of the account, or does not. */
const through = (operator: string): object => ({
  Principal: { AWS: '*' },
  Action: 's3:*',
  Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'],
  Condition: { [operator]: { 's3:DataAccessPointAccount': id } },
})

test('what is left to access points is open to others perhaps, for these have policies of their own', () => {
  const left = policy(allow(through('StringEquals')))
  const open = exposureOf(accountWith({ resources: [bucket('data', left)] }), { catalogue })
  expect(open.public).toEqual([])
  expect(exposed(open.crossAccount)).toContain('perhaps arn:aws:s3:::data anybody, without credentials')
  const only = { Effect: 'Deny', ...through('StringNotEquals') }
  const reader = user('reader', policy(allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' })))
  const closed = accountWith({ users: [reader], resources: [bucket('data', policy(only))] })
  expect(exposureOf(closed, { catalogue }).buckets).toMatchObject([{ who: [], perhaps: [reader.arn] }])
  const direct = { ...closed, resources: [bucket('data', left)] }
  expect(exposureOf(direct, { catalogue }).buckets).toContainEqual(
    expect.objectContaining({ can: 'read', who: [reader.arn], perhaps: [] }),
  )
})
