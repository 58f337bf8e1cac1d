import type { Policy } from '../policy.js'
import type { AuthorizationRequest } from '../request.js'
import { RingfenceError } from '../ringfence-error.js'
import { actionOptions, actionTerm, type ActionTerm } from './action-options.js'
import { DEFAULT_BOUNDS, Undecided, type Bounds } from './bounds.js'
import type { ActionCatalogue } from './catalogue.js'
import { clockOptions } from './clock-options.js'
import { concretize } from './concretize.js'
import { distinct, type ActionValue, type Dimension, type KeyValue, type Option } from './dimension.js'
import { keyOptions } from './key-options.js'
import { CLOCK_KEYS, PRINCIPAL_KEYS, RESOURCE_KEYS } from './key-shapes.js'
import { KnownRequests, type KnownRequest } from './known-requests.js'
import { principalOptions, type PrincipalValue } from './principal-options.js'
import { replay } from './replay.js'
import { resourceOptions, resourceTerm, type ResourceTerm } from './resource-options.js'
import { findDifference, type Point } from './solve.js'
import { makeTerm, type KeyTerm, type Term } from './term.js'

/**
 * How the first policy reads against the second: `less` means that it allows strictly less. `unknown` where one
 * of the two directions could not be decided.
 */
export type PolicyRelation = 'equivalent' | 'less' | 'more' | 'incomparable' | 'unknown'

/** Whether every request that one policy allows is allowed by the other too. */
export type Containment =
  | { readonly proof: 'proved' }
  | { readonly proof: 'refuted'; readonly counterexample: AuthorizationRequest }
  | { readonly proof: 'unknown'; readonly code: Undecided['code']; readonly reason: string }

/** The two directions in one world. */
export interface RelationInWorld {
  readonly relation: PolicyRelation
  /** Whether all that the first allows is allowed by the second; its counterexample only the first allows. */
  readonly firstInSecond: Containment
  readonly secondInFirst: Containment
}

/** What `comparePolicies` finds. */
export interface PolicyComparison {
  /** Any action of any service on any resource: what AWS may have tomorrow too. */
  readonly open: RelationInWorld
  /** Known actions on the types of resources that they take; absent without a catalogue. */
  readonly known?: RelationInWorld
}

export interface CompareOptions {
  /** Known actions, from `loadActionCatalogue`. */
  readonly catalogue?: ActionCatalogue
  readonly bounds?: Partial<Bounds>
}

/**
 * Compares what two identity policies, or two resource policies, allow by themselves, for all requests. Every
 * counterexample was decided by `authorize` too; where it disagrees with the prover `RingfenceError`
 * `PROOF_NOT_REPLAYED` is thrown. Throws `POLICY_KIND_MISPLACED` for other kinds, or kinds that differ.
 */
export function comparePolicies(
  first: Policy,
  second: Policy,
  options: CompareOptions = {},
): PolicyComparison {
  if (first.kind !== second.kind || (first.kind !== 'identity' && first.kind !== 'resource'))
    throw new RingfenceError(
      'POLICY_KIND_MISPLACED',
      `${first.name} is of kind ${first.kind} and ${second.name} of kind ${second.kind}: two identity policies or two resource policies can be compared`,
    )
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds }
  const term = makeTerm(first, second)
  const space = makeSpace(term, bounds)
  if (space instanceof Undecided) {
    const unknown = relate(unknownOf(space), unknownOf(space))
    return options.catalogue ? { open: unknown, known: unknown } : { open: unknown }
  }
  const { catalogue } = options
  const known = catalogue && new KnownRequests(space.actions, space.resources, catalogue, term.all, bounds)
  const forth = compareSide(space, 0, known, bounds)
  const back = compareSide(space, 1, known, bounds)
  const open = relate(forth.open, back.open)
  if (!catalogue) return { open }
  return { open, known: relate(forth.known ?? forth.open, back.known ?? back.open) }
}

/** All variables of a term with their options. */
interface Space {
  readonly term: Term
  readonly actions: ActionTerm
  readonly resources: ResourceTerm
  /** In this order: keys, who asks (if anything hangs on it). */
  readonly shared: readonly Dimension[]
  readonly hasPrincipal: boolean
}

