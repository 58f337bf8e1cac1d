import type { DeployCode } from './codes.js'
import { DeployError, type ResourceFailure } from './deploy-error.js'
import { plainText } from './engine-events.js'
import { PulumiFailure } from './pulumi-failure.js'

/** What is known of a run that failed, beside its error. */
export interface FailedRun {
  readonly stack: string
  readonly failures: readonly ResourceFailure[]
  readonly cancelled: boolean
}

interface Rule {
  readonly code: DeployCode
  readonly pattern: RegExp
  readonly message: (match: RegExpExecArray, stack: string) => string
  readonly hint: string
}

const settleSecrets = 'set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it'

/**
 * What the Pulumi CLI (3.206 to 3.258) and its backends say, and what it means. The first that fits counts, so
 * that causes come before what follows from them.
 */
const rules: readonly Rule[] = [
  {
    code: 'STACK_LOCKED',
    pattern: /the stack is currently locked by|\[409\] Conflict: Another update is currently in progress/,
    message: (_, stack) => `another update of the stack ${stack} is running`,
    hint: 'wait until it ends; if you are sure that nothing runs any more, unlock it with `pulumi cancel`',
  },
  {
    code: 'STACK_NOT_FOUND',
    pattern: /no stack named .* found/,
    message: (_, stack) => `there is no stack ${stack}`,
    hint: '`ringfence up` makes it; `pulumi stack ls --all` lists those that are there',
  },
  {
    code: 'PASSPHRASE_WRONG',
    pattern: /incorrect passphrase/,
    message: (_, stack) =>
      `the passphrase is not the one that the secrets of the stack ${stack} are encrypted with`,
    hint: `${settleSecrets}; without it the stack's secrets are lost, and nothing else is`,
  },
  {
    code: 'PASSPHRASE_MISSING',
    pattern: /passphrase must be set with|unable to read PULUMI_CONFIG_PASSPHRASE_FILE/,
    message: (_, stack) =>
      `the secrets of the stack ${stack} are encrypted with a passphrase, and none is set`,
    hint: settleSecrets,
  },
  {
    code: 'SECRETS_PROVIDER_FAILED',
    pattern:
      /unknown secrets provider type '[^']*'|could not create secrets manager[^\n]*|secrets \(code=[^\n]*/,
    message: ([told]) => `the secrets provider cannot be used: ${told}`,
    hint: 'name one that you may use, such as `--secrets-provider awskms://alias/NAME?region=REGION`',
  },
  {
    code: 'BACKEND_NOT_LOGGED_IN',
    pattern:
      /PULUMI_ACCESS_TOKEN must be set|you must be logged in|invalid access token|\[401\] Unauthorized/,
    message: () => 'Pulumi has no backend to keep the stack in, or is not logged in to it',
    hint: 'run `pulumi login` (also: `pulumi login s3://BUCKET`), or set PULUMI_BACKEND_URL',
  },
  {
    code: 'BACKEND_NOT_REACHABLE',
    pattern:
      /unable to open bucket [^\n]*|read "\.pulumi\/meta\.yaml"[^\n]*|performing HTTP request: [^\n]*|could not list bucket[^\n]*/,
    message: ([told]) => `Pulumi's backend cannot be reached: ${told}`,
    hint: 'check PULUMI_BACKEND_URL, or the URL of `pulumi login`, and that you may use what it names',
  },
  {
    code: 'PLUGIN_NOT_FOUND',
    pattern:
      /could not find latest version for provider (\w+)|no resource plugin 'pulumi-resource-(\w+)'|failed to (?:download|install) (?:provider|plugin)[^\n]*?\b(aws)\b/,
    message: (match) =>
      `Pulumi's provider ${match[1] ?? match[2] ?? match[3]} is neither installed nor to be had`,
    hint: 'run `pulumi plugin install resource aws`, or put the folder of `pulumi-resource-aws` on PATH',
  },
  {
    code: 'SECRET_NAME_TAKEN',
    pattern: /a secret with this name is already scheduled for deletion/,
    message: () => 'a secret waits for its deletion in Secrets Manager, and its name is taken until then',
    hint: '`aws secretsmanager list-secrets --include-planned-deletion` names it; delete it with `aws secretsmanager delete-secret --force-delete-without-recovery --secret-id NAME`, and run this again',
  },
]

