import type { DeployCode, DeployError } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import { exitCode, type ExitCode } from '../exit-code.js'

const exitCodes: Readonly<Record<DeployCode, ExitCode>> = {
  PULUMI_NOT_FOUND: exitCode.usage,
  PULUMI_TOO_OLD: exitCode.usage,
  PLUGIN_NOT_FOUND: exitCode.usage,
  BACKEND_NOT_LOGGED_IN: exitCode.credentials,
  BACKEND_NOT_REACHABLE: exitCode.failed,
  STACK_NOT_FOUND: exitCode.noSuchStack,
  STACK_LOCKED: exitCode.failed,
  PASSPHRASE_MISSING: exitCode.usage,
  PASSPHRASE_WRONG: exitCode.usage,
  SECRETS_PROVIDER_FAILED: exitCode.usage,
  SECRETS_PROVIDER_OTHER: exitCode.usage,
  STATE_NOT_UNDERSTOOD: exitCode.usage,
  SECRET_NAME_TAKEN: exitCode.deploymentFailed,
  DEPLOYMENT_FAILED: exitCode.deploymentFailed,
  DEPLOYMENT_CANCELLED: exitCode.cancelled,
  PULUMI_FAILED: exitCode.failed,
}

/** A failure of the driver as one of the command, with all resources that failed; anything else as it is. */
export function cliErrorOf(error: unknown): unknown {
  if (!isDeployError(error)) return error
  const { hint, failures = [] } = error.options
  const lines = failures.length > 1 ? failures.map(({ id, message }) => `\n  ${id}: ${message}`) : []
  return new CliError(error.code, `${error.message}${lines.join('')}`, {
    exitCode: exitCodes[error.code],
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** By name: loading its class would load the driver. */
function isDeployError(error: unknown): error is DeployError {
  return error instanceof Error && error.name === 'DeployError'
}
