import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { Decrypter, armor, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliRun, startCliRun } from './cli-run.js'
import { findSecrets } from './find-secrets.js'

const dayMs = 86_400_000
const dev = ['ringfence.yaml', '--stack', 'dev'] as const
const rotate = ['keys', 'rotate', 'ringfence.yaml'] as const
const shiftClock = pathToFileURL(join(import.meta.dirname, 'shift-clock.fixture.mjs')).href

/** One member for each way in which a key is handed over; the OpenPGP key is on a roster. */
const members = ['bot', 'vault', 'sealed', 'armored'] as const
type Name = (typeof members)[number]
const secretId = 'ringfence/acme/vault/access-key'

let cli: CliRun
/** How many days have gone by, for AWS and for every process. */
let days = 0
let identity: string
let gpgHome: string

/** The program `gpg` with keys of its own. */
function gpg(args: readonly string[], input = ''): Buffer {
  return execFileSync('gpg', ['--homedir', gpgHome, '--batch', '--quiet', ...args], {
    input: Buffer.from(input, 'base64'),
  })
}

/** With a new OpenPGP key of that name. */
function writeRoster(owner: string): void {
  gpg(['--passphrase', '', '--quick-generate-key', owner, 'default', 'default', 'never'])
  const pgp = gpg(['--export', owner]).toString('base64')
  const roster = `name,kind,pgp,teams\narmored,service,${pgp},research\n`
  writeFileSync(join(cli.engine.folder, 'work/roster.csv'), roster)
}

const serviceWithKey = (more = '') =>
  `{ kind: service, keys: { until: 2035-01-31, rotateAfter: 5d, overlap: 7d${more} } }`

function declare(recipient: string): string {
  return `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members:
  from: roster.csv
  bot: ${serviceWithKey()}
  vault: ${serviceWithKey(', deliver: secretsManager')}
  sealed: ${serviceWithKey(`, age: ${recipient}`)}
  armored: ${serviceWithKey().replace('kind: service, ', '')}
teams: { research: [bot, vault, sealed] }
datasets: { raw: {} }
grants: [{ to: research, can: [read, write], on: raw }]
`
}

