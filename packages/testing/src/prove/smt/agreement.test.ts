import type { AuthorizationRequest, Containment, PolicyComparison } from '@ringfence/policy'
import { expect, test } from 'vitest'
import type { RawPolicy } from '../../reference/case.js'
import { agreement } from './agreement.js'
import { differenceQueries } from './difference-query.js'
import { judgePair } from './judge-pair.js'
import type { SolverAnswer } from './solver-workers.js'

const policy = (Resource: string): RawPolicy => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource },
})
const wide = policy('arn:aws:s3:::data/*')
const narrow = policy('arn:aws:s3:::data/raw/*')
const queries = differenceQueries(wide, narrow)
const { allows, comparison } = judgePair(wide, narrow)

const only = (resource: string): SolverAnswer => ({
  result: 'sat',
  milliseconds: 1,
  model: {
    service: 'S3',
    name: 'GETOBJECT',
    has_resource: true,
    partition: 'aws',
    arn_service: 's3',
    region: '',
    account: '',
    resource,
  },
})
const none: SolverAnswer = { result: 'unsat', milliseconds: 1, model: null }
const dontKnow: SolverAnswer = { result: 'unknown', milliseconds: 1, model: null }
const request: AuthorizationRequest = {
  principal: 'arn:aws:iam::111122223333:user/ada',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::data/x',
}

function saying(firstInSecond: Containment, secondInFirst: Containment): PolicyComparison {
  return { open: { relation: 'unknown', firstInSecond, secondInFirst } }
}

test('the same answers agree', () => {
  expect(agreement(comparison, queries, [only('data/x'), none], allows)).toEqual({ verdict: 'agree' })
})

test('a direction of which the solver does not know is undecided', () => {
  expect(agreement(comparison, queries, [dontKnow, none], allows)).toEqual({ verdict: 'undecided' })
  expect(agreement(comparison, queries, [only('data/x'), dontKnow], allows)).toEqual({
    verdict: 'undecided',
  })
})

const proved: Containment = { proof: 'proved' }
const refuted: Containment = { proof: 'refuted', counterexample: request }
const unknown: Containment = { proof: 'unknown', code: 'tooLarge', reason: 'too much' }

test.each([
  ['a proof of what the solver refutes', saying(proved, proved), [only('data/x'), none], /only the solver/],
  [
    'a refutation of what the solver proves',
    saying(refuted, refuted),
    [only('data/x'), none],
    /only the prover/,
  ],
  ['no answer', saying(unknown, proved), [only('data/x'), none], /does not know/],
  [
    'no answer where the solver has none',
    saying(refuted, unknown),
    [only('data/x'), dontKnow],
    /does not know/,
  ],
  ['a witness that both allow', saying(refuted, proved), [only('data/raw/x'), none], /authorize/],
  ['a witness that none allows', saying(refuted, proved), [only('other'), none], /authorize/],
] as const)('%s is a disagreement', (_, said, answers, reason) => {
  const found = agreement(said, queries, answers, allows)
  expect(found).toEqual({ verdict: 'disagree', reason: expect.stringMatching(reason) })
})

test('a satisfiable query without a model is a broken solver', () => {
  const answers = [{ ...only(''), model: null }, none]
  expect(() => agreement(comparison, queries, answers, allows)).toThrow(/has a model/)
})
