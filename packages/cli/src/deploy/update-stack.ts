import type { ResourceChange } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
import { createDeployProgress } from './progress-lines.js'
import { keepingAccess, leftBy, revoke, revokeLeavers } from './revoke-leavers.js'
import type { Session } from './session.js'

/**
 * Brings AWS to what the plan says, with progress on stderr, and gives what was changed. Runs also where nothing of
 * AWS changes: the stack then notes the new file. `expected` is how many changes there will be.
 *
 * Where somebody leaves a role that the identity provider lets people take on, there are two runs of the engine. The
 * first takes them out of its trust and refuses all sessions that were issued before it; the second refuses those that
 * were taken in between, up to when the trust had changed for certain. Only then does the stack note the new access.
 */
export async function updateStack(
  session: Session,
  expected: number,
  io: Io,
): Promise<readonly ResourceChange[]> {
  if (session.state === undefined) await session.deployment.create()
  const roles = leftBy(session)
  if (roles.length === 0) return runUpdate(session, expected, io)
  const first = await runUpdate(keepingAccess(revokeLeavers(session, io.nowMs())), expected, io)
  const second = await runUpdate(revoke(session, roles, io.nowMs()), roles.length, io)
  const again = new Set(first.map(({ urn }) => urn))
  return [...first, ...second.filter(({ urn }) => !again.has(urn))]
}

async function runUpdate(session: Session, expected: number, io: Io): Promise<readonly ResourceChange[]> {
  const progress = createDeployProgress(io.stderr, io.nowMs, expected)
  const done: ResourceChange[] = []
  try {
    await session.deployment.up({
      signal: io.signal,
      onEvent: (event) => {
        if (event.kind === 'done' && !event.resource.provider) done.push(event.resource)
        progress.onEvent(event)
      },
    })
  } finally {
    progress.end()
  }
  return done
}
