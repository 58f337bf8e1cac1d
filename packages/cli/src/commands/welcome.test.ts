import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { startLocalAws } from '@ringfence/local'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

const text = (provider: string) => `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: ${provider}
members:
  ada: { until: 2035-06-30 }
  'A_b+c=d,e@f': { keys: { until: 2035-01-31 } }
  bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } }
  sealed: { kind: service, keys: { until: 2035-01-31, age: age1737m4wcvacfcysrq9rfys4qhff73e2drs5zks0tayevujng4gyjs3ntfvn } }
  susan: { signIn: federation, email: susan@acme.example }
  ci:
    kind: service
    signIn: federation
    oidc: { provider: token.example, audience: sts.amazonaws.com, subject: 'repo:acme/app:ref:refs/heads/main' }
teams:
  research: [ada, susan, bot, sealed, ci, 'A_b+c=d,e@f']
  product: [susan]
datasets: { corpus: {}, logs: {} }
grants:
  - { to: research, can: read, on: corpus, under: raw/ }
  - { to: product, can: [read, write], on: logs }
`
const saml = '{ saml: acme-sso }'
const oidc = '{ oidc: token.example, audience: sts.amazonaws.com }'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-welcome-'))
  writeFileSync(join(folder, 'ringfence.yaml'), text(saml))
  writeFileSync(join(folder, 'oidc.yaml'), text(oidc))
})
afterAll(() => rmSync(folder, { recursive: true }))

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const environment = { ...process.env }
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
})

async function welcome(...args: readonly string[]) {
  const io = memoryIo({ cwd: folder })
  const code = await run(['welcome', ...args], io)
  return { code, ...io.written }
}

interface WelcomeJson {
  readonly signIn: readonly { readonly way: string; readonly handedOver?: string }[]
  readonly profiles: readonly { readonly name: string; readonly settings: Record<string, string> }[]
  readonly access: readonly { readonly on: string; readonly can: string }[]
  readonly config: string
}

async function told(...args: readonly string[]): Promise<WelcomeJson> {
  const { code, stdout, stderr } = await welcome(...args, '--json')
  expect([code, stderr]).toEqual([exitCode.ok, ''])
  return JSON.parse(stdout) as WelcomeJson
}

describe('welcome', () => {
  it('tells each kind of member what they can reach and how to sign in', async () => {
    let all = ''
    for (const member of ['ada', 'bot', 'sealed', 'susan', 'ci']) {
      const { code, stdout, stderr } = await welcome(member)
      expect([code, stderr]).toEqual([exitCode.ok, ''])
      all += `$ ringfence welcome ${member}\n${stdout}\n`
    }
    expect(all).toBe(golden('welcome.txt', all))
  }, 120_000)

  it('tells it as Markdown too', async () => {
    const { stdout } = await welcome('bot', '--markdown')
    expect(stdout).toBe(golden('welcome.md', stdout))
    const { stdout: strange } = await welcome('A_b+c=d,e@f', '--markdown')
    expect(strange).toContain('[profile acme-A_b+c-d-e@f]')
  }, 60_000)

  it('has one profile for each role, and says the same as `access`', async () => {
    const susan = await told('susan')
    expect(susan.profiles.map(({ name }) => name)).toEqual(['acme-research', 'acme-product'])
    expect(susan.access.map(({ can, on }) => `${can} ${on}`)).toEqual(
      expect.arrayContaining(['read corpus', 'read logs', 'write logs']),
    )
    expect((await told('sealed')).signIn).toEqual([expect.objectContaining({ handedOver: 'age' })])
    expect((await told('ada')).profiles).toEqual([])
  }, 60_000)

  it('gives people of Identity Center a session, and a profile for each team', async () => {
    const center = `{ identityCenter: { instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef', identityStore: d-0123456789 } }`
    writeFileSync(join(folder, 'center.yaml'), text(center))
    const { stdout, stderr } = await welcome('susan', 'center.yaml')
    expect(stderr).not.toContain('error')
    const way = stdout.slice(stdout.indexOf('How to sign in'))
    expect(way).toBe(golden('welcome-identity-center.txt', way))
  }, 60_000)

  it('knows nobody else', async () => {
    const { code, stderr } = await welcome('adda')
    expect(code).toBe(exitCode.usage)
    expect(stderr).toMatch(/MEMBER_UNKNOWN[^]*ada/)
  })
})

describe('the profile', () => {
  const issuer = 'https://token.example'
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

  function tokenFor(sub: string): string {
    const aud = 'sts.amazonaws.com'
    const exp = Math.floor(Date.now() / 1000) + 600
    const head = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part({ iss: issuer, sub, aud, exp, iat: exp - 600 })}`
    return `${head}.${sign('RSA-SHA256', Buffer.from(head), keys.privateKey).toString('base64url')}`
  }

  it('lets the SDK sign in: with a key beside it, and with a token', async () => {
    const file = text(oidc)
    const parsed = parseDeclaration({ file: 'oidc.yaml', text: file, nowMs: Date.now() })
    const built = parsed.ok ? buildPlan(parsed.value) : parsed
    if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
    const aws = await startLocalAws({
      account: '111122223333',
      region: 'eu-west-1',
      webIdentityKeys: (asked) =>
        asked === issuer ? [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'one' }] : [],
    })
    try {
      await aws.load(built.value)
      const tokenFile = join(folder, 'token')
      const whoami = async (member: string, profile: string): Promise<string | undefined> => {
        // The SDK reads each file once.
        const config = join(folder, `config-${member}`)
        writeFileSync(config, (await told(member, 'oidc.yaml', '--token-file', tokenFile)).config)
        Object.assign(process.env, {
          AWS_CONFIG_FILE: config,
          AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
          AWS_ENDPOINT_URL: aws.endpoint,
          AWS_EC2_METADATA_DISABLED: 'true',
        })
        // The region comes from the profile.
        const client = new STSClient({ profile })
        try {
          return (await client.send(new GetCallerIdentityCommand({}))).Arn
        } finally {
          client.destroy()
        }
      }
      const key = await aws.issueUserKey('bot')
      writeFileSync(
        join(folder, 'credentials'),
        `[acme-bot]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`,
      )
      expect(await whoami('bot', 'acme-bot')).toBe('arn:aws:iam::111122223333:user/ringfence/acme/bot')
      writeFileSync(tokenFile, tokenFor('susan@acme.example'))
      expect(await whoami('susan', 'acme-product')).toBe(
        'arn:aws:sts::111122223333:assumed-role/acme-product/susan',
      )
      writeFileSync(tokenFile, tokenFor('repo:acme/app:ref:refs/heads/main'))
      expect(await whoami('ci', 'acme-ci')).toBe('arn:aws:sts::111122223333:assumed-role/acme-ci-service/ci')
      await expect(whoami('susan', 'acme-product')).rejects.toThrow(
        /AssumeRoleWithWebIdentity|not authorized/i,
      )
    } finally {
      await aws.close()
    }
  }, 120_000)
})
