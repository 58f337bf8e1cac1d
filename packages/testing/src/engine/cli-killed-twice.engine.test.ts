import { IAM } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliResult, type CliRun, startCliRun } from './cli-run.js'
import { declareOrganization } from './organizations.js'
import { type LastCalls, startLastCalls } from './start-last-calls.js'

const file = declareOrganization({ members: ['ada: {}', 'bob: {}'], team: ['ada'] }).replace(
  '[ada]',
  '[ada]\n  others: [bob]',
)
const withBob = file.replace('[ada]', '[ada, bob]')

let cli: CliRun
let calls: LastCalls
let iam: IAM
beforeAll(async () => {
  cli = await startCliRun(file)
  const { endpoint, root: credentials } = cli.aws
  calls = await startLastCalls(endpoint)
  iam = new IAM({ endpoint, region: 'us-east-1', credentials })
})
afterAll(async () => {
  await calls?.close()
  await cli?.close()
})

/** Killed where it is said, once AWS has answered. */
function up(text: string, killedAt?: string): Promise<CliResult> {
  const argv = ['up', 'ringfence.yaml', '--stack', 'dev', '--yes']
  return cli.declare(text).then(() => {
    const running = cli.start(argv, { AWS_ENDPOINT_URL: calls.endpoint })
    if (killedAt !== undefined) calls.arm(killedAt, running.kill)
    return running.ended
  })
}

async function members(): Promise<readonly (string | undefined)[]> {
  const { Users = [] } = await iam.getGroup({ GroupName: 'acme-research' })
  return Users.map(({ UserName }) => UserName)
}

it('whom a killed up let in is found by the up after the next, where that is killed as it compares with AWS', async () => {
  expect((await up(file)).code).toBe(0)
  expect([(await up(withBob, 'AddUserToGroup')).code, await members()]).toEqual([null, ['ada', 'bob']])
  const comparing = await up(file, 'GetGroup')
  expect([comparing.code, comparing.stderr]).toEqual([
    null,
    expect.stringContaining('an earlier update was interrupted in 1 change; comparing with AWS\n'),
  ])
  const { code, stderr } = await up(file)
  expect([code, await members()]).toEqual([0, ['ada']])
  expect(stderr).toContain('an earlier update was interrupted in 1 change; comparing with AWS\n')
  expect((await up(file)).stderr).not.toContain('interrupted')
})
