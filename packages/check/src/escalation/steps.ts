import type { PassRoleStep, Step } from './step.js'
import {
  combinations,
  stepsThatBecome,
  stepsThatChange,
  stepsThatCreate,
  stepsThatSignIn,
} from './steps-on-iam.js'
import { stepsOnThings } from './steps-on-things.js'
import { stepsThatPassRoles } from './steps-that-pass-roles.js'

/** The public list of paths that the steps cover, whole, as it was on a day. */
export const publicPaths = { list: 'pathfinding.cloud', asOf: '2025-12-17', count: 65 } as const

/**
 * A role that trusts a service of which the list says nothing: whoever may pass it is taken to have it, since nobody
 * looked at what the service does with roles.
 */
export const passToOtherService: PassRoleStep = {
  kind: 'passRole',
  id: 'other-service',
  publicIds: [],
  services: [],
  asks: [],
  thing: 'a way to make the service act for the caller, which the list of steps does not have',
}

/** All steps, in the order in which they are tried. */
export const steps: readonly Step[] = [
  ...stepsThatBecome,
  ...stepsThatSignIn,
  ...stepsThatChange,
  ...stepsThatCreate,
  ...stepsThatPassRoles,
  passToOtherService,
  ...stepsOnThings,
]

/** Hosts that some step hands a role to or takes over something of. */
export const knownServices: ReadonlySet<string> = new Set(
  steps.flatMap((step) => (step.kind === 'passRole' || step.kind === 'takeOver' ? step.services : [])),
)

/** Public paths that a chain of steps on one target is, by the ids of the steps. */
export function publicIdsOf(ids: ReadonlySet<string>): readonly string[] {
  const whole = combinations.filter((one) => one.steps.every((id) => ids.has(id)))
  return whole.map(({ publicId }) => publicId)
}

/** Every action that some step asks for, `iam:PassRole` among them. */
export const allActions: readonly string[] = [
  ...new Set([
    'iam:PassRole',
    'iam:CreatePolicy',
    'iam:DeletePolicyVersion',
    ...steps.flatMap(({ asks }) => asks.map(({ action }) => action)),
  ]),
].toSorted()
