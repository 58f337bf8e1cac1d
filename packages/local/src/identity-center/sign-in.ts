import { AwsError } from '../aws-error.js'
import { nameKey } from '../iam/tables.js'
import { issueRoleSession } from '../load/issue-session.js'
import type { LocalCredentials } from '../local-aws.js'
import type { Services } from '../services.js'
import { principalsOf } from './assignments.js'
import { findProvider } from './reserved-roles.js'
import { all, assignmentsOf } from './tables.js'

/** Who signs in, and as what. */
export interface IdentityCenterSignIn {
  /** In the identity store. */
  readonly userName: string
  /** Its name. */
  readonly permissionSet: string
  readonly account: string
}

/**
 * What the access portal gives to a user who is assigned to a permission set in an account, by themselves or by a
 * group: a session of the role that was made there, no longer than the permission set says. Rejects with the portal's
 * ForbiddenException otherwise.
 */
export async function signInByIdentityCenter(
  services: Pick<Services, 'database' | 'sts' | 'trust' | 'state'>,
  { account, permissionSet, userName }: IdentityCenterSignIn,
  nowMs: number,
): Promise<LocalCredentials> {
  const { iam, identityCenter: tables } = services.state
  const user = all(tables.users).find((one) => one.userName === userName)
  const set = all(tables.permissionSets).find(({ name }) => name === permissionSet)
  const ids = principalsOf(tables, user?.id ?? '')
  const assigned =
    set !== undefined &&
    assignmentsOf(tables, set.arn, account).some(({ principalId }) => ids.has(principalId))
  const role = iam.roles.get(nameKey(account, set?.roles[account] ?? ''))
  const provider = findProvider(iam, account)
  if (!assigned || role === undefined || provider === undefined)
    throw new AwsError('ForbiddenException', 'No access', 403)
  return issueRoleSession(
    services,
    {
      roleArn: role.arn,
      sessionName: userName,
      principal: provider,
      action: 'sts:AssumeRoleWithSAML',
      context: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' },
      durationSeconds: secondsOf(set.sessionDuration),
    },
    nowMs,
  )
}

/** `PT8H30M` and the like, as the API takes durations. */
function secondsOf(duration: string): number {
  const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?/.exec(duration) ?? []
  return Number(hours) * 3600 + Number(minutes) * 60
}
