import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { expect, it } from 'vitest'
import { rehearse } from './rehearse.js'

const START = Date.UTC(2026, 0, 1)
const text = `organization: acme
account: "111122223333"
region: eu-west-1
identityProvider: { saml: acme-sso }
administrators: [role/platform-admin]
members:
  ada: {}
  susan: { email: susan@acme.example, signIn: federation }
teams:
  research: [ada]
  interns: { members: [ada, susan], until: 2026-03-31 }
datasets:
  corpus: {}
  logs: {}
grants:
  - { to: research, can: read, on: logs, until: 2026-06-30 }
  - { to: interns, can: [read, write], on: corpus, until: 2026-12-31 }
`

it('sees by real requests that all access through a team ends with it', async () => {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: START })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const built = buildPlan(parsed.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const { results, surprises } = await rehearse(parsed.value, built.value, { nowMs: () => START })
  expect(surprises).toEqual([])
  const after = results.filter(({ probe }) => probe.atMs === Date.UTC(2026, 3, 1) + 1000)
  const told = after.map(({ probe }) => [probe.expectation.expected, probe.description.split(' on ')[0]])
  // The end of the team's access, and what goes on.
  expect(told.filter(([expected]) => expected === 'denied').length).toBeGreaterThanOrEqual(4)
  expect(told.filter(([expected]) => expected === 'allowed').length).toBeGreaterThan(0)
}, 120_000)