beforeAll(async () => {
  identity = await generateX25519Identity()
  gpgHome = mkdtempSync(join(tmpdir(), 'ringfence-pgp-'))
  const text = declare(await identityToRecipient(identity))
  const withoutRoster = text.replace('  from: roster.csv\n', '').replace('[bot,', '[armored, bot,')
  cli = await startCliRun(withoutRoster, { nowMs: () => Date.now() + days * dayMs })
  await cli.declare(text)
  writeRoster('armored@acme.example')
}, 120_000)
afterAll(async () => {
  rmSync(gpgHome, { recursive: true, force: true })
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

interface Recorded {
  readonly urn: string
  readonly inputs?: { readonly input?: unknown }
  readonly created?: string
  readonly dependencies?: readonly string[]
}

/** What the file of the stack's state says of a resource. */
function recorded(end: string): Recorded | undefined {
  const file = join(cli.engine.folder, 'state/.pulumi/stacks/ringfence-acme/dev.json')
  const { checkpoint } = JSON.parse(readFileSync(file, 'utf8')) as {
    checkpoint: { latest: { resources: Recorded[] } }
  }
  return checkpoint.latest.resources.find(({ urn }) => urn.endsWith(end))
}

/** What the stack has noted; undefined while that is being written. */
function noted(): string | undefined {
  try {
    const stash = recorded('::acme/kept')
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
  running.kill()
  const { stdout } = await running.ended
  expect(stdout).not.toContain(': key')
}

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The keys of a member by the way in which they are handed over: the latest, and the one on its way out. */
type Keys = Record<Name, { readonly latest: Key; readonly old?: Key }>

async function handedOut(): Promise<Keys> {
  const outputs =
    await cli.revealOutputs<Record<'accessKeyIds' | 'secretAccessKeys', Record<string, string>>>()
  expect(Object.keys(outputs.secretAccessKeys).filter((name) => !/^bot(\/\d+)?$/.test(name))).toEqual([])
  const keysOf = async (name: Name): Promise<{ latest: Key; old?: Key }> => {
    const ids = Object.entries(outputs.accessKeyIds).filter(([key]) => key.split('/')[0] === name)
    const keys = await Promise.all(
      ids.map(async ([key, accessKeyId]) => [key, await secretOf(name, key, accessKeyId)] as const),
    )
    const [latest, old] = [keys.find(([key]) => key === name)?.[1], keys.find(([key]) => key !== name)?.[1]]
    if (latest === undefined) throw new Error(`no key of ${name}`)
    return old === undefined ? { latest } : { latest, old }
  }
  const secretOf = async (name: Name, key: string, accessKeyId: string): Promise<Key> => {
    if (name === 'bot') return { accessKeyId, secretAccessKey: outputs.secretAccessKeys[key] ?? '' }
    if (name === 'vault') {
      const kept = await fetchSecret(await administrator(), key === name ? 'AWSCURRENT' : 'AWSPREVIOUS')
      if (typeof kept === 'string') throw new Error(kept)
      expect(kept.accessKeyId).toBe(accessKeyId)
      return kept
    }
    const shown = JSON.parse(
      await succeed('keys', 'show', 'ringfence.yaml', name, '--stack', 'dev', '--json'),
    ) as {
      keys: { id: string; encryptedSecretAccessKey: string; secretAccessKey?: string }[]
    }
    const one = shown.keys.find(({ id }) => id === accessKeyId)
    expect(one?.secretAccessKey).toBeUndefined()
    return { accessKeyId, secretAccessKey: await decrypted(name, one?.encryptedSecretAccessKey ?? '') }
  }
  return Object.fromEntries(
    await Promise.all(members.map(async (name) => [name, await keysOf(name)] as const)),
  ) as Keys
}

async function decrypted(name: 'sealed' | 'armored', ciphertext: string): Promise<string> {
  if (name === 'armored') return gpg(['--decrypt'], ciphertext).toString('utf8')
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(armor.decode(ciphertext), 'text')
}

async function administrator(): Promise<Key & { readonly sessionToken: string }> {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    AWS_SESSION_TOKEN: sessionToken = '',
  } = await environment()
  return { accessKeyId, secretAccessKey, sessionToken }
}

/** What Secrets Manager keeps for the member, or how AWS refuses it. */
async function fetchSecret(credentials: Key, VersionStage: string): Promise<Key | string> {
  const { endpoint, region } = cli.aws
  const systemClockOffset = days * dayMs
  const client = new SecretsManagerClient({
    endpoint,
    region,
    credentials: { ...credentials },
    systemClockOffset,
  })
  try {
    const { SecretString = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId, VersionStage }),
    )
    const { AccessKeyId, SecretAccessKey, Version } = JSON.parse(SecretString) as Record<string, string>
    expect(Version).toBe(1)
    return { accessKeyId: AccessKeyId ?? '', secretAccessKey: SecretAccessKey ?? '' }
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  } finally {
    client.destroy()
  }
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
  const listed = JSON.parse(stdout) as {
    members: { keys: { generation: number; status: string; overLimit: boolean }[] }[]
    undeclared: unknown[]
  }
  const keys = new Set(
    listed.members.map((member) =>
      member.keys.map(({ generation, status }) => `${generation} ${status}`).join(', '),
    ),
  )
  return { code, members: listed.members.length, keys: [...keys], undeclared: listed.undeclared.length }
}

const asThemselves = Object.fromEntries(members.map((name) => [name, name]))
const refused = Object.fromEntries(members.map((name) => [name, 'InvalidClientTokenId']))

/** Who the keys of all members are, or how AWS refuses them. */
async function sendAll(keys: Record<Name, Key>): Promise<Record<string, string>> {
  const answers = members.map(async (name) => [name, await send(keys[name])] as const)
  return Object.fromEntries(await Promise.all(answers))
}

const latestOf = (keys: Keys) =>
  Object.fromEntries(members.map((name) => [name, keys[name].latest])) as Record<Name, Key>

