import type { AccessSummary, Declaration, Plan } from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { type RoleLeft, rolesLeft } from '../offboard/roles-left.js'
import { isBegun, isSettled } from './is-settled.js'
import { whatStays } from './what-stays.js'

/** What a stack says of the updates before. */
export interface Noted {
  /** Who may do what, as it was deployed last; undefined: nothing was. */
  readonly access: AccessSummary | undefined
  /** As it was before an update that has not yet revoked all sessions of those who left. */
  readonly leaving?: AccessSummary | undefined
  readonly resources: readonly RecordedResource[]
}

/** One run of the engine. */
export interface UpdateRun {
  readonly declaration: Declaration
  /** Roles whose sessions that were issued before the run are refused. */
  readonly revoke: readonly RoleLeft[]
  /** To be noted with it: as long as revocations are not complete, the next update has to find them again. */
  readonly leaving?: AccessSummary | undefined
}

/**
 * In which runs an update brings a stack to a declaration, so that at no moment anybody has what neither the old file
 * nor the new one gives: the new policy of a team together with the member who is just leaving it, or the old policy
 * together with one who is just joining. The engine changes resources in nearly any order; so a first run only takes
 * away (all that is there is of the old file then), and a second one only gives (all is of the new file). An update that
 * does one of both alone takes one run, provided that what is there is what the stack says, and so does one that was
 * stopped and is carried on with.
 *
 * Where somebody leaves a role that the identity provider lets people take on, there are two runs as well. The first
 * takes them out of its trust and refuses all sessions that were issued before it; the second refuses those that were
 * taken in between, up to when the trust had changed for certain. `planOf`: with what is kept beside the file.
 */
export function runsOf(
  declaration: Declaration,
  noted: Noted,
  planOf: (declaration: Declaration) => Plan,
): readonly UpdateRun[] {
  const { access, resources } = noted
  const leaving = noted.leaving ?? access
  const revoke = rolesLeft(leaving, resources, declaration)
  const stays = whatStays(declaration, access)
  const isOne =
    stays.isAll || isSettled(resources, planOf(stays.deployed)) || isBegun(resources, planOf(declaration))
  if (revoke.length === 0 && isOne) return [{ declaration, revoke }]
  return [
    { declaration: stays.declaration, revoke, ...(revoke.length === 0 ? {} : { leaving }) },
    { declaration, revoke },
  ]
}
