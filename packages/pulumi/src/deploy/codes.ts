/** Codes of what keeps a stack from being read or changed; `docs/cli.md` explains each. */
export const deployCodes = [
  'PULUMI_NOT_FOUND',
  'PULUMI_TOO_OLD',
  'PLUGIN_NOT_FOUND',
  'BACKEND_NOT_LOGGED_IN',
  'BACKEND_NOT_REACHABLE',
  'STACK_NOT_FOUND',
  'STACK_LOCKED',
  'PASSPHRASE_MISSING',
  'PASSPHRASE_WRONG',
  'SECRETS_PROVIDER_FAILED',
  'SECRETS_PROVIDER_OTHER',
  'STATE_NOT_UNDERSTOOD',
  'SECRET_NAME_TAKEN',
  'DEPLOYMENT_FAILED',
  'DEPLOYMENT_CANCELLED',
  'PULUMI_FAILED',
] as const

export type DeployCode = (typeof deployCodes)[number]
