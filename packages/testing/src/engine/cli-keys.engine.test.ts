import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliRun, startCliRun } from './cli-run.js'
import { findSecrets } from './find-secrets.js'
import { declareOrganization } from './organizations.js'

const dayMs = 86_400_000
const dev = ['ringfence.yaml', '--stack', 'dev'] as const
const rotate = ['keys', 'rotate', 'ringfence.yaml'] as const
const shiftClock = pathToFileURL(join(import.meta.dirname, 'shift-clock.fixture.mjs')).href

let cli: CliRun
/** How many days have gone by, for AWS and for every process. */
let days = 0
beforeAll(async () => {
  const file = declareOrganization({
    members: ['bot: { kind: service, keys: { until: 2035-01-31, rotateAfter: 5d, overlap: 7d } }'],
    team: ['bot'],
    datasets: ['raw: {}'],
  })
  cli = await startCliRun(file, { nowMs: () => Date.now() + days * dayMs })
})
afterAll(async () => {
  await cli?.close()
})

/** The session of an administrator ends within the hour: each command has a new one. */
async function environment(): Promise<Record<string, string>> {
  const { account } = cli.aws
  const session = await cli.aws.issueRoleSession({
    roleArn: `arn:aws:iam::${account}:role/platform-admin`,
    sessionName: 'test',
    principal: `arn:aws:iam::${account}:root`,
    action: 'sts:AssumeRole',
  })
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken ?? '',
    NODE_OPTIONS: `--import ${shiftClock}`,
    RINGFENCE_TEST_DAYS: String(days),
  }
}

const run = async (...argv: readonly string[]) => cli.run(argv, await environment())
async function succeed(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...argv)
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('error[')])
  return stdout
}

/** What the stack has noted, as the file of its state says; undefined while that is being written. */
function noted(): string | undefined {
  const file = join(cli.engine.folder, 'state/.pulumi/stacks/ringfence-acme/dev.json')
  try {
    const { checkpoint } = JSON.parse(readFileSync(file, 'utf8')) as {
      checkpoint: { latest: { resources: { urn: string; inputs?: { input?: unknown } }[] } }
    }
    const stash = checkpoint.latest.resources.find(({ urn }) => urn.endsWith('::acme/kept'))
    return JSON.stringify(stash?.inputs?.input ?? 'nothing')
  } catch {
    return undefined
  }
}

/** Kills the command and its Pulumi as soon as the step is noted in the stack. */
async function rotateAndKill(...flags: readonly string[]): Promise<void> {
  const before = noted()
  expect(before).toBeDefined()
  const running = cli.start([...rotate, ...flags, '--stack', 'dev', '--yes'], await environment())
  while ((noted() ?? before) === before && running.child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 2))
  const pids = execFileSync('pgrep', ['-P', String(running.child.pid), '-x', 'pulumi'], { encoding: 'utf8' })
  for (const pid of pids.trim().split('\n')) process.kill(Number(pid), 'SIGKILL')
  running.child.kill('SIGKILL')
  const { stdout } = await running.ended
  expect(stdout).not.toContain('bot: key')
}

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What the stack gives out, by the name that outputs have for it. */
async function handedOut(): Promise<Record<string, Key>> {
  const { outputs } = JSON.parse(await succeed('outputs', ...dev, '--show-secrets', '--json')) as {
    outputs: Record<'accessKeyIds' | 'secretAccessKeys', Record<string, string>>
  }
  return Object.fromEntries(
    Object.entries(outputs.accessKeyIds).map(([name, accessKeyId]) => [
      name,
      { accessKeyId, secretAccessKey: outputs.secretAccessKeys[name] ?? '' },
    ]),
  )
}

/** Sends a signed request with the key: who it is, or how AWS refuses it. */
async function send(credentials: Key): Promise<string> {
  const { endpoint, region } = cli.aws
  // The SDK notes in the object where it has the credentials from.
  const client = new STSClient({
    endpoint,
    region,
    credentials: { ...credentials },
    systemClockOffset: days * dayMs,
  })
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn?.split('/').at(-1) ?? ''
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  } finally {
    client.destroy()
  }
}

const list = async () => {
  const { code, stdout } = await run('keys', 'list', ...dev, '--json')
  const { members, undeclared } = JSON.parse(stdout) as {
    members: { keys: { generation: number; status: string; overLimit: boolean }[] }[]
    undeclared: unknown[]
  }
  const keys = members[0]?.keys.map(({ generation, status }) => `${generation} ${status}`)
  return { code, keys, undeclared: undeclared.length }
}

it('a rotation goes on wherever it was killed, and the member always has a key that works', async () => {
  await succeed('up', ...dev, '--yes')
  const { bot: first } = await handedOut()
  if (first === undefined) throw new Error('no key')
  expect(await send(first)).toBe('bot')

  days = 5
  expect(await list()).toEqual({ code: 7, keys: ['1 active'], undeclared: 0 })
  await rotateAndKill('--due')
  expect(await send(first)).toBe('bot')
  await succeed(...rotate, '--due', '--stack', 'dev', '--yes')
  const { bot: second, 'bot/1': old } = await handedOut()
  if (second === undefined) throw new Error('no second key')
  expect(old).toEqual(first)
  expect([await send(first), await send(second)]).toEqual(['bot', 'bot'])

  days = 12.5
  await rotateAndKill()
  expect(await send(second)).toBe('bot')
  await succeed(...rotate, '--stack', 'dev', '--yes')
  expect([await send(first), await send(second)]).toEqual(['InvalidClientTokenId', 'bot'])
  expect(await list()).toEqual({ code: 7, keys: ['1 inactive', '2 active'], undeclared: 0 })

  days = 20
  await rotateAndKill()
  await succeed(...rotate, '--stack', 'dev', '--yes')
  expect([await send(first), await send(second)]).toEqual(['InvalidClientTokenId', 'bot'])
  expect(await list()).toEqual({ code: 7, keys: ['2 active'], undeclared: 0 })
  await succeed('up', ...dev, '--yes', '--expect-no-changes')

  await succeed('keys', 'revoke', 'ringfence.yaml', 'bot', '--stack', 'dev', '--yes')
  expect(await send(second)).toBe('InvalidClientTokenId')
  await succeed(...rotate, 'bot', '--stack', 'dev', '--yes')
  const { bot: third } = await handedOut()
  if (third === undefined) throw new Error('no third key')
  expect([await send(second), await send(third)]).toEqual(['InvalidClientTokenId', 'bot'])

  const secrets = [first, second, third].map(({ secretAccessKey }) => secretAccessKey)
  const { found, files } = await findSecrets(cli.engine.folder, secrets)
  expect(found).toEqual([])
  expect(files).toBeGreaterThan(3)
}, 900_000)
