import type { ExternalPrincipal, Plan } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { CallerIdentity } from './aws-access.js'
import type { Profiles } from './target.js'

/** The principals who may change the fence. */
export function administratorsOf(plan: Pick<Plan, 'external'>): readonly ExternalPrincipal[] {
  return plan.external.filter((one): one is ExternalPrincipal => one.purpose === 'administrator')
}

/**
 * Refuses whoever is of another account, and whoever the fence would lock out of what they are about to build:
 * only the file's administrators may change it again.
 */
export function checkCaller(caller: CallerIdentity, plan: Plan): void {
  if (caller.account !== plan.account) {
    throw new CliError(
      'ACCOUNT_OTHER',
      `the credentials are of account ${caller.account} (${caller.arn}), and the file declares account ${plan.account}`,
      { hint: `use credentials of ${plan.account}, or another file`, exitCode: exitCode.credentials },
    )
  }
  const administrators = administratorsOf(plan)
  if (administrators.some((one) => isPrincipal(caller.arn, one))) return
  const names = administrators.map(({ kind, name }) => `${kind}/${name}`)
  const who = caller.arn.endsWith(':root') ? "the account's root user" : caller.arn
  throw new CliError(
    'ADMINISTRATOR_REQUIRED',
    `${who} is none of the file's administrators (${names.join(', ')}): the fence would lock it out of its own deployment`,
    {
      hint: `take a session of ${names[0] ?? 'an administrator'}, or add the deploying identity to \`administrators\``,
      exitCode: exitCode.credentials,
    },
  )
}

/** A role shows as its session, whose ARN has the role's name without its path; role names are unique. */
function isPrincipal(arn: string, administrator: ExternalPrincipal): boolean {
  const { kind, name } = administrator
  if (kind !== 'role') return arn === administrator.arn
  const session = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn)
  return session !== null && session[2] === name && administrator.arn.includes(`::${session[1]}:`)
}

/** Whether the plan has what only the organization's management account can set. */
export function hasGuardrail(plan: Pick<Plan, 'resources'>): boolean {
  return plan.resources.some(({ type }) => type === 'organizations.Policy')
}

/** Refuses a plan with a service control policy where nobody is named who may set it. */
export function requireManagementProfile(plan: Plan, profile: string | undefined): void {
  if (profile !== undefined || !hasGuardrail(plan)) return
  throw new CliError(
    'MANAGEMENT_PROFILE_MISSING',
    'the guardrail of the file is a service control policy, which only the management account of the organization can set',
    {
      hint: 'name a profile of your AWS configuration that signs in there: `--management-profile NAME`',
      exitCode: exitCode.usage,
    },
  )
}

/** Refuses a plan for Identity Center where nobody is named who may deploy it. */
export function requireIdentityCenterProfile(
  { identityCenter }: Plan,
  { identityCenterProfile, managementProfile }: Profiles,
): void {
  if (identityCenter === undefined || (identityCenterProfile ?? managementProfile) !== undefined) return
  throw new CliError(
    'IDENTITY_CENTER_NO_PROFILE',
    'people of the file sign in by Identity Center, whose permission sets are made in its own account',
    {
      hint: 'name a profile of your AWS configuration that signs in there: `--identity-center-profile NAME`',
      exitCode: exitCode.usage,
    },
  )
}

/** Refuses a management profile that is of another account than the organization's management account. */
export function checkManagement(
  caller: CallerIdentity,
  managementAccount: string,
  plan: Plan,
  profile: string,
): void {
  const refuse = (message: string): never => {
    throw new CliError('MANAGEMENT_ACCOUNT_OTHER', message, {
      hint: `let the profile ${profile} sign in to account ${managementAccount}`,
      exitCode: exitCode.credentials,
    })
  }
  if (caller.account !== managementAccount) {
    refuse(
      `the profile ${profile} is of account ${caller.account}; the organization's management account is ${managementAccount}`,
    )
  }
  if (caller.account === plan.account) {
    throw new CliError(
      'MANAGEMENT_ACCOUNT_OTHER',
      `account ${plan.account} is itself the organization's management account, which no service control policy binds`,
      {
        hint: 'declare a member account, or leave out `guardrail: serviceControlPolicy`',
        exitCode: exitCode.credentials,
      },
    )
  }
}
