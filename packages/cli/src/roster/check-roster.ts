import { checkRemovals, takenOver } from '@ringfence/lifecycle'
import { accessBefore } from '../deploy/revoke-leavers.js'
import type { Session } from '../deploy/session.js'
import { refuseRemovals } from './refuse-removals.js'
import { refuseTakenName } from './refuse-taken-name.js'

/**
 * What a roster removes has a limit, against what is deployed: files that people write are reviewed. And no name of it
 * goes to somebody else. To be called before every update, since each brings all of the roster. `allowed` is what a
 * command was told to allow; undefined: it cannot be told.
 */
export function checkRoster({ declaration, hasRoster, plan, state }: Session, allowed?: number): void {
  const before = accessBefore({ state })
  if (!hasRoster || before === undefined) return
  refuseTakenName(takenOver(before, plan.access))
  const removals = checkRemovals(before, plan.access, {
    allowed: allowed ?? 0,
    share: declaration.rosterRemovals,
  })
  refuseRemovals(removals, allowed === undefined ? 'ringfence up ' : '')
}
