import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { expect, it } from 'vitest'
import { actorId } from './actor.js'
import { rehearse } from './rehearse.js'

const START = Date.UTC(2026, 0, 1)
const text = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members:
  ada: { keys: { until: 2035-01-31, deliver: secretsManager } }
  bot: { kind: service, keys: { until: 2026-03-31, deliver: secretsManager } }
  eve: {}
teams: { research: [ada, bot, eve] }
datasets: { corpus: {} }
grants: [{ to: research, can: read, on: corpus }]
`

it('sees by real requests that a key in Secrets Manager is fetched by its member alone', async () => {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: START })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const built = buildPlan(parsed.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const { results, surprises } = await rehearse(parsed.value, built.value, { nowMs: () => START })
  expect(surprises).toEqual([])
  const fetched = results
    .filter(({ probe }) => probe.operation === 'GetSecretValue' && probe.atMs === START)
    .map(({ answer, probe }) => `${actorId(probe.actor)} ${answer.outcome}: ${probe.description}`)
  expect(fetched).toEqual([
    'member/ada allowed: fetch their own access key from Secrets Manager',
    'member/ada denied: fetch the access key of bot from Secrets Manager',
    'member/bot allowed: fetch their own access key from Secrets Manager',
    'member/bot denied: fetch the access key of ada from Secrets Manager',
    'member/eve denied: fetch the access key of ada from Secrets Manager',
    'administrator/role/platform-admin allowed: fetch the access key of ada from Secrets Manager',
    'undeclared/mallory denied: fetch the access key of ada from Secrets Manager',
    'stranger/999988887777 denied: fetch the access key of ada from Secrets Manager',
    'anonymous denied: fetch the access key of ada from Secrets Manager',
  ])
  const changed = results.filter(({ probe }) =>
    /^(Put|Delete)\w*(Secret|ResourcePolicy)/.test(probe.operation),
  )
  expect(changed.map(({ answer }) => answer.outcome)).toContain('allowed')
  expect(changed.filter(({ answer }) => answer.outcome === 'denied').length).toBeGreaterThan(10)
  const after = results.filter(({ probe }) => probe.operation === 'GetSecretValue' && probe.atMs > START)
  expect(after.map(({ answer, probe }) => `${actorId(probe.actor)} ${answer.outcome}`)).toEqual([
    'member/bot denied',
    'member/ada denied',
  ])
}, 120_000)
