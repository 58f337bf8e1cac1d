import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../syntax/parse-policy.js'
import type { Who } from '../question.js'
import { proveAllowed, proveNothingAllowed, proveWithin } from './prove-access.js'

const account = '111122223333'

/** All of S3, but not for who has no unique ID. */
const identified = (() => {
  const result = readPolicy(
    {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: '*' },
        { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Null: { 'aws:userid': 'true' } } },
      ],
    },
    { kind: 'identity', name: 'identified' },
  )
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
})()

const people: readonly Who[] = [
  { kind: 'user' },
  { kind: 'session' },
  { kind: 'user', account },
  { kind: 'user', only: [`arn:aws:iam::${account}:user/ada`] },
  { kind: 'session', only: [`arn:aws:iam::${account}:role/reader`] },
  { kind: 'session', only: ['reader', 'writer'].map((name) => `arn:aws:iam::${account}:role/${name}`) },
  { kind: 'session', except: [`arn:aws:iam::${account}:role/reader`] },
  { kind: 'federatedUser' },
]

describe('requests of whom a condition asks the unique ID that they all have', () => {
  it.each(people)('carry it, where they refute: $kind $only $except', (who) => {
    const question = { who, layers: {}, resourceAccount: account, within: identified }
    expect(proveAllowed(question)).toMatchObject({ proof: 'refuted' })
  })

  it.each(people.filter(({ kind }) => kind !== 'federatedUser'))(
    'carry it where layers ask for it: $kind $only $except',
    (who) => {
      const question = { who, layers: { identityPolicies: [identified] }, resourceAccount: account }
      const proof = proveNothingAllowed(question)
      expect(proof).toMatchObject({
        proof: 'refuted',
        request: { context: { 'aws:userid': expect.any(String) } },
      })
    },
  )
})

/** A bucket policy of one statement. */
function statementPolicy(statement: object) {
  const Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...statement }
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'resource', name: 'bucket' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}

describe('unique IDs', () => {
  const byCondition = statementPolicy({
    Principal: '*',
    Condition: { StringLike: { 'aws:userid': ['AROAREADER222222222:*', 'AIDAADA222222222222'] } },
  })
  const gone = statementPolicy({ Principal: { AWS: ['AIDAADA222222222222', 'AROAREADER222222222'] } })
  const goneTwice = statementPolicy({
    Principal: { AWS: ['AIDAADA222222222222', 'AROAREADER222222222'] },
    Condition: { StringLike: { 'aws:userid': ['AROAREADER222222222:*', 'AIDAADA222222222222'] } },
  })
  const ada = { kind: 'user', only: [`arn:aws:iam::${account}:user/ada`] } as const
  const reader = { kind: 'session', only: [`arn:aws:iam::${account}:role/reader`] } as const
  const exceptIds = ['AROAREADER222222222', 'AIDAADA222222222222']

  it.each<[string, Who, string]>([
    ['a user who has it', { ...ada, uniqueId: 'AIDAADA222222222222' }, 'refuted refuted refuted'],
    ['a role that has it', { ...reader, uniqueId: 'AROAREADER222222222' }, 'refuted refuted refuted'],
    ['a user with another one', { ...ada, uniqueId: 'AIDAEVE222222222222' }, 'proved proved proved'],
    ['a role with another one', { ...reader, uniqueId: 'AROAEVE222222222222' }, 'proved proved proved'],
    ['a user of whom it is not told', ada, 'refuted proved proved'],
    ['a role of which it is not told', reader, 'refuted proved proved'],
    [
      'a role with something else for one',
      { ...reader, uniqueId: 'AIDAADA222222222222' },
      'refuted proved proved',
    ],
    ['some user', { kind: 'user', account }, 'refuted proved proved'],
    ['users without those that have them', { kind: 'user', account, exceptIds }, 'proved proved proved'],
    ['roles of others', { kind: 'session', outside: account, exceptIds }, 'proved proved proved'],
  ])('%s', (_, who, expected) => {
    const identityPolicies = [identified]
    const proofs = [byCondition, gone, goneTwice].map((resourcePolicy) => {
      const layers = who.outside === undefined ? { resourcePolicy } : { resourcePolicy, identityPolicies }
      return proveNothingAllowed({ who, layers, resourceAccount: account }).proof
    })
    expect(proofs.join(' ')).toBe(expected)
  })
})

const allowing = (Condition: object, Action: string | string[] = 'kms:Decrypt') =>
  statementPolicy({ Action, Principal: '*', Condition })

const within = (Action: string) => identity({ Action })

const identity = (statement: object) => {
  const Statement = { Effect: 'Allow', Resource: '*', ...statement }
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'asked' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}

const caller = (id: string) => ({ StringEquals: { 'kms:CallerAccount': id } })

const otherThan = (id: string) => ({ StringNotEquals: { 'kms:CallerAccount': id } })

