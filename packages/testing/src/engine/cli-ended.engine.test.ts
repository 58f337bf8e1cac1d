import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliRun, startCliRun } from './cli-run.js'
import { declareOrganization } from './organizations.js'

const dayMs = 86_400_000
const dev = ['up', 'ringfence.yaml', '--stack', 'dev', '--yes'] as const
const shiftClock = pathToFileURL(join(import.meta.dirname, 'shift-clock.fixture.mjs')).href

/** How many days have gone by, for AWS and for every process. */
let days = 0
let cli: CliRun
beforeAll(async () => {
  const end = new Date(Date.now() + dayMs).toISOString().slice(0, 10)
  const file = declareOrganization({
    members: ['bea: {}', `ada: { until: ${end} }`],
    team: ['bea', 'ada'],
    datasets: ['raw: {}'],
  })
  cli = await startCliRun(file, { nowMs: () => Date.now() + days * dayMs })
})
afterAll(async () => {
  await cli?.close()
})

/** The session of an administrator ends within the hour: each command has a new one. */
async function up(...flags: readonly string[]): Promise<number | null> {
  const { account } = cli.aws
  const session = await cli.aws.issueRoleSession({
    roleArn: `arn:aws:iam::${account}:role/platform-admin`,
    sessionName: 'test',
    principal: `arn:aws:iam::${account}:root`,
    action: 'sts:AssumeRole',
  })
  const { code } = await cli.run([...dev, ...flags], {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken ?? '',
    NODE_OPTIONS: `--import ${shiftClock}`,
    RINGFENCE_TEST_DAYS: String(days),
  })
  return code
}

async function users(): Promise<readonly (string | undefined)[]> {
  const { Users = [] } = await cli.aws.call(cli.aws.root, 'iam', 'ListUsers', {})
  return Users.map(({ UserName }) => UserName)
}

it('access that has ended is removed by the next update', async () => {
  expect([await up(), await users()]).toEqual([0, ['ada', 'bea']])
  days = 3
  expect([await up(), await users()]).toEqual([0, ['bea']])
  expect(await up('--expect-no-changes')).toBe(0)
})
