import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountState } from './account-state.js'
import { type CliResult, type CliRun, planOf, startCliRun } from './cli-run.js'
import { emptyState, loadedState } from './organization-run.js'
import { declareOrganization } from './organizations.js'

const names = Array.from({ length: 6 }, (_, index) => `member-${index}`)
const file = declareOrganization({
  members: [...names.map((name) => `${name}: {}`), 'bot: { kind: service, keys: { until: 2035-01-31 } }'],
  team: [...names, 'bot'],
  datasets: ['raw: { encryption: kms }', 'web: {}'],
})
const plan = planOf(file)
const dev = ['ringfence.yaml', '--stack', 'dev']

let cli: CliRun
beforeAll(async () => {
  cli = await startCliRun(file)
})
afterAll(async () => {
  await cli?.close()
})

const up = (...flags: readonly string[]) => cli.start(['up', ...dev, '--yes', ...flags])
const locks = () =>
  readdirSync(join(cli.engine.folder, 'state/.pulumi/locks'), { recursive: true }).filter((path) =>
    String(path).endsWith('.json'),
  )
const isAlive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
const begun = /created member\/member-\d+\/user/

/** The update has brought everything up, as a direct load of the plan would; nothing is to be done, and nothing stays. */
async function expectWhole({ code, stderr }: CliResult): Promise<void> {
  expect([code, stderr]).toEqual([0, expect.any(String)])
  expect(await accountState(cli.aws)).toEqual(await loadedState(plan))
  const second = await cli.run(['preview', ...dev, '--expect-no-changes', '--json'])
  expect([second.code, second.stderr]).toEqual([0, ''])
  expect(locks()).toEqual([])
  const gone = await cli.start(['destroy', ...dev, '--yes']).ended
  expect([gone.code, gone.stderr.includes('failed')]).toEqual([0, false])
  expect(await accountState(cli.aws)).toEqual(await emptyState(plan))
}

describe('an interrupted up', () => {
  it('Ctrl-C ends it with 8, keeps what was done and unlocks the stack', async () => {
    const running = up()
    await running.said(begun)
    const pids = running.pulumi()
    expect(pids).toHaveLength(1)
    running.child.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect([code, stderr]).toEqual([
      8,
      expect.stringContaining('error[DEPLOYMENT_CANCELLED]: up of the stack dev'),
    ])
    expect([pids.filter(isAlive), locks()]).toEqual([[], []])
    await expectWhole(await up().ended)
  })

  it('a second Ctrl-C kills Pulumi at once, and the next up mends the stack and what Pulumi was writing', async () => {
    const running = up()
    await running.said(begun)
    const pids = running.pulumi()
    running.child.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 30))
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(8)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(pids.filter(isAlive)).toEqual([])
    const states = join(cli.engine.folder, 'state/.pulumi/stacks')
    const attributes = readdirSync(states, { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('/dev.json.attrs'))
    expect(attributes).toHaveLength(1)
    for (const path of attributes) writeFileSync(join(states, path), '')
    await expectWhole(await up().ended)
  })

  it('killed, its Pulumi ends by itself; the next up waits for that and goes on', async () => {
    const running = up()
    await running.said(begun)
    running.child.kill('SIGKILL')
    await expectWhole(await up().ended)
  })

  it('its Pulumi killed, the next up removes the dead lock, and takes over what was being made', async () => {
    const running = up()
    await running.said(begun)
    const pids = running.pulumi()
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    expect((await running.ended).code).not.toBe(0)
    expect(locks()).toHaveLength(1)
    const next = await up().ended
    expect(next.stderr).toMatch(/note: removed the lock of process \d+ of \S+, since \S+, which has died\n/)
    await expectWhole(next)
  })
})

describe('two ups at once', () => {
  it('one of them succeeds, and the other waits or says who holds the stack', async () => {
    const results = await Promise.all([up().ended, up().ended])
    const done = results.find(({ code }) => code === 0)
    expect(done).toBeDefined()
    const late = results.find(({ code }) => code !== 0)
    if (late !== undefined)
      expect(late.stderr).toMatch(
        /^error\[STACK_LOCKED\]: another update of the stack dev is running: by \S+, process \d+, since \S+$/m,
      )
    await expectWhole(done!)
  })
})
