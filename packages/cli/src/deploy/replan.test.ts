import { type Kept, nothingKept, type Plan } from '@ringfence/plan'
import type { StackState } from '@ringfence/pulumi/deploy'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { memoryIo } from '../memory-io.js'
import { fakeWorld } from './fake-world.fixture.js'
import { repairInterrupted } from './repair-interrupted.js'
import { replan } from './replan.js'
import { type Session, withSession } from './session.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-replan-'))
  writeFileSync(
    join(folder, 'ringfence.yaml'),
    `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { bot: { kind: service, keys: { until: 2035-01-31 } } }
datasets: { raw: {} }
grants: [{ to: bot, can: read, on: raw }]
`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const second: Kept = { ...nothingKept, accessKeys: { bot: [{ generation: 2, status: 'active' }] } }
const stateWith = (input: unknown): StackState => ({
  version: 3,
  deployment: {
    resources: [{ urn: 'urn::acme/kept', type: 'pulumi:index:Stash', inputs: { input } }],
  },
})
const keysOf = ({ resources }: Plan) =>
  resources.filter(({ type }) => type === 'iam.AccessKey').map(({ id }) => id)

async function inSession(state: StackState | undefined, work: (session: Session) => Promise<void> | void) {
  const world = fakeWorld(state === undefined ? {} : { state })
  const io = memoryIo({ cwd: folder })
  const options = { file: 'ringfence.yaml', stack: 'dev', target: 'aws', json: false } as const
  const code = await withSession(options, io, world, async (session) => {
    await work(session)
    return exitCode.ok
  })
  expect([code, io.written.stderr]).toEqual([exitCode.ok, ''])
  return { world, io }
}

it('plans with what the stack keeps, and without it as the file says', async () => {
  await inSession(undefined, ({ plan }) => expect(keysOf(plan)).toEqual(['member/bot/access-key']))
  await inSession(stateWith(second), ({ plan, kept }) => {
    expect(keysOf(plan)).toEqual(['member/bot/access-key-2'])
    expect(kept).toEqual(second)
  })
})

it('refuses a stack that keeps what it does not know', async () => {
  await expect(inSession(stateWith({ more: 1 }), () => {})).rejects.toMatchObject({
    code: 'STATE_NOT_UNDERSTOOD',
    exitCode: exitCode.usage,
  })
})

it('plans again with something else', async () => {
  await inSession(stateWith(second), (session) => {
    const next = replan(session, nothingKept)
    expect(keysOf(next.plan)).toEqual(['member/bot/access-key'])
    expect(next.settings.program).not.toBe(session.settings.program)
    expect(replan(next, nothingKept)).toBe(next)
  })
})

it('plans again with what another update has left meanwhile', async () => {
  await inSession(stateWith(second), async (session) => {
    const earlier = replan(session, nothingKept)
    const world = fakeWorld({ state: stateWith(second) })
    const { plan } = await repairInterrupted(earlier, memoryIo({}), world)
    expect(keysOf(plan)).toEqual(['member/bot/access-key-2'])
  })
})
