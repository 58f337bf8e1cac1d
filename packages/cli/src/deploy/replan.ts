import { buildPlan, type Kept } from '@ringfence/plan'
import { keptOf, planProgram, type StackState } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Session } from './session.js'

/** The session with a state that was just read, and with the plan of what that state says is kept. */
export async function replanFromState(session: Session, state: StackState | undefined): Promise<Session> {
  const kept = keptOf(state, session.plan.organization)
  return replan({ ...session, state }, kept)
}

/**
 * The session with the plan of the same file and of something else that is kept beside it. The next update of its
 * deployment notes that first, and then does what follows from it.
 */
export function replan(session: Session, kept: Kept): Session {
  if (JSON.stringify(kept) === JSON.stringify(session.kept)) return session
  return replanAs(session, session.declaration, kept)
}

/** The session with the plan of another declaration of the same organization. */
export function replanAs(session: Session, declaration: Session['declaration'], kept: Kept): Session {
  const { deployment, settings, target } = session
  const built = buildPlan(declaration, {}, kept)
  if (!built.ok) {
    const problem = built.diagnostics.find(({ severity }) => severity === 'error')
    throw new CliError(
      'KEPT_TOO_MUCH',
      `the file cannot be planned with what the stack keeps beside it: ${problem?.message ?? ''}`,
      {
        ...(problem?.hint === undefined ? {} : { hint: problem.hint }),
        exitCode: exitCode.usage,
      },
    )
  }
  const program = planProgram(built.value, target.program)
  return {
    ...session,
    declaration,
    plan: built.value,
    kept,
    settings: { ...settings, program },
    deployment: deployment.withProgram(program),
  }
}
