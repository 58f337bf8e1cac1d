import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCliRun, type CliRun } from './cli-run.js'
import { declareOrganization } from './organizations.js'

const file = declareOrganization({ members: ['ada: {}'], team: ['ada'] })
const dev = ['ringfence.yaml', '--stack', 'dev']

let cli: CliRun
beforeAll(async () => {
  cli = await startCliRun(file)
})
afterAll(async () => {
  await cli?.close()
})

const credentials = (one: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
  AWS_ACCESS_KEY_ID: one.accessKeyId,
  AWS_SECRET_ACCESS_KEY: one.secretAccessKey,
  AWS_SESSION_TOKEN: one.sessionToken ?? '',
})

const preview = (env: Readonly<Record<string, string>>) => cli.run(['preview', ...dev], env)

describe('who may not deploy', () => {
  it("the account's root user, whom the fence would lock out", async () => {
    const { code, stderr, stdout } = await preview(credentials(cli.aws.root))
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain(
      "error[ADMINISTRATOR_REQUIRED]: the account's root user is none of the file's administrators (role/platform-admin)",
    )
    expect(stderr).toContain('Try: take a session of role/platform-admin')
  })

  it('another account', async () => {
    const { code, stderr } = await preview(credentials(await cli.aws.addAccount('444455556666')))
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/error\[ACCOUNT_OTHER\]: .* 444455556666 .* 111122223333/),
    ])
  })

  it.each([
    [{ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' }, 3, 'CREDENTIALS_MISSING'],
    [{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SESSION_TOKEN: '' }, 3, 'CREDENTIALS_INVALID'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 1, 'AWS_NOT_REACHABLE'],
  ])('nobody: %j', async (env, exit, reason) => {
    const { code, stderr } = await preview(env)
    expect([code, stderr]).toEqual([exit, expect.stringContaining(`error[${reason}]`)])
  })

  it('a guardrail without a management profile', async () => {
    await cli.declare(file.replace('members:', 'guardrail: serviceControlPolicy\nmembers:'))
    const { code, stderr } = await preview({})
    await cli.declare(file)
    expect([code, stderr]).toEqual([2, expect.stringContaining('error[MANAGEMENT_PROFILE_MISSING]')])
  })
})

describe('what is missing', () => {
  it('Pulumi, its provider, a backend: each is one error with what to do', async () => {
    const only = join(cli.engine.folder, 'only')
    await mkdir(only)
    await symlink(process.execPath, join(only, 'node'))
    const pulumi = cli.engine.environment['PATH']?.split(':')[1] ?? ''
    const cases = [
      [{ PATH: only }, 2, 'PULUMI_NOT_FOUND', 'install it'],
      [{ PATH: `${pulumi}:${dirname(process.execPath)}` }, 2, 'PLUGIN_NOT_FOUND', 'pulumi plugin install'],
      [{ PULUMI_BACKEND_URL: 'file:///nowhere/at/all' }, 1, 'BACKEND_NOT_REACHABLE', 'PULUMI_BACKEND_URL'],
      [{ PULUMI_BACKEND_URL: '' }, 3, 'BACKEND_NOT_LOGGED_IN', 'pulumi login'],
    ] as const
    for (const [env, exit, reason, hint] of cases) {
      const { code, stderr } = await cli.run(['preview', ...dev], env)
      expect([code, stderr]).toEqual([
        exit,
        expect.stringMatching(new RegExp(`error\\[${reason}\\].*\n +Try: .*${hint}`)),
      ])
      expect(stderr.split('error[')).toHaveLength(2)
    }
  })
})

describe('a passphrase', () => {
  it('that is missing, or not the one of the stack, is refused; the right one still works', async () => {
    const unset = await cli.run(['up', ...dev, '--yes'], { PULUMI_CONFIG_PASSPHRASE: undefined })
    expect([unset.code, unset.stderr]).toEqual([
      2,
      expect.stringMatching(
        /error\[PASSPHRASE_MISSING\]: .*stack dev.*\n +Try: set PULUMI_CONFIG_PASSPHRASE/,
      ),
    ])
    expect((await cli.run(['up', ...dev, '--yes'])).code).toBe(0)
    const wrong = await cli.run(['up', ...dev, '--yes'], { PULUMI_CONFIG_PASSPHRASE: 'another' })
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/error\[PASSPHRASE_WRONG\]: .*stack dev.*\n +Try: set PULUMI_CONFIG_PASSPHRASE/),
    ])
    expect((await cli.run(['destroy', ...dev, '--yes'])).code).toBe(0)
  })

  it('another secrets provider than the one that the stack remembers is refused', async () => {
    expect((await cli.run(['up', ...dev, '--yes', '--secrets-provider', 'passphrase'])).code).toBe(0)
    const other = await cli.run(['up', ...dev, '--yes', '--secrets-provider', 'awskms://alias/other'])
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining(
        'error[SECRETS_PROVIDER_OTHER]: the secrets of the stack dev are kept with passphrase',
      ),
    ])
    const bogus = await cli.run([
      'up',
      'ringfence.yaml',
      '--stack',
      'new',
      '--yes',
      '--secrets-provider',
      'bogus',
    ])
    expect([bogus.code, bogus.stderr]).toEqual([2, expect.stringContaining('error[SECRETS_PROVIDER_FAILED]')])
    expect((await cli.run(['outputs', 'ringfence.yaml', '--stack', 'new'])).code).toBe(6)
    expect((await cli.run(['destroy', ...dev, '--yes'])).code).toBe(0)
  })
})

describe('doctor', () => {
  it('finds everything in order, and tells each problem with what to do', async () => {
    const well = await cli.run(['doctor', 'ringfence.yaml'])
    expect([well.code, well.stderr]).toEqual([0, ''])
    expect(well.stdout.match(/^ok .*$/gm)).toHaveLength(9)
    const root = await cli.run(['doctor', 'ringfence.yaml', '--json'], credentials(cli.aws.root))
    const { checks } = JSON.parse(root.stdout) as { checks: { name: string; ok: boolean; hint?: string }[] }
    expect([root.code, checks.filter(({ ok }) => !ok)]).toEqual([
      3,
      [expect.objectContaining({ name: 'administrator', hint: expect.any(String) })],
    ])
  })
})
