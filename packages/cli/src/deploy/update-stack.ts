import { runsOf, type UpdateRun } from '@ringfence/lifecycle'
import type { Kept } from '@ringfence/plan'
import type { ResourceChange } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
import { createDeployProgress } from './progress-lines.js'
import { replanAs } from './replan.js'
import { accessBefore, keptInRun } from './revoke-leavers.js'
import type { Session } from './session.js'

/**
 * Brings AWS to what the plan says, with progress on stderr, and gives what was changed. Runs also where nothing of
 * AWS changes: the stack then notes the new file. `expected` is how many changes there will be. `runsOf` says in which
 * runs of the engine.
 */
export async function updateStack(
  session: Session,
  expected: number,
  io: Io,
): Promise<readonly ResourceChange[]> {
  if (session.state === undefined) await session.deployment.create()
  const done = new Map<string, ResourceChange>()
  const changes = { left: expected }
  let { kept } = session
  for (const run of runsOfUpdate(session)) {
    const planned = replanAs(session, run.declaration, keptInRun({ ...session, kept }, run, io.nowMs()))
    for (const change of await runUpdate(planned, Math.max(changes.left, 0), io)) {
      if (!done.has(change.urn)) done.set(change.urn, change)
    }
    changes.left = expected - done.size
    kept = planned.kept
  }
  await takeOffLocks(session, kept)
  return [...done.values()]
}

/** What `offboard` put on permission sets before the plan's own revocation stood: no resource of the stack is it. */
async function takeOffLocks(session: Session, kept: Kept): Promise<void> {
  if (session.target.identityCenter === undefined) return
  const { rolesOfStack } = await import('../offboard/roles-of-stack.js')
  const { unlockPermissionSets } = await import('../offboard/permission-set-lock.js')
  await unlockPermissionSets(session, rolesOfStack(session.state?.deployment.resources), kept)
}

/** The runs that the update of a session takes. */
export function runsOfUpdate(session: Session): readonly UpdateRun[] {
  const { declaration, kept, state } = session
  const noteds = {
    access: accessBefore(session),
    kept,
    resources: state?.deployment.resources ?? [],
  }
  // The session has the plan of its own file already.
  const planOf = (one: Session['declaration']) =>
    one === declaration ? session.plan : replanAs(session, one, kept).plan
  return runsOf(declaration, noteds, planOf)
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
