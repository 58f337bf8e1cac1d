import { buildPlan, parseDeclaration, type Plan } from '@ringfence/plan'
import { expect, it } from 'vitest'
import { rehearse } from './rehearse.js'

const START = Date.UTC(2026, 0, 1)
const text = `organization: acme
account: "111122223333"
region: eu-west-1
identityProvider: { saml: acme-sso }
administrators: [role/platform-admin]
members:
  susan: { email: susan@acme.example, signIn: federation, until: 2026-03-31 }
  hedy: { email: hedy@acme.example, signIn: federation }
teams:
  research: [susan, hedy]
datasets:
  corpus: {}
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/ }
  - { to: research, can: read, on: corpus, until: 2026-06-30 }
`

const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: START })
if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
const declaration = parsed.value
const built = buildPlan(declaration)
if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
const plan = built.value

/** What was asked by sessions that had begun before an end, and what was said to it. */
async function askedFromBefore(of: Plan) {
  const { results, surprises } = await rehearse(declaration, of, { nowMs: () => START })
  const asked = results.filter(({ probe }) => probe.signedInBefore === true)
  return {
    surprises: surprises.length,
    told: asked.map(({ answer, probe }) => [
      'name' in probe.actor ? probe.actor.name : '',
      new Date(probe.atMs).toISOString().slice(0, 10),
      answer.outcome,
      // Whoever could not sign in did not come to send a request.
      answer.requestId !== undefined,
    ]),
  }
}

const susan = (outcome: string) => ['susan', '2026-04-01', outcome, true]
const hedy = (outcome: string) => ['hedy', '2026-07-01', outcome, true]

it('sees that a session which began before the end of its member is refused from then on', async () => {
  const { surprises, told } = await askedFromBefore(plan)
  expect(surprises).toBe(0)
  expect(told.filter(([name]) => name === 'susan')).toEqual(
    expect.arrayContaining([susan('denied'), susan('denied'), susan('denied')]),
  )
  expect(told.filter(([name, , outcome]) => name === 'susan' && outcome !== 'denied')).toEqual([])
  expect(told).toContainEqual(hedy('denied'))
}, 120_000)

it('is surprised where such a session lives on', async () => {
  const resources = plan.resources.map((one) =>
    one.type === 'iam.Policy' && one.id === 'revoked/acme-research'
      ? {
          ...one,
          policy: {
            ...one.policy,
            Statement: one.policy.Statement.map((statement) => ({ ...statement, Action: 'sns:*' })),
          },
        }
      : one,
  )
  const { surprises, told } = await askedFromBefore({ ...plan, resources })
  expect(surprises).toBeGreaterThan(0)
  expect(told).toContainEqual(susan('allowed'))
}, 120_000)
