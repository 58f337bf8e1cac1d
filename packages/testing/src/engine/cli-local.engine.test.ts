import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCliRun, type CliRun } from './cli-run.js'
import { declareOrganization } from './organizations.js'

const file = declareOrganization({
  members: ['ada: {}', 'bot: { kind: service, keys: { until: 2035-01-31 } }'],
  team: ['ada', 'bot'],
  datasets: ['raw: { encryption: kms }'],
}).replace('members:', 'guardrail: serviceControlPolicy\nmembers:')
const local = ['ringfence.yaml', '--stack', 'dev', '--target', 'local']
// Nothing of Pulumi's or AWS's is set.
const bare = {
  PULUMI_BACKEND_URL: undefined,
  PULUMI_CONFIG_PASSPHRASE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_ENDPOINT_URL: undefined,
}

let cli: CliRun
let folder: string
beforeAll(async () => {
  cli = await startCliRun(file)
  folder = join(cli.engine.folder, 'work/.ringfence')
})
afterAll(async () => {
  await cli?.close()
})

const ringfence = (...argv: readonly string[]) => cli.run(argv, bare)

it('brings up, compares and takes down a stack of the same local account, with nothing set up', async () => {
  const first = await ringfence('up', ...local, '--yes')
  expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/\nDone: \d+ created\n$/)])
  const again = await ringfence('up', ...local, '--yes', '--expect-no-changes')
  expect([again.code, again.stderr]).toEqual([0, 'checked: 15 guarantees proved, for every request\n'])
  expect((await ringfence('preview', ...local, '--expect-no-changes')).code).toBe(0)
  expect((await ringfence('outputs', ...local)).stdout).toMatch(/^userNames:\n {2}ada: ada\n {2}bot: bot$/m)
  const gone = await ringfence('destroy', ...local, '--yes')
  expect([gone.code, gone.stdout]).toEqual([
    0,
    expect.stringMatching(/\nDone: \d+ deleted, the stack removed\n$/),
  ])
})

it('keeps what is secret to its owner, and no credentials at all', async () => {
  expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('*\n')
  for (const name of await readdir(join(folder, 'local/dev'))) {
    const { mode } = await stat(join(folder, 'local/dev', name))
    expect([name, mode & 0o077]).toEqual([name, 0])
  }
  expect(existsSync(join(folder, 'local/dev/aws-credentials'))).toBe(false)
})
