import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../syntax/parse-policy.js'
import type { Who } from '../question.js'
import { proveAllowed, proveNothingAllowed } from './prove-access.js'

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
