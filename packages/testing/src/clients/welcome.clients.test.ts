import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalAws, type LocalAws } from '@ringfence/local'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runClient } from './client-run.js'

const bin = join(import.meta.dirname, '../../../cli/bin/ringfence.js')
const text = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members:
  bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } }
datasets: { corpus: {} }
grants: [{ to: bot, can: read, on: corpus }]
`

let aws: LocalAws
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-welcome-'))
  writeFileSync(join(folder, 'ringfence.yaml'), text)
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.now() })
  const built = parsed.ok ? buildPlan(parsed.value) : parsed
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  aws = await startLocalAws({ account: '111122223333', region: 'eu-west-1' })
  await aws.load(built.value)
})
afterAll(async () => {
  await aws?.close()
  rmSync(folder, { recursive: true, force: true })
})

const welcome = (...flags: readonly string[]): string =>
  execFileSync(process.execPath, [bin, 'welcome', 'bot', ...flags], { cwd: folder, encoding: 'utf8' })

test('the AWS CLI takes the printed profile, and the key that the printed command fetches', async () => {
  const key = await aws.issueUserKey('bot')
  const { config, profiles } = JSON.parse(welcome('--json')) as {
    config: string
    profiles: { name: string }[]
  }
  const profile = profiles[0]?.name ?? ''
  const fetch = /^ {2}(aws secretsmanager .*)$/m.exec(welcome())?.[1] ?? ''
  const files = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  }
  writeFileSync(files.AWS_CONFIG_FILE, `${config}\n[profile fetched]\ncredential_process = ${fetch}\n`)
  writeFileSync(
    files.AWS_SHARED_CREDENTIALS_FILE,
    `[${profile}]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`,
  )
  const run = async (...args: readonly string[]): Promise<string> => {
    const { status, stderr, stdout } = await runClient('aws', args, aws, 'anonymous', files)
    expect(status, `aws ${args.join(' ')}\n${stderr}`).toBe(0)
    return stdout.trim()
  }
  expect(await run('configure', 'get', 'region', '--profile', profile)).toBe('eu-west-1')
  const arn = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text', '--profile'] as const
  const bot = 'arn:aws:iam::111122223333:user/ringfence/acme/bot'
  expect(await run(...arn, profile)).toBe(bot)
  expect(await run(...arn, 'fetched')).toBe(bot)
})
