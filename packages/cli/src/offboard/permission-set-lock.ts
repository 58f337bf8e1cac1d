import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { withoutSessionLock, withSessionLock } from '@ringfence/lifecycle'
import type { Kept, Plan } from '@ringfence/plan'
import type { PermissionSetIds } from '@ringfence/pulumi/deploy'
import { clientSettings } from '../deploy/aws-access.js'
import { translateAwsError } from '../deploy/identify.js'
import { provisionSet } from '../deploy/provision-sets.js'
import type { Target } from '../deploy/target.js'
import { unlessGone } from '../drift/unless-gone.js'
import type { Io } from '../io.js'
import { printable } from '../output/printable.js'
import type { Offboarding } from './leaver.js'
import type { StackRole } from './roles-of-stack.js'

type SessionOfSets = {
  readonly plan: Pick<Plan, 'account'>
  readonly target: Pick<Target, 'identityCenter'>
}

/** As much of a leaver as this is about. */
type LeaverOfSets = Pick<Offboarding, 'lockedAt' | 'roles'> & { readonly session: SessionOfSets }

/**
 * Refuses the sessions of permission sets that were issued before the leaver's instant, by the inline policies of the
 * sets; what else is in these stays. Where Identity Center does not bring it to the account, that is told: the update
 * that follows refuses the same sessions.
 */
export async function lockPermissionSets(
  { lockedAt, roles, session }: LeaverOfSets,
  io: Pick<Io, 'stderr'>,
): Promise<void> {
  const lock = (inlinePolicy: string): string => withSessionLock(inlinePolicy, lockedAt)
  await changeAll(session, roles, lock, (role, failure) =>
    io.stderr.write(
      failure === undefined
        ? `done: ${describeLock(role)}\n`
        : `warning: the update that follows refuses the sessions of ${role}, and nothing before it: ${printable(failure)}\n`,
    ),
  )
}

/**
 * Takes the denial off again where the plan refuses the same sessions by now, whichever `offboard` put it there: one
 * may have been killed before it got to this. One that is put there meanwhile is later, and stays.
 */
export async function unlockPermissionSets(
  session: SessionOfSets,
  roles: readonly StackRole[],
  { revocations }: Pick<Kept, 'revocations'>,
): Promise<void> {
  const revoked = roles.filter(({ role }) => revocations[role] !== undefined)
  const unlock = (inlinePolicy: string, role: string): string =>
    withoutSessionLock(inlinePolicy, revocations[role] ?? '')
  await changeAll(session, revoked, unlock, () => {})
}

/** Empties the inline policies of permission sets: no file declares one. */
export async function clearInlinePolicies(
  session: SessionOfSets,
  roles: readonly StackRole[],
): Promise<void> {
  await changeAll(
    session,
    roles,
    () => '',
    () => {},
  )
}

/** For people. */
export function describeLock(role: string): string {
  return `deny by the inline policy of permission set ${role}`
}

async function changeAll(
  { plan, target }: SessionOfSets,
  roles: readonly StackRole[],
  edit: (inlinePolicy: string, role: string) => string,
  onDone: (role: string, failure: string | undefined) => void,
): Promise<void> {
  const access = target.identityCenter
  const sets = roles.flatMap(({ permissionSet, role }) =>
    permissionSet === undefined ? [] : [{ permissionSet, role }],
  )
  if (access === undefined || sets.length === 0) return
  const sso = new SSOAdmin(clientSettings(access))
  try {
    for (const { permissionSet, role } of sets)
      onDone(role, await change(sso, permissionSet, plan.account, (old) => edit(old, role)))
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
  return provisionSet(sso, set, account)
}

const gone = 'ResourceNotFoundException'
