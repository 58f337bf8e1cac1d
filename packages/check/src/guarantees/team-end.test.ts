import type { Plan, PolicyDocument, PolicyStatement } from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import { planOf } from '../account/plan.fixture.js'
import { checkPlan } from './check-plan.js'

const end = '2035-04-01T00:00:00Z'
const { declaration, plan } = planOf(`organization: acme
account: "111122223333"
region: eu-west-1
identityProvider: { saml: sso }
administrators: [role/platform-admin]
members:
  ada: {}
  susan: { email: susan@acme.example, signIn: federation }
  alan: { email: alan@acme.example, signIn: federation, until: 2035-01-31 }
teams:
  research: [ada]
  interns: { members: [ada, susan, alan], until: 2035-03-31 }
datasets:
  corpus: {}
  logs: {}
platforms:
  training: { kind: sagemaker, reads: [corpus] }
grants:
  - { to: research, can: read, on: corpus, under: raw/ }
  - { to: interns, can: [read, write], on: corpus, until: 2036-01-31 }
  - { to: interns, can: read, on: logs, until: 2034-01-31 }
  - { to: interns, can: train, on: training }
`)

/** The plan with other conditions wherever something ends with the team. */
function withEnd(id: RegExp, instant: string | undefined): Plan {
  let changed = 0
  const edit = (statement: PolicyStatement): PolicyStatement => {
    if (statement.Condition?.['DateLessThan']?.['aws:CurrentTime'] !== end) return statement
    changed += 1
    const conditions = Object.entries(statement.Condition).flatMap(([operator, keys]) => {
      if (operator !== 'DateLessThan') return [[operator, keys] as const]
      return instant === undefined ? [] : [[operator, { 'aws:CurrentTime': instant }] as const]
    })
    return { ...statement, Condition: Object.fromEntries(conditions) }
  }
  const document = (one: PolicyDocument): PolicyDocument => ({ ...one, Statement: one.Statement.map(edit) })
  const resources = plan.resources.map((one) => {
    if (!id.test(one.id)) return one
    if (one.type === 'iam.Role') return { ...one, assumeRolePolicy: document(one.assumeRolePolicy) }
    return one.type === 'iam.Policy' ? { ...one, policy: document(one.policy) } : one
  })
  expect(changed).toBeGreaterThan(0)
  return { ...plan, resources }
}

const complaints = (of: Plan) =>
  checkPlan(declaration, of).findings.flatMap(({ answer, guarantee, subject, target }) =>
    answer.proof === 'proved' ? [] : [`${answer.proof} ${guarantee} ${subject ?? target}`],
  )

describe('the end of a team', () => {
  it('is what its policies and the trust of its role say', () => {
    expect(complaints(plan)).toEqual([])
  })

  it('is missed where a policy goes on, for all who have it', () => {
    const told = complaints(withEnd(/^team\/interns\/policy/, '2035-04-02T00:00:00Z'))
    expect(told).toContain('refuted nothingElse member/ada')
    expect(told).toContain('refuted nothingElse team/interns')
    expect(complaints(withEnd(/^team\/interns\/policy/, undefined))).toEqual(told)
  })

  it('is missed where a policy ends before', () => {
    const told = complaints(withEnd(/^team\/interns\/policy/, '2035-03-31T00:00:00Z'))
    expect(told.length).toBeGreaterThan(0)
    expect(told.every((one) => one.startsWith('refuted works team/interns'))).toBe(true)
  })

  it('is missed where the role goes on letting people in, or stops before', () => {
    expect(complaints(withEnd(/^team\/interns\/role/, undefined))).toEqual([
      'refuted nothingElse role of team/interns',
    ])
    expect(complaints(withEnd(/^team\/interns\/role/, '2035-03-31T00:00:00Z'))).toEqual([
      'refuted works role of team/interns',
    ])
  })
})
