import type { Plan } from '@ringfence/plan'
import type { Environment, PulumiInspection } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { CallerIdentity } from './aws-access.js'
import { checkCaller } from './check-caller.js'
import { cliErrorOf } from './cli-error-of.js'

/** What `doctor` found out about one thing. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** What is there, or what is wrong. */
  readonly found: string
  readonly hint?: string
  /** With what the command ends if this is the first problem. */
  readonly exitCode?: ExitCode
}

/** AWS refuses a signature whose time is further off: 15 minutes for most services; S3 says RequestTimeTooSkewed. */
const refusedSkewMs = 15 * 60_000
/** From here on it is worth a look. */
const toleratedSkewMs = 60_000

const oldestNode = [20, 19] as const

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  if (ok) return { name: 'Node', ok, found: version }
  return problem('Node', `${version} is too old`, 'install Node 20.19 or newer', exitCode.usage)
}

/** What of Pulumi is there; `error` where its CLI could not be used at all. */
export function checkPulumi(
  inspected: { readonly value: PulumiInspection } | { readonly error: unknown },
  env: Environment,
): readonly Check[] {
  if ('error' in inspected) return [failed('Pulumi CLI', inspected.error)]
  const { version, path, plugin, backend } = inspected.value
  const found = path === undefined ? version : `${version}, ${path}`
  return [
    { name: 'Pulumi CLI', ok: true, found },
    plugin === undefined
      ? problem(
          'AWS plugin',
          'is neither installed nor on PATH',
          'run `pulumi plugin install resource aws`, or let the first `ringfence up` fetch it',
          exitCode.usage,
        )
      : { name: 'AWS plugin', ok: true, found: plugin.version ?? plugin.path ?? 'installed' },
    ...('error' in backend
      ? [failed('backend', backend.error)]
      : [
          { name: 'backend', ok: true, found: `${backend.url} as ${backend.user}` },
          checkPassphrase(backend.url, env),
        ]),
  ]
}

function checkPassphrase(backend: string, env: Environment): Check {
  const name = 'secrets'
  if (env['PULUMI_CONFIG_PASSPHRASE'] !== undefined) {
    return { name, ok: true, found: 'PULUMI_CONFIG_PASSPHRASE is set' }
  }
  if (env['PULUMI_CONFIG_PASSPHRASE_FILE'] !== undefined) {
    return { name, ok: true, found: 'PULUMI_CONFIG_PASSPHRASE_FILE is set' }
  }
  if (/^https?:/.test(backend)) return { name, ok: true, found: 'kept by the backend' }
  return problem(
    name,
    'no passphrase is set',
    'set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE; a stack made with `--secrets-provider awskms://…` needs none',
    exitCode.usage,
  )
}

/** Who AWS says is calling, whether the file lets them deploy, and how far our clock is off. */
export function checkCredentials(
  asked: { readonly value: CallerIdentity; readonly nowMs: number } | { readonly error: unknown },
  plan: Plan | undefined,
): readonly Check[] {
  if ('error' in asked) return [failed('credentials', asked.error)]
  const { value: caller, nowMs } = asked
  return [
    { name: 'credentials', ok: true, found: caller.arn },
    ...(plan === undefined ? [] : checkAgainst(caller, plan)),
    ...(caller.answeredAtMs === undefined ? [] : [checkClock(nowMs - caller.answeredAtMs)]),
  ]
}

function checkAgainst(caller: CallerIdentity, plan: Plan): readonly Check[] {
  try {
    checkCaller(caller, plan)
  } catch (error) {
    const other = error instanceof CliError && error.code === 'ACCOUNT_OTHER'
    if (other) return [failed('account', error)]
    return [{ name: 'account', ok: true, found: caller.account }, failed('administrator', error)]
  }
  return [
    { name: 'account', ok: true, found: caller.account },
    { name: 'administrator', ok: true, found: 'is among those of the file' },
  ]
}

/** `aheadMs`: how far our clock is ahead of AWS's; its answer tells whole seconds. */
export function checkClock(aheadMs: number): Check {
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  const found = `${seconds} seconds ${aheadMs < 0 ? 'behind' : 'ahead of'} AWS`
  if (Math.abs(aheadMs) < toleratedSkewMs) return { name: 'clock', ok: true, found }
  const refused = Math.abs(aheadMs) >= refusedSkewMs ? '; AWS refuses signatures from 15 minutes on' : ''
  return problem('clock', `${found}${refused}`, "set this machine's clock by NTP", exitCode.failed)
}

function failed(name: string, error: unknown): Check {
  const known = cliErrorOf(error)
  if (!(known instanceof CliError)) throw known
  return problem(name, known.message, known.options.hint, known.exitCode)
}

function problem(name: string, found: string, hint: string | undefined, code: ExitCode): Check {
  return { name, ok: false, found, ...(hint === undefined ? {} : { hint }), exitCode: code }
}