describe('kms:CallerAccount of an Allow of all actions', () => {
  const toAll = (condition: object) =>
    proveWithin(
      {
        who: { kind: 'user', only: [`arn:aws:iam::${account}:user/ada`] },
        layers: {
          identityPolicies: [identity({ Action: '*', Condition: condition })],
        },
        resourceAccount: account,
      },
      identity({ NotAction: 'kms:*' }),
    )

  it.each<[string, object, string]>([
    ['its own account, which only KMS tells', caller(account), 'refuted'],
    ['no account of others', caller('444455556666'), 'proved'],
    ['any account but its own, which nobody else tells', otherThan(account), 'proved'],
    ['any account but that of others', otherThan('444455556666'), 'refuted'],
    ['no account at all', { Null: { 'kms:CallerAccount': 'true' } }, 'proved'],
    ['some account', { Null: { 'kms:CallerAccount': 'false' } }, 'refuted'],
  ])('%s', (_, condition, expected) => {
    const proof = toAll(condition)
    expect(proof.proof).toBe(expected)
    if (proof.proof === 'refuted')
      expect(proof.request).toMatchObject({
        action: expect.stringMatching(/^kms:/),
        context: { 'kms:CallerAccount': account },
      })
  })
})

const owner = (id: string) => ({ StringEquals: { 'AWS:SourceOwner': id } })

describe('keys that follow from the kind of who asks', () => {
  const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }
  const tagged = { StringEquals: { 'aws:PrincipalTag/team': '${aws:PrincipalTag/group}' } }
  const untagged = { Null: { 'aws:PrincipalTag/team': 'true' } }
  const source = { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:t' } }
  const noSource = { StringNotEquals: { 'aws:SourceAccount': account } }

  it.each<[string, Who, object, string]>([
    ['an anonymous request of an organization', { kind: 'anonymous' }, organization, 'proved'],
    [
      'an anonymous request with MFA',
      { kind: 'anonymous' },
      { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      'proved',
    ],
    ['an anonymous request with a tag', { kind: 'anonymous' }, tagged, 'proved'],
    ['an anonymous request without a tag', { kind: 'anonymous' }, untagged, 'refuted'],
    [
      'an anonymous request over TLS',
      { kind: 'anonymous' },
      { Bool: { 'aws:SecureTransport': 'true' } },
      'refuted',
    ],
    [
      'an anonymous request through a service',
      { kind: 'anonymous' },
      { Bool: { 'aws:ViaAWSService': 'true' } },
      'proved',
    ],
    [
      'an anonymous request through none',
      { kind: 'anonymous' },
      { Bool: { 'aws:ViaAWSService': 'false' } },
      'refuted',
    ],
    ['a service of an organization', { kind: 'service' }, organization, 'proved'],
    ['a user of an organization', { kind: 'user', account }, organization, 'refuted'],
    ['a user of the account by kms:CallerAccount', { kind: 'user', account }, caller(account), 'refuted'],
    ['another account by that of the key', { kind: 'user', outside: account }, caller(account), 'proved'],
    ['another account by its own', { kind: 'session', outside: account }, caller('444455556666'), 'refuted'],
    [
      'another account by not being the key’s',
      { kind: 'root', outside: account },
      otherThan(account),
      'refuted',
    ],
    ['a user of the account by not being the key’s', { kind: 'user', account }, otherThan(account), 'proved'],
    ['nobody by an account', { kind: 'anonymous' }, caller(account), 'proved'],
    ['a canonical user by an account', { kind: 'canonicalUser' }, caller(account), 'proved'],
    ['an anonymous request for a topic', { kind: 'anonymous' }, source, 'proved'],
    ['a user for a topic', { kind: 'user', account }, source, 'proved'],
    ['a role of another account for a topic', { kind: 'session', outside: account }, source, 'proved'],
    ['a user for no topic', { kind: 'user', account }, noSource, 'refuted'],
    ['a service for a topic', { kind: 'service' }, source, 'refuted'],
    ['nobody by the owner of the source', { kind: 'anonymous' }, owner(account), 'proved'],
    ['a user by the owner of the source', { kind: 'user', account }, owner(account), 'refuted'],
    ['another account by this one', { kind: 'user', outside: account }, owner(account), 'proved'],
    ['another account as the owner', { kind: 'root', outside: account }, owner('444455556666'), 'refuted'],
  ])('%s', (_, who, condition, expected) => {
    const layers = { resourcePolicy: allowing(condition), identityPolicies: [within('*')] }
    const proof = proveNothingAllowed({ who, layers, resourceAccount: account, within: within('kms:*') })
    expect(proof.proof).toBe(expected)
  })

  it('has kms:CallerAccount in requests to KMS that refute, and in no others', () => {
    const who = { kind: 'user', account } as const
    const ask = (Action: string | string[], asked: string) =>
      proveNothingAllowed({
        who,
        layers: { resourcePolicy: allowing(caller(account), Action) },
        resourceAccount: account,
        within: within(asked),
      })
    expect(ask('kms:Decrypt', 'kms:*')).toMatchObject({
      request: { context: { 'kms:CallerAccount': account } },
    })
    expect(ask(['kms:Decrypt', 's3:GetObject'], 'kms:*')).toMatchObject({ proof: 'refuted' })
    expect(ask(['kms:Decrypt', 's3:GetObject'], 's3:*')).toMatchObject({ proof: 'proved' })
    expect(ask(['kms:Decrypt', 's3:GetObject'], '*')).toMatchObject({
      request: { action: 'kms:decrypt', context: { 'kms:CallerAccount': account } },
    })
    expect(ask('*', '*')).toMatchObject({ request: { context: { 'kms:CallerAccount': account } } })
    expect(ask('*', 's3:*')).toMatchObject({ proof: 'proved' })
  })
})