/** Turns what a run of Pulumi rejected with into an error that says what to do; what is no such thing stays. */
export function translateError(error: unknown, run: FailedRun): unknown {
  if (!(error instanceof PulumiFailure)) return error
  const told = plainText(
    `${error.stderr}\n${error.stdout}\n${run.failures.map(({ message }) => message).join('\n')}`,
  )
  for (const { code, pattern, message, hint } of rules) {
    const match = pattern.exec(told)
    if (match === null) continue
    const holder = code === 'STACK_LOCKED' ? lockHolder(told) : ''
    return new DeployError(code, `${message(match, run.stack)}${holder}`, { hint, cause: error })
  }
  if (run.cancelled || /error: update canceled/.test(told)) {
    const message = `${error.command} of the stack ${run.stack} was cancelled; what it had done is kept`
    return new DeployError('DEPLOYMENT_CANCELLED', message, { cause: error })
  }
  return failedDeployment(error, run, told)
}

/** `created by ada@host (pid 4711) at 2026-01-01T00:00:00Z`, of the backends that keep files. */
function lockHolder(told: string): string {
  const match = /created by (\S+) \(pid (\d+)\) at (\S+)/.exec(told)
  return match === null ? '' : `: by ${match[1]}, process ${match[2]}, since ${match[3]}`
}

/** What Pulumi says after the failure of a resource, and which adds nothing to it. */
const echoes =
  /^(update failed|update canceled|preview failed|resource .* failed|One or more errors occurred.*)$/s

function failedDeployment(error: PulumiFailure, run: FailedRun, told: string): DeployError {
  const failures = distinct(run.failures).filter(({ message }) => !echoes.test(message))
  if (failures.length > 0) {
    const [only] = failures
    const what =
      failures.length === 1 && only !== undefined
        ? `${only.id} failed: ${only.message}`
        : `${failures.length} resources failed`
    return new DeployError('DEPLOYMENT_FAILED', what, { failures, hint: hintFor(failures), cause: error })
  }
  const first = /^error: (.+)$/m.exec(told)?.[1] ?? /^.*\S.*$/m.exec(told)?.[0] ?? error.message
  return new DeployError('PULUMI_FAILED', `pulumi ${error.command}: ${first}`, {
    hint: 'RINGFENCE_DEBUG=1 shows all that Pulumi said',
    cause: new Error(told.trim(), { cause: error }),
  })
}

function distinct(failures: readonly ResourceFailure[]): readonly ResourceFailure[] {
  return [...new Map(failures.map((one) => [`${one.id}\n${one.message}`, one])).values()]
}

function hintFor(failures: readonly ResourceFailure[]): string {
  const text = failures.map(({ message }) => message).join('\n')
  if (/BucketNotEmpty/.test(text)) {
    return 'empty the bucket, or write `destroyWithObjects: true` for its dataset and run `ringfence up` before'
  }
  if (/AccessDenied|not authorized|UnauthorizedOperation/.test(text)) {
    return 'let the deploying identity do this (AWS names the action), then run the same command again'
  }
  if (/ExpiredToken|token (?:included in the request )?is expired/i.test(text)) {
    return 'sign in again, then run the same command again: it goes on where this one stopped'
  }
  if (/AlreadyExists|BucketAlreadyOwnedByYou/.test(text)) {
    return 'something of this name exists in the account and is not of this stack: remove it, or import it with `pulumi import`'
  }
  return 'mend what AWS names, then run the same command again: it goes on where this one stopped'
}
