import { keptWith, type RoleLeft, rolesLeft, type UpdateRun } from '@ringfence/lifecycle'
import type { AccessSummary } from '@ringfence/plan'
import { outputsOf } from '@ringfence/pulumi/deploy'
import { replan } from './replan.js'
import type { Session } from './session.js'

/** Roles that somebody can take on as the stack was deployed, and not as the file says. */
export function leftBy({ declaration, kept, state }: Session): readonly RoleLeft[] {
  return rolesLeft(accessBefore({ state }), state?.deployment.resources ?? [], declaration, kept.leaving)
}

/** What the stack says of who may do what, as it was deployed last. */
export function accessBefore({ state }: Pick<Session, 'state'>): AccessSummary | undefined {
  const noted = state === undefined ? undefined : outputsOf(state)['access']
  return noted?.secret === false ? (noted.value as AccessSummary) : undefined
}

/** The session with a plan that refuses, on the roles that somebody leaves, all sessions issued up to now. */
export function revokeLeavers(session: Session, nowMs: number): Session {
  const revoke = leftBy(session)
  return replan(
    session,
    keptInRun(session, { revoke, prepare: [], isRevokedAgain: revoke.length > 0 }, nowMs),
  )
}

/** What is kept with a run of the session's update that begins now. */
export function keptInRun(
  session: Session,
  run: Omit<UpdateRun, 'declaration'>,
  nowMs: number,
): Session['kept'] {
  return keptWith(session.kept, run, revocationInstant(nowMs + session.awsAheadMs))
}

/** The end of the second: sessions tell their time of issue in whole ones. */
export function revocationInstant(nowMs: number): string {
  return `${new Date(Math.floor(nowMs / 1000) * 1000 + 1000).toISOString().slice(0, 19)}Z`
}