function makeSpace(term: Term, bounds: Bounds): Space | Undecided {
  const resources = resourceTerm(term)
  if (resources instanceof Undecided) return resources
  const shared: Dimension[] = []
  const clock: KeyTerm[] = []
  for (const [name, key] of term.keys) {
    if (PRINCIPAL_KEYS.has(name)) continue
    if (RESOURCE_KEYS.has(name))
      return new Undecided('notSupported', `conditions on ${key.key} are not decided`)
    if (CLOCK_KEYS.has(name)) {
      clock.push(key)
      continue
    }
    const options = keyOptions(key, bounds)
    if (options instanceof Undecided) return options
    shared.push({ options: distinct(options) })
  }
  if (clock.length > 0) {
    const options = clockOptions(clock)
    if (options instanceof Undecided) return options
    shared.push({ options: distinct(options) })
  }
  const principals = principalOptions(term)
  if (principals instanceof Undecided) return principals
  if (principals) shared.push({ options: distinct(principals) })
  return { term, actions: actionTerm(term), resources, shared, hasPrincipal: principals !== undefined }
}

interface Direction {
  readonly open: Containment
  /** Where it was looked for. */
  readonly known: Containment | undefined
}

/**
 * Whether all that the policy of `side` allows is allowed by the other. What holds for any action holds for the
 * known ones, so that these are looked at only for a counterexample; and one with a known action serves both.
 */
function compareSide(
  space: Space,
  side: 0 | 1,
  requests: KnownRequests | undefined,
  bounds: Bounds,
): Direction {
  const open = inOpenWorld(space, side, bounds)
  if (!requests || open.proof !== 'refuted') return { open, known: undefined }
  const known = inKnownWorld(space, side, requests, bounds)
  return known.proof === 'refuted' ? { open: known, known } : { open, known }
}

function inOpenWorld(space: Space, side: 0 | 1, bounds: Bounds): Containment {
  const actions = actionOptions(space.actions, bounds)
  if (actions instanceof Undecided) return unknownOf(actions)
  const resources = resourceOptions(space.resources, bounds)
  if (resources instanceof Undecided) return unknownOf(resources)
  const dimensions = [...space.shared, { options: distinct(actions) }, { options: distinct(resources) }]
  const point = findDifference(space.term, side, dimensions, bounds)
  if (point instanceof Undecided) return unknownOf(point)
  if (!point) return { proof: 'proved' }
  const action = point.at(-2)!.value as ActionValue
  return refute(space, side, point, { action, resource: point.at(-1)!.value as string })
}

function inKnownWorld(space: Space, side: 0 | 1, requests: KnownRequests, bounds: Bounds): Containment {
  const point = findDifference(space.term, side, space.shared, bounds, (required) =>
    requests.options(required),
  )
  if (point instanceof Undecided) return unknownOf(point)
  if (!point) return { proof: 'proved' }
  return refute(space, side, point, point.at(-1)!.value as KnownRequest)
}

function refute(
  { hasPrincipal, shared, term }: Space,
  side: 0 | 1,
  point: Point,
  asked: KnownRequest,
): Containment {
  const values = point.slice(0, shared.length).map((option: Option) => option.value)
  const principal = hasPrincipal ? (values.pop() as PrincipalValue) : undefined
  const counterexample = concretize({ ...asked, principal, keys: values as KeyValue[] })
  replay(counterexample, term.policies[side], term.policies[side === 0 ? 1 : 0])
  return { proof: 'refuted', counterexample }
}

function unknownOf({ code, reason }: Undecided): Containment {
  return { proof: 'unknown', code, reason }
}

function relate(firstInSecond: Containment, secondInFirst: Containment): RelationInWorld {
  return { relation: relationOf(firstInSecond, secondInFirst), firstInSecond, secondInFirst }
}

function relationOf(forth: Containment, back: Containment): PolicyRelation {
  if (forth.proof === 'unknown' || back.proof === 'unknown') return 'unknown'
  if (forth.proof === 'proved') return back.proof === 'proved' ? 'equivalent' : 'less'
  return back.proof === 'proved' ? 'more' : 'incomparable'
}
