import { type AccessSummary, type Declaration, type Kept, type Plan, withRevocation } from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { type RoleLeft, rolesLeft } from '../offboard/roles-left.js'
import { isBegun, isSettled } from './is-settled.js'
import { rolesToPrepare } from './roles-to-prepare.js'
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
  /** Roles to which the policy that ends sessions is attached in the run, although it has none to end yet. */
  readonly prepare: readonly string[]
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
 * first takes them out of its trust and refuses all sessions that were issued before it, and theirs whenever they begin;
 * the second refuses those that were taken in between, up to when the trust had changed for certain. Only then something
 * is given, which those sessions would have had as well.
 *
 * Where somebody whose access ends joins a role that ended nobody's sessions before, the policy that ends them is attached
 * in the first run: trust policy and attachment are changed one after the other, and a session that began in between
 * would outlive its end if the update came no further. `planOf`: with what is kept beside the file.
 */
export function runsOf(
  declaration: Declaration,
  noted: Noted,
  planOf: (declaration: Declaration) => Plan,
): readonly UpdateRun[] {
  const { access, kept, resources } = noted
  const revoke = rolesLeft(access, resources, declaration, kept.leaving)
  const stays = whatStays(declaration, access)
  const gives: UpdateRun = { declaration, revoke: [], prepare: [], isRevokedAgain: false }
  const takes: UpdateRun = {
    declaration: stays.declaration,
    revoke,
    prepare: [],
    isRevokedAgain: revoke.length > 0,
  }
  const revokes: readonly UpdateRun[] = revoke.length > 0 ? [{ ...takes, isRevokedAgain: false }] : []
  if (stays.isAll) return revoke.length > 0 ? [takes, ...revokes] : [gives]
  const plan = planOf(declaration)
  const prepare = rolesToPrepare(resources, plan)
  const isOne = isSettled(resources, planOf(stays.deployed)) || isBegun(resources, plan)
  if (isOne && revoke.length + prepare.length === 0) return [gives]
  return [{ ...takes, prepare }, ...revokes, gives]
}

/** The beginning of AWS's own time: no session was issued before it. */
const epoch = '1970-01-01T00:00:00Z'

/** What is kept with a run that begins at that instant (ISO 8601, UTC, whole seconds). */
export function keptWith(
  kept: Kept,
  { isRevokedAgain, prepare, revoke }: Omit<UpdateRun, 'declaration'>,
  at: string,
): Kept {
  const prepared = prepare.reduce<Kept>((sum, role) => withRevocation(sum, role, epoch), kept)
  const { leaving: _, ...rest } = revoke.reduce<Kept>(
    (sum, { role }) => withRevocation(sum, role, at),
    prepared,
  )
  if (!isRevokedAgain) return rest
  const leaving = revoke.map(({ members, role, subjects = {} }) => [role, { members, subjects }] as const)
  return { ...rest, leaving: Object.fromEntries(leaving) }
}
