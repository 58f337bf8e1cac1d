import type { Policy } from '@ringfence/policy'
import { policyOf } from '../account/policy-of.js'

/** A shape of requests: what some actions ask of some resources. */
export interface Shape {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** Of those, the ones that are not asked for: not by the service whose actions their own policies are about. */
  readonly except?: readonly string[]
  /** Requests of these shapes, which are not asked for either. */
  readonly without?: readonly Pick<Shape, 'actions' | 'resources'>[]
  /** As a policy has it. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** Requests of one shape: an identity policy for `AccessQuestion.within`. */
export function regionOf(shape: Shape): Policy {
  const { except = [], without = [] } = shape
  const statements = [
    {
      Effect: 'Allow',
      Action: shape.actions,
      Resource: shape.resources,
      ...(shape.condition === undefined ? {} : { Condition: shape.condition }),
    },
    ...[...byOwnService(except)].map(([service, arns]) => ({
      Effect: 'Deny',
      Action: `${service}:*`,
      Resource: arns,
    })),
    ...without.map(({ actions, resources }) => ({ Effect: 'Deny', Action: actions, Resource: resources })),
  ]
  return policyOf(statements, 'what is asked for')
}

/**
 * The service whose actions are asked about with a thing's own policy. Of a role that is its trust policy, which says
 * who acts as it and nothing of who changes or passes it.
 */
export function ownService(arn: string): string {
  const service = arn.split(':')[2] ?? ''
  return service === 'iam' ? 'sts' : service
}

function byOwnService(arns: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const arn of arns) {
    const group = groups.get(ownService(arn))
    if (group) group.push(arn)
    else groups.set(ownService(arn), [arn])
  }
  return groups
}

/** A text for a policy that means exactly this: `$` begins no variable. Stars stay wildcards. */
export function literalPattern(text: string): string {
  return text.replaceAll('${', '${$}{')
}

/** Whether texts of both patterns can be the same; never no where they can. Stars and question marks are wildcards. */
export function mayOverlap(one: string, other: string): boolean {
  const [first, second] = [headOf(one), headOf(other)]
  const exact = [first, second].map((head, index) => head === [one, other][index])
  if (exact[0] && exact[1]) return one === other
  if (exact[0]) return first.startsWith(second)
  if (exact[1]) return second.startsWith(first)
  return first.startsWith(second) || second.startsWith(first)
}

function headOf(pattern: string): string {
  return pattern.slice(0, firstOf(pattern))
}

function firstOf(pattern: string): number {
  const at = pattern.search(/[*?]|\$\{/)
  return at < 0 ? pattern.length : at
}

/** Whether the pattern matches whatever `inner` matches; perhaps no where it does. */
export function covers(pattern: string, inner: string): boolean {
  if (pattern === inner || pattern === '*') return true
  if (pattern.includes('${')) return false
  const expression = pattern
    .split(/([*?])/)
    .map((piece) =>
      piece === '*' ? '.*' : piece === '?' ? '[^*]' : piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${expression}$`, 's').test(inner)
}

/** Those of some actions that a shape asks for. */
export function actionsAskedFor(
  { actions }: Pick<Shape, 'actions'>,
  some: readonly string[],
): readonly string[] {
  const asked = actions.map((action) => action.toLowerCase())
  return some.filter((one) => asked.some((action) => covers(action, one.toLowerCase())))
}

/** The ARNs that S3's actions take of a bucket: those of its objects, its own, or both, as far as names tell. */
export function arnsInBucket(bucket: string, actions: readonly string[]): readonly string[] {
  const takes = actions.map((action) => {
    if (/^s3:[a-z]*bucket/i.test(action)) return 'bucket'
    return /^s3:[a-z]+object(?!lock)/i.test(action) ? 'object' : 'both'
  })
  const [one] = takes
  const same = takes.every((take) => take === one)
  if (same && one === 'bucket') return [bucket]
  return same && one === 'object' ? [`${bucket}/*`] : [bucket, `${bucket}/*`]
}