it('a rotation goes on wherever it was killed, and every member always has a key that works', async () => {
  await succeed('up', ...dev, '--yes')
  const first = latestOf(await handedOut())
  expect(await sendAll(first)).toEqual(asThemselves)
  expect(await fetchSecret(first.vault, 'AWSCURRENT')).toEqual(first.vault)
  for (const other of [first.bot, first.sealed])
    expect(await fetchSecret(other, 'AWSCURRENT')).toBe('AccessDeniedException')

  days = 5
  const all = { members: members.length, undeclared: 0 }
  expect(await list()).toEqual({ code: 7, keys: ['1 active'], ...all })
  await rotateAndKill('--due')
  expect(await sendAll(first)).toEqual(asThemselves)
  await succeed(...rotate, '--due', '--stack', 'dev', '--yes')
  const rotated = await handedOut()
  const second = latestOf(rotated)
  for (const name of members) expect(rotated[name].old).toEqual(first[name])
  expect([await sendAll(first), await sendAll(second)]).toEqual([asThemselves, asThemselves])
  // By these it is told that a key was delivered, and since when.
  expect(recorded('/member/vault/secret-version')).toMatchObject({
    created: expect.stringMatching(/^\d{4}-/),
    dependencies: expect.arrayContaining([expect.stringMatching(/\/member\/vault\/access-key-2$/)]),
  })
  // The old key is enough to get at the new one.
  expect(await fetchSecret(first.vault, 'AWSCURRENT')).toEqual(second.vault)

  days = 12.5
  await rotateAndKill()
  expect(await sendAll(second)).toEqual(asThemselves)
  await succeed(...rotate, '--stack', 'dev', '--yes')
  expect([await sendAll(first), await sendAll(second)]).toEqual([refused, asThemselves])
  expect(await list()).toEqual({ code: 7, keys: ['1 inactive, 2 active'], ...all })

  days = 20
  await rotateAndKill()
  await succeed(...rotate, '--stack', 'dev', '--yes')
  expect([await sendAll(first), await sendAll(second)]).toEqual([refused, asThemselves])
  expect(await list()).toEqual({ code: 7, keys: ['2 active'], ...all })
  expect(await fetchSecret(second.vault, 'AWSCURRENT')).toEqual(second.vault)
  expect(await fetchSecret(second.vault, 'AWSPREVIOUS')).toEqual(first.vault)
  await succeed('up', ...dev, '--yes', '--expect-no-changes')

  await succeed('keys', 'revoke', 'ringfence.yaml', 'vault', '--stack', 'dev', '--yes')
  expect(await sendAll(second)).toEqual({ ...asThemselves, vault: 'InvalidClientTokenId' })
  await succeed(...rotate, 'vault', '--stack', 'dev', '--yes')
  const third = (await handedOut()).vault.latest
  expect([await send(second.vault), await send(third)]).toEqual(['InvalidClientTokenId', 'vault'])

  // Encrypted to another OpenPGP key, both keys of a rotation are other ones.
  await succeed(...rotate, 'armored', '--stack', 'dev', '--yes')
  const before = (await handedOut()).armored
  expect(before.old).toEqual(second.armored)
  writeRoster('next@acme.example')
  await succeed('up', ...dev, '--yes')
  const after = (await handedOut()).armored
  const gone = [before.latest, second.armored].map(send)
  expect(await Promise.all(gone)).toEqual(['InvalidClientTokenId', 'InvalidClientTokenId'])
  expect(await Promise.all([after.old!, after.latest].map(send))).toEqual(['armored', 'armored'])

  const last = [third, before.latest, after.old!, after.latest]
  const keys = [...Object.values(first), ...Object.values(second), ...last]
  const secrets = keys.map(({ secretAccessKey }) => secretAccessKey)
  expect(new Set(secrets).size).toBe(2 * members.length + last.length)
  const { found, files } = await findSecrets(cli.engine.folder, secrets)
  expect(found).toEqual([])
  expect(files).toBeGreaterThan(3)
}, 1_500_000)
