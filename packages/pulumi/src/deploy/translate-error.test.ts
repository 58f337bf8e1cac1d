import { describe, expect, it } from 'vitest'
import type { DeployCode } from './codes.js'
import { DeployError } from './deploy-error.js'
import { PulumiFailure } from './pulumi-failure.js'
import { translateError } from './translate-error.js'

const translate = (stderr: string, options: { stdout?: string; failures?: [string, string][] } = {}) =>
  translateError(new PulumiFailure('up', 1, stderr, options.stdout ?? ''), {
    stack: 'dev',
    failures: (options.failures ?? []).map(([id, message]) => ({ id, message })),
    cancelled: false,
  }) as DeployError

// What the Pulumi CLI 3.258.0 wrote, with other names of folders and hosts.
const recorded: readonly (readonly [DeployCode, string, string])[] = [
  [
    'STACK_LOCKED',
    'error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///state/.pulumi/locks/organization/ringfence-acme/dev/1af4078b.json?no_tmp_dir=true: created by ada@laptop (pid 27066) at 2026-11-22T19:41:13Z',
    'another update of the stack dev is running: by ada@laptop, process 27066, since 2026-11-22T19:41:13Z',
  ],
  ['STACK_NOT_FOUND', "error: no stack named 'dev' found", 'there is no stack dev'],
  [
    'PASSPHRASE_WRONG',
    'error: getting stack configuration: get stack secrets manager: failed to decrypt: incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE to the correct passphrase or set PULUMI_CONFIG_PASSPHRASE_FILE to a file containing the passphrase',
    'the passphrase is not the one that the secrets of the stack dev are encrypted with',
  ],
  [
    'PASSPHRASE_MISSING',
    'error: could not create secrets manager for new stack: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables',
    'the secrets of the stack dev are encrypted with a passphrase, and none is set',
  ],
  [
    'PASSPHRASE_MISSING',
    'error: constructing secrets manager of type "passphrase": constructing secrets manager: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /gone: no such file or directory',
    'the secrets of the stack dev are encrypted with a passphrase, and none is set',
  ],
  [
    'SECRETS_PROVIDER_FAILED',
    "error: unknown secrets provider type 'bogus' (supported values: default,passphrase,awskms,azurekeyvault,gcpkms,hashivault)",
    "the secrets provider cannot be used: unknown secrets provider type 'bogus'",
  ],
  [
    'SECRETS_PROVIDER_FAILED',
    'error: could not create secrets manager for new stack: secrets (code=Unknown): operation error KMS: Encrypt, get identity: get credentials: failed to refresh cached credentials',
    'the secrets provider cannot be used: could not create secrets manager for new stack: secrets (code=Unknown): operation error KMS: Encrypt, get identity: get credentials: failed to refresh cached credentials',
  ],
  [
    'BACKEND_NOT_LOGGED_IN',
    'error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions',
    'Pulumi has no backend to keep the stack in, or is not logged in to it',
  ],
  [
    'BACKEND_NOT_REACHABLE',
    'error: unable to open bucket file:///gone?no_tmp_dir=true: stat /gone: no such file or directory',
    "Pulumi's backend cannot be reached: unable to open bucket file:///gone?no_tmp_dir=true: stat /gone: no such file or directory",
  ],
  [
    'BACKEND_NOT_REACHABLE',
    'Logging in using access token from PULUMI_ACCESS_TOKEN\nerror: performing HTTP request: Get "https://localhost:1/api/user": dial tcp 127.0.0.1:1: connect: connection refused',
    'Pulumi\'s backend cannot be reached: performing HTTP request: Get "https://localhost:1/api/user": dial tcp 127.0.0.1:1: connect: connection refused',
  ],
  [
    'PLUGIN_NOT_FOUND',
    'error: could not find latest version for provider aws: Get "https://api.github.com/repos/pulumi/pulumi-aws/releases/latest": dial tcp: lookup api.github.com: no such host',
    "Pulumi's provider aws is neither installed nor to be had",
  ],
  [
    'SECRET_NAME_TAKEN',
    "error: creating Secrets Manager Secret (ringfence/acme/bot/access-key): operation error Secrets Manager: CreateSecret, https response error StatusCode: 400, InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.",
    'a secret waits for its deletion in Secrets Manager, and its name is taken until then',
  ],
  [
    'DEPLOYMENT_CANCELLED',
    'error: update canceled',
    'up of the stack dev was cancelled; what it had done is kept',
  ],
  ['PULUMI_FAILED', 'error: the engine is on strike\nmore', 'pulumi up: the engine is on strike'],
]

describe('what Pulumi says', () => {
  it.each(recorded)('%s: %s', (code, stderr, message) => {
    const error = translate(stderr)
    expect(error).toBeInstanceOf(DeployError)
    expect([error.code, error.message]).toEqual([code, message])
    if (code !== 'DEPLOYMENT_CANCELLED') expect(error.options.hint).toMatch(/\S/)
  })

  it('is understood on stdout, and in what the engine tells of a resource', () => {
    expect(translate('', { stdout: 'Diagnostics:\n    error: update canceled\n' }).code).toBe(
      'DEPLOYMENT_CANCELLED',
    )
    const plugin = "no resource plugin 'pulumi-resource-aws' found in the workspace"
    expect(translate('', { failures: [['aws', plugin]] }).code).toBe('PLUGIN_NOT_FOUND')
  })

  it('leaves any other error as it is', () => {
    const error = new TypeError('x')
    expect(translateError(error, { stack: 'dev', failures: [], cancelled: false })).toBe(error)
  })
})

describe('failures of resources', () => {
  const denied =
    'creating IAM User (ada): operation error IAM: CreateUser, https response error StatusCode: 403, api error AccessDenied: not authorized'

  it('are told once each, with the resource, and without what only echoes them', () => {
    const error = translate('', {
      failures: [
        ['member/ada/user', denied],
        ['member/ada/user', denied],
        ['pulumi', 'update failed'],
      ],
    })
    expect(error).toMatchObject({
      code: 'DEPLOYMENT_FAILED',
      message: `member/ada/user failed: ${denied}`,
      options: { failures: [{ id: 'member/ada/user', message: denied }] },
    })
    expect(error.options.hint).toMatch(/^let the deploying identity do this/)
  })

  it.each([
    ['BucketNotEmpty: The bucket you tried to delete is not empty', /destroyWithObjects/],
    ['ExpiredToken: The security token included in the request is expired', /^sign in again/],
    ['EntityAlreadyExists: User with name ada already exists.', /pulumi import/],
    ['MalformedPolicyDocument: x', /^mend what AWS names/],
  ])('%s: what to do', (message, hint) => {
    const error = translate('', {
      failures: [
        ['a', message],
        ['b', 'other'],
      ],
    })
    expect(error.message).toBe('2 resources failed')
    expect(error.options.hint).toMatch(hint)
  })
})
