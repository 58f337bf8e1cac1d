import type { Plan, PolicyStatement } from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import { planOf } from '../account/plan.fixture.js'
import { checkPlan } from './check-plan.js'

const text = (provider: string) => `organization: acme
account: "111122223333"
region: eu-west-1
identityProvider: ${provider}
administrators: [role/platform-admin]
members:
  ada: {}
  susan: { email: susan@acme.example, signIn: federation, until: 2035-03-31 }
  alan: { email: alan@acme.example, signIn: federation, until: 2035-01-31 }
  hedy: { email: hedy@acme.example, signIn: federation, until: 2035-01-31 }
  rosa: { email: rosa@acme.example, signIn: federation }
teams:
  research: [ada, susan, alan, hedy, rosa]
  interns: { members: [alan, rosa], until: 2034-12-31 }
datasets:
  corpus: {}
platforms:
  training: { kind: sagemaker, reads: [corpus] }
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/, until: 2036-01-31 }
  - { to: research, can: train, on: training }
  - { to: interns, can: read, on: corpus }
`

const { declaration, plan } = planOf(text('{ saml: sso }'))

/** The plan with other statements in the policy that ends sessions of research. */
function withEnds(edit: (statement: PolicyStatement) => readonly PolicyStatement[]): Plan {
  const resources = plan.resources.map((one) =>
    one.type === 'iam.Policy' && one.id === 'revoked/acme-research'
      ? { ...one, policy: { ...one.policy, Statement: one.policy.Statement.flatMap(edit) } }
      : one,
  )
  expect(resources).not.toEqual(plan.resources)
  return { ...plan, resources }
}

const complaints = (of: Plan) =>
  checkPlan(declaration, of).findings.flatMap(({ answer, guarantee, subject, target }) =>
    answer.proof === 'proved' ? [] : [`${answer.proof} ${guarantee} ${subject ?? target}`],
  )

const isOfSusan = ({ Condition }: PolicyStatement): boolean =>
  JSON.stringify(Condition).includes('susan@acme.example')

describe('the end of a member who signs in by federation', () => {
  it('is kept for sessions that began before it, by the subject that the role lets in', () => {
    expect(complaints(plan)).toEqual([])
    const oidc = planOf(text('{ oidc: login.acme.example, audience: aws }'))
    const { findings } = checkPlan(oidc.declaration, oidc.plan)
    expect(findings.filter(({ answer }) => answer.proof !== 'proved')).toEqual([])
    const documents = [plan, oidc.plan].map((one) =>
      one.resources.flatMap((resource) =>
        resource.type === 'iam.Policy' && resource.id.startsWith('revoked/') ? [resource.policy] : [],
      ),
    )
    expect(documents.map((some) => some.map(({ Statement }) => Statement.length))).toEqual([[2], [2]])
    expect(JSON.stringify(documents)).toContain('"login.acme.example:sub"')
  })

  it('is missed where nothing is said about a member, or about another one, or a day late', () => {
    const without = complaints(withEnds((one) => (isOfSusan(one) ? [] : [one])))
    expect(without).toEqual(['refuted nothingElse team/research'])
    const late = { DateGreaterThanEquals: { 'aws:CurrentTime': '2035-04-02T00:00:00Z' } }
    const changes: ((one: PolicyStatement) => PolicyStatement)[] = [
      (one) => ({ ...one, Condition: { ...one.Condition, ...late } }),
      (one) => ({
        ...one,
        Condition: { ...one.Condition, StringEquals: { 'SAML:sub': 'sue@acme.example' } },
      }),
    ]
    for (const change of changes)
      expect(complaints(withEnds((one) => [isOfSusan(one) ? change(one) : one]))).toContain(without[0])
  })

  it('is missed where it takes from somebody else, or comes a day early', () => {
    const early = { DateGreaterThanEquals: { 'aws:CurrentTime': '2035-03-31T00:00:00Z' } }
    const rosa = { StringEquals: { 'SAML:sub': ['rosa@acme.example', 'susan@acme.example'] } }
    for (const condition of [early, rosa]) {
      const told = complaints(
        withEnds((one) => [isOfSusan(one) ? { ...one, Condition: { ...one.Condition, ...condition } } : one]),
      )
      expect(told.length).toBeGreaterThan(0)
      expect(new Set(told.map((one) => one.split(' ').slice(0, 2).join(' ')))).toEqual(
        new Set(['refuted works']),
      )
    }
  })
})
