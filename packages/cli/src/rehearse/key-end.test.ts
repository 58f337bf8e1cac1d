import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { expect, it } from 'vitest'
import { actorId } from './actor.js'
import { rehearse } from './rehearse.js'

const text = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members:
  ada: { keys: { until: 2026-03-31 } }
  ben: {}
  cleo: { keys: { until: 2026-12-31 } }
  bot: { kind: service, keys: { until: 2026-03-31 } }
teams: { research: [ada, ben, cleo, bot] }
datasets: { corpus: {} }
grants: [{ to: research, can: read, on: corpus, until: 2026-06-30 }]
`

/** Who reads the dataset, by the day on which they do. */
async function readersFrom(startMs: number) {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: startMs })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const built = buildPlan(parsed.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const { results, surprises } = await rehearse(parsed.value, built.value, { nowMs: () => startMs })
  expect(surprises).toEqual([])
  const readers = new Map<string, string[]>()
  for (const { answer, probe } of results) {
    const { actor, operation, transport } = probe
    if (operation !== 'GetObject' || transport !== 'tls' || actor.kind !== 'member') continue
    const day = new Date(probe.atMs).toISOString().slice(0, 10)
    const told = `${actorId(actor).slice('member/'.length)} ${answer.outcome}`
    readers.set(day, [...new Set([...(readers.get(day) ?? []), told])])
  }
  return Object.fromEntries(readers)
}

it('sees that the access of whoever signs in by a key ends with the key, or with the grant before it', async () => {
  expect(await readersFrom(Date.UTC(2026, 0, 1))).toEqual({
    '2026-01-01': ['ada allowed', 'ben allowed', 'cleo allowed', 'bot allowed'],
    '2026-04-01': ['ada denied', 'bot denied'],
    '2026-07-01': ['ben denied', 'cleo denied'],
  })
}, 120_000)

it('sees that a key which has ended before opens nothing', async () => {
  expect(await readersFrom(Date.UTC(2026, 4, 1))).toEqual({
    '2026-05-01': ['ada denied', 'ben allowed', 'cleo allowed', 'bot denied'],
    '2026-07-01': ['ben denied', 'cleo denied'],
  })
}, 120_000)
