import { type AccessSummary, type Declaration, type Kept, type Plan, withRevocation } from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { type RoleLeft, rolesLeft } from '../offboard/roles-left.js'
import { isBegun, isSettled } from './is-settled.js'
import { whatStays } from './what-stays.js'

/** What a stack says of the updates before. */
export interface Noted {
  /** Who may do what, as it was deployed last; undefined: nothing was. */
  readonly access: AccessSummary | undefined
  readonly kept: Kept
  readonly resources: readonly RecordedResource[]
}

/** One run of the engine. */
export interface UpdateRun {
  readonly declaration: Declaration
  /** Roles whose sessions that were issued before the run are refused. */
  readonly revoke: readonly RoleLeft[]
  /** Whether sessions can be taken on until it ends, so that the next one revokes them again. */
  readonly isRevokedAgain: boolean
}

/**
 * In which runs an update brings a stack to a declaration, so that at no moment anybody has what neither the old file
 * nor the new one gives: the new policy of a team together with the member who is just leaving it, or the old policy
 * together with one who is just joining. The engine changes resources in nearly any order; so a first run only takes
 * away (all that is there is of the old file then), and a second one only gives (all is of the new file). An update that
 * does one of both alone takes one run, provided that what is there is what the stack says, and so does one that was
 * stopped and is carried on with.
 *
 * Where somebody leaves a role that the identity provider lets people take on, taking away has two runs of its own. The
 * first takes them out of its trust and refuses all sessions that were issued before it, and theirs whenever they begin; the second refuses those that
 * were taken in between, up to when the trust had changed for certain. Only then something is given, which those sessions
 * would have had as well. `planOf`: with what is kept beside the file.
 */
export function runsOf(
  declaration: Declaration,
  noted: Noted,
  planOf: (declaration: Declaration) => Plan,
): readonly UpdateRun[] {
  const { access, kept, resources } = noted
  const revoke = rolesLeft(access, resources, declaration, kept.leaving)
  const stays = whatStays(declaration, access)
  const isOne =
    stays.isAll || isSettled(resources, planOf(stays.deployed)) || isBegun(resources, planOf(declaration))
  const gives: UpdateRun = { declaration, revoke: [], isRevokedAgain: false }
  const takes: UpdateRun = {
    declaration: stays.declaration,
    revoke,
    isRevokedAgain: revoke.length > 0,
  }
  if (revoke.length === 0) return isOne ? [gives] : [takes, gives]
  const revokes: UpdateRun = { ...takes, isRevokedAgain: false }
  return stays.isAll ? [takes, revokes] : [takes, revokes, gives]
}

/** What is kept with a run that begins at that instant (ISO 8601, UTC, whole seconds). */
export function keptWith(
  kept: Kept,
  { isRevokedAgain, revoke }: Pick<UpdateRun, 'isRevokedAgain' | 'revoke'>,
  at: string,
): Kept {
  const { leaving: _, ...rest } = revoke.reduce<Kept>((sum, { role }) => withRevocation(sum, role, at), kept)
  if (!isRevokedAgain) return rest
  const leaving = revoke.map(({ members, role, subjects = {} }) => [role, { members, subjects }] as const)
  return { ...rest, leaving: Object.fromEntries(leaving) }
}
