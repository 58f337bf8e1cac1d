import { type RoleLeft, rolesLeft } from '@ringfence/lifecycle'
import { type AccessSummary, type Kept, withRevocation } from '@ringfence/plan'
import { outputsOf } from '@ringfence/pulumi/deploy'
import { replan } from './replan.js'
import type { Session } from './session.js'

/** Roles that somebody can take on as the stack was deployed, and not as the file says. */
export function leftBy({ declaration, state }: Session): readonly RoleLeft[] {
  const before = noted(state, 'leaving') ?? accessBefore({ state })
  return rolesLeft(before, state?.deployment.resources ?? [], declaration)
}

/** What the stack says of who may do what, as it was deployed last. */
export function accessBefore({ state }: Pick<Session, 'state'>): AccessSummary | undefined {
  return noted(state, 'access')
}

/** An output of the program that is a summary of access. `leaving`: from before revocations that are not complete. */
export function noted(state: Session['state'], output: 'access' | 'leaving'): AccessSummary | undefined {
  const kept = state === undefined ? undefined : outputsOf(state)[output]
  return kept?.secret === false ? (kept.value as AccessSummary) : undefined
}

/** The session with a plan that refuses, on the roles that somebody leaves, all sessions issued up to now. */
export function revokeLeavers(session: Session, nowMs: number): Session {
  return revoke(session, leftBy(session), nowMs)
}

export function revoke(session: Session, roles: readonly Pick<RoleLeft, 'role'>[], nowMs: number): Session {
  const revokedAt = revocationInstant(nowMs + session.awsAheadMs)
  const kept = roles.reduce<Kept>((sum, { role }) => withRevocation(sum, role, revokedAt), session.kept)
  return replan(session, kept)
}

/** The end of the second: sessions tell their time of issue in whole ones. */
export function revocationInstant(nowMs: number): string {
  return `${new Date(Math.floor(nowMs / 1000) * 1000 + 1000).toISOString().slice(0, 19)}Z`
}
