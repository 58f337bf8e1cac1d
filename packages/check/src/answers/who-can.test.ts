import { loadActionCatalogue } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import { accountOfPlan } from '../account/account-of-plan.js'
import { exampleText, planOf } from '../account/plan.fixture.js'
import type { Account } from '../account/account.js'
import { accountWith, document } from './account.fixture.js'
import { linesOf } from './answer.js'
import { readActions, readResource } from './asked.js'
import { answerOfPrincipal, whoCan } from './who-can.js'

const catalogue = await loadActionCatalogue()
const options = { catalogue, cache: new Map(), nowMs: Date.UTC(2026, 10, 22) }

describe('whoCan', () => {
  it('knows nobody else under the path of a declared organization, as the guardrail makes sure', () => {
    const { plan } = planOf(exampleText('acme-ai'))
    const account = accountOfPlan(plan)
    const actions = readActions('invoke', catalogue)
    if ('problem' in actions) throw new Error(actions.problem.message)
    const targets = readResource('serving', actions.actions, account, catalogue)
    if ('problem' in targets) throw new Error(targets.problem.message)
    const asked = { account, access: plan.access, organization: plan.organization }
    const strangers = [...whoCan(asked, targets.targets, options)].filter(({ isBeside }) => isBeside)
    expect(strangers.length).toBeGreaterThan(5)
    for (const { answers, called } of strangers)
      expect([called, ...answers.map(({ answer }) => answer)]).toEqual([called, 'no'])
    // Of an account that no file declares there may be anybody.
    const other = [...whoCan({ account }, targets.targets, options)].find(({ isBeside }) => isBeside)
    expect(other?.answers.map(({ answer }) => answer)).toEqual(['yes'])
  })

  it('names whom a policy lets in, of all who could be', () => {
    const Principal = {
      AWS: ['arn:aws:iam::444455556666:root', 'arn:aws:iam::777788889999:role/etl'],
      Service: ['cloudtrail.amazonaws.com'],
    }
    const bucket = document({ Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' })
    expect(strangersLimits(accountWith([], { bucket }))).toEqual({
      'any user of the account who is not described': [[]],
      'any role of the account that is not described': [[]],
      'a federated user of the account': [[]],
      'a user of another account': [['by account 444455556666']],
      'a role of another account': [['by account 444455556666 or arn:aws:iam::777788889999:role/etl']],
      'the root user of another account': [['by account 444455556666']],
      'a federated user of another account': [['by account 444455556666']],
      'an AWS service': [['by cloudtrail.amazonaws.com']],
    })
    const everybody = document({ Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' })
    expect(strangersLimits(accountWith([], { bucket: everybody }))['a user of another account']).toEqual([[]])
  })

  it('says what keeps somebody out, not what everybody can send', () => {
    const Condition = {
      StringEquals: { 's3:RequestObjectTag/kind': 'open', 'aws:PrincipalTag/team': 'blue' },
      StringLike: { 's3:prefix': 'raw/*' },
    }
    const account = accountWith([document({ Action: 's3:GetObject', Resource: '*', Condition })])
    const [ada] = account.users
    const target = { shape: { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/x'] } }
    const answer = answerOfPrincipal(account, ada!, target, linesOf(account), options)
    expect(answer).toMatchObject({
      answer: 'no',
      request: { context: { 's3:RequestObjectTag/kind': 'open' } },
      because: [
        'because no identity policy allows s3:GetObject on arn:aws:s3:::data/x',
        expect.stringContaining(
          'which failed at Condition StringEquals aws:PrincipalTag/team: expected blue',
        ),
      ],
    })
    // What somebody has for other actions is no reason.
    const other = accountWith([document({ Action: 'ec2:*', Resource: '*' })])
    expect(answerOfPrincipal(other, other.users[0]!, target, linesOf(other), options)).toMatchObject({
      because: ['because no identity policy allows s3:GetObject on arn:aws:s3:::data/x'],
      statements: [],
    })
  })
})

function strangersLimits(account: Account): Readonly<Record<string, unknown>> {
  const shape = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/*'] }
  const told = [...whoCan({ account }, [{ resource: account.resources[0]!, shape }], options)]
  return Object.fromEntries(
    told.flatMap(({ answers: [answer], called, isBeside }) =>
      isBeside && answer?.answer === 'yes' ? [[called, answer.ways.map(({ limits }) => limits)]] : [],
    ),
  )
}
