import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { withoutSessionLock, withSessionLock } from '@ringfence/lifecycle'
import type { Plan } from '@ringfence/plan'
import { setTimeout as sleep } from 'node:timers/promises'
import { clientSettings } from '../deploy/aws-access.js'
import { translateAwsError } from '../deploy/identify.js'
import type { Target } from '../deploy/target.js'
import { unlessGone } from '../drift/unless-gone.js'
import type { Io } from '../io.js'
import { printable } from '../output/printable.js'
import type { Offboarding, PermissionSetIds } from './leaver.js'

/** As much of a leaver as this is about. */
type LeaverOfSets = Pick<Offboarding, 'lockedAt' | 'roles'> & {
  readonly session: {
    readonly plan: Pick<Plan, 'account'>
    readonly target: Pick<Target, 'identityCenter'>
  }
}

/**
 * Refuses the sessions of permission sets that were issued before the leaver's instant, by the inline policies of the
 * sets; what else is in these stays. Where Identity Center does not bring it to the account, that is told: the update
 * that follows refuses the same sessions.
 */
export async function lockPermissionSets(leaver: LeaverOfSets, io: Pick<Io, 'stderr'>): Promise<void> {
  await changeAll(
    leaver,
    (inlinePolicy) => withSessionLock(inlinePolicy, leaver.lockedAt),
    (role, failure) =>
      io.stderr.write(
        failure === undefined
          ? `done: ${describeLock(role)}\n`
          : `warning: the update that follows refuses the sessions of ${role}, and nothing before it: ${printable(failure)}\n`,
      ),
  )
}

/** Takes the denial off again. */
export async function unlockPermissionSets(leaver: LeaverOfSets): Promise<void> {
  await changeAll(leaver, withoutSessionLock, () => {})
}

/** For people. */
export function describeLock(role: string): string {
  return `deny by the inline policy of permission set ${role}`
}

async function changeAll(
  { roles, session }: LeaverOfSets,
  edit: (inlinePolicy: string) => string,
  onDone: (role: string, failure: string | undefined) => void,
): Promise<void> {
  const access = session.target.identityCenter
  const sets = roles.flatMap(({ permissionSet, role }) =>
    permissionSet === undefined ? [] : [{ permissionSet, role }],
  )
  if (access === undefined || sets.length === 0) return
  const sso = new SSOAdmin(clientSettings(access))
  try {
    for (const { permissionSet, role } of sets)
      onDone(role, await change(sso, permissionSet, session.plan.account, edit))
  } catch (error) {
    throw translateAwsError(error, access)
  } finally {
    sso.destroy()
  }
}

/** Gives why Identity Center did not bring the change to the account; undefined: it did. */
async function change(
  sso: SSOAdmin,
  set: PermissionSetIds,
  account: string,
  edit: (inlinePolicy: string) => string,
): Promise<string | undefined> {
  const found = await unlessGone(sso.getInlinePolicyForPermissionSet(set), gone)
  if (found === undefined) return undefined
  const { InlinePolicy: old = '' } = found
  const InlinePolicy = edit(old)
  if (InlinePolicy === old) return undefined
  await (InlinePolicy === ''
    ? sso.deleteInlinePolicyFromPermissionSet(set)
    : sso.putInlinePolicyToPermissionSet({ ...set, InlinePolicy }))
  return provision(sso, set, account)
}

/** The permission set, or its role in the account. */
const gone = 'ResourceNotFoundException'

const pollMs = 500
const mostPolls = 120

/** Brings a permission set to the role that it has in the account. */
async function provision(sso: SSOAdmin, set: PermissionSetIds, account: string): Promise<string | undefined> {
  const begun = await unlessGone(
    sso.provisionPermissionSet({ ...set, TargetType: 'AWS_ACCOUNT', TargetId: account }),
    gone,
  )
  const ProvisionPermissionSetRequestId = begun?.PermissionSetProvisioningStatus?.RequestId
  if (ProvisionPermissionSetRequestId === undefined) return undefined
  for (let polls = 0; polls < mostPolls; polls += 1) {
    const { PermissionSetProvisioningStatus: status } = await sso.describePermissionSetProvisioningStatus({
      InstanceArn: set.InstanceArn,
      ProvisionPermissionSetRequestId,
    })
    if (status?.Status === 'SUCCEEDED') return undefined
    if (status?.Status === 'FAILED') return status.FailureReason ?? 'it failed'
    await sleep(pollMs)
  }
  return `it was not done within ${(mostPolls * pollMs) / 1000} seconds`
}
