import type { StackState } from '@ringfence/pulumi/deploy'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import type { Session } from './session.js'
import type { DeployWorld } from './world.js'

/**
 * Closes what an earlier update left open when it was killed: compares exactly those resources with AWS and brings
 * the state to what is there. Nothing on AWS changes but access keys whose secret nobody got to know, and roles of
 * Identity Center of which the permission sets were changed already. Gives the session with the state that it has
 * afterwards.
 */
export async function repairInterrupted(session: Session, io: Io, world: DeployWorld): Promise<Session> {
  const { deployment, plan } = session
  const state = await readAgain(session)
  if (state === undefined) return { ...session, state }
  const { replanFromState } = await import('./replan.js')
  const { repairPending, withUncompared } = await import('@ringfence/pulumi/deploy')
  const { targetOfInterrupted } = await import('./interrupted-target.js')
  const target = targetOfInterrupted(session.target, state)
  const repaired = await repairPending(state, world.idFinder(plan, target, state))
  if (repaired === undefined) return replanFromState(session, state)
  const names = repaired.operations.map(
    ({ type, resource }) => `${type} ${printable(resource.urn.slice(resource.urn.lastIndexOf('::') + 2))}`,
  )
  const colors = colorsOf(io.stderr)
  io.stderr.write(
    `${colors.yellow('note')}: an earlier update was interrupted in ${count(names.length, 'change')}; comparing with AWS\n` +
      `${names.map((name) => `  ${name}\n`).join('')}`,
  )
  await provisionInterrupted({ plan, target }, state, io, world)
  await deployment.writeState(repaired.state)
  if (repaired.urns.length > 0) await deployment.refresh({ signal: io.signal }, repaired.urns)
  const after = await deployment.readState()
  const compared = after && withUncompared(after, [])
  // A refresh passes over some, such as providers, with their marks.
  if (compared !== undefined && compared !== after) await deployment.writeState(compared)
  return replanFromState(session, compared)
}

/** Before the state says that nothing is open any more. */
async function provisionInterrupted(
  { plan, target }: Pick<Session, 'plan' | 'target'>,
  state: StackState,
  io: Io,
  world: DeployWorld,
): Promise<void> {
  const { unprovisionedSets } = await import('@ringfence/pulumi/deploy')
  const sets = unprovisionedSets(state)
  if (sets.length === 0 || target.identityCenter === undefined) return
  for (const failure of await world.provisionSets(sets, target.identityCenter, plan.account))
    io.stderr.write(
      `${colorsOf(io.stderr).yellow('warning')}: Identity Center did not bring a permission set to its role: ${printable(failure)}\n`,
    )
}

/** What was read before a lock was waited for may be old. */
async function readAgain({ deployment, state }: Session): Promise<StackState | undefined> {
  return (await deployment.readState()) ?? state
}
