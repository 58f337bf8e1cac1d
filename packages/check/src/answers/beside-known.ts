import type { Statement } from '@ringfence/policy'
import type { Account } from '../account/account.js'
import { arnsOf } from '../account/layers-of.js'
import { covers, mayOverlap, ownService, type Shape } from './region.js'

/** ARNs with policies of their own, beyond which what has none is not told apart from them. */
export const MOST_KNOWN = 5000

/** What actions on some resources are about beside the things that are asked about with policies of their own. */
export interface BesideKnown {
  /** Absent where that is nothing. */
  readonly shape?: Shape
  /** Why some of it is not in the shape. */
  readonly leftOut?: string
}

/** The requests that a statement may be about. */
export function requestsAbout({ action, resource }: Statement): Pick<Shape, 'actions' | 'resources'> {
  return {
    actions: action.negated ? ['*'] : action.patterns.map(({ source }) => source),
    resources: !resource || resource.negated ? ['*'] : resource.patterns.map(({ source }) => source),
  }
}

/** `known`: the ARNs of those things, as patterns. `services` are all that AWS has. */
export function besideKnown(
  { actions, resources: asked }: Pick<Shape, 'actions' | 'resources'>,
  known: readonly string[],
  services: Iterable<string>,
): BesideKnown {
  const touched = known.filter((arn) => asked.some((one) => mayOverlap(one, arn)))
  const resources = asked.filter(
    (one) => !touched.some((arn) => covers(arn, one) && actions.every((action) => isOwn(action, arn))),
  )
  if (resources.length === 0) return {}
  const except = touched.filter((arn) => actions.some((action) => action === '*' || isOwn(action, arn)))
  if (except.length <= MOST_KNOWN)
    return { shape: { actions, resources, ...(except.length === 0 ? {} : { except }) } }
  const own = new Set(except.map(ownService))
  const others = actions
    .flatMap((action) => (action === '*' ? [...services].map((service) => `${service}:*`) : [action]))
    .filter((action) => !own.has(action.split(':')[0]!.toLowerCase()))
  return {
    ...(others.length === 0 ? {} : { shape: { actions: others, resources } }),
    leftOut: `more than ${MOST_KNOWN} buckets, keys and roles have policies of their own: ask about single ones, or about what is no action of ${[...own].join(', ')}`,
  }
}

function isOwn(action: string, arn: string): boolean {
  return action.toLowerCase().startsWith(`${ownService(arn)}:`)
}

/** The ARNs of what is asked about with a policy of its own, as patterns. */
export function knownArns({ resources, roles }: Account): readonly string[] {
  return [...resources, ...roles].flatMap(arnsOf)
}
