import type { ResourceChange } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
import { createDeployProgress } from './progress-lines.js'
import type { Session } from './session.js'

/**
 * Brings AWS to what the plan says, with progress on stderr, and gives what was changed. Runs also where nothing of
 * AWS changes: the stack then notes the new file. `expected` is how many changes there will be.
 */
export async function updateStack(
  session: Session,
  expected: number,
  io: Io,
): Promise<readonly ResourceChange[]> {
  const { deployment, state } = session
  if (state === undefined) await deployment.create()
  const progress = createDeployProgress(io.stderr, io.nowMs, expected)
  const done: ResourceChange[] = []
  try {
    await deployment.up({
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
