import { compilePolicy } from '../compile.js'
import type { Policy } from '../policy.js'
import type { AuthorizationRequest } from '../request.js'
import { RingfenceError } from '../ringfence-error.js'
import { actionOptions, actionTerm } from './action-options.js'
import { DEFAULT_BOUNDS, Undecided, type Bounds } from './bounds.js'
import type { ActionCatalogue } from './catalogue.js'
import { concretize } from './concretize.js'
import { distinct, type KeyValue } from './dimension.js'
import { keyDimensions } from './key-dimensions.js'
import { KnownRequests } from './known-requests.js'
import { principalOptions, type PrincipalValue } from './principal-options.js'
import { PrincipalScope } from './principal-scope.js'
import { policyAllows, replay } from './replay.js'
import { resourceOptions, resourceTerm } from './resource-options.js'
import { differenceGoals, findPoint, type Point, type SearchSpace } from './solve.js'
import { makeTerm, type PairTerm } from './term.js'
import { inAccounts, untie } from './untie.js'
import { hasVariables } from './variables.js'

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
  refuseOtherKinds(first, second)
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds }
  const term = makeTerm(first, second)
  const space = makeSpace(term, options.catalogue, bounds)
  if (space instanceof Undecided) {
    const unknown = relate(unknownOf(space), unknownOf(space))
    return options.catalogue ? { open: unknown, known: unknown } : { open: unknown }
  }
  const forth = contain(space, 0, bounds)
  const back = contain(space, 1, bounds)
  const open = relate(forth.open, back.open)
  return options.catalogue ? { open, known: relate(forth.known, back.known) } : { open }
}

/** Throws `POLICY_KIND_MISPLACED` for what is not two identity policies or two resource policies. */
export function refuseOtherKinds(first: Policy, second: Policy): void {
  if (first.kind !== second.kind || (first.kind !== 'identity' && first.kind !== 'resource'))
    throw new RingfenceError(
      'POLICY_KIND_MISPLACED',
      `${first.name} is of kind ${first.kind} and ${second.name} of kind ${second.kind}: two identity policies or two resource policies can be compared`,
    )
}

/** All variables of a term with their options. */
interface Space extends SearchSpace {
  readonly term: PairTerm
  /** The last of the shared dimensions is who asks; else nothing hangs on it. */
  readonly hasPrincipal: boolean
  readonly hasVariables: boolean
}

function makeSpace(
  term: PairTerm,
  catalogue: ActionCatalogue | undefined,
  bounds: Bounds,
): Space | Undecided {
  const resourcesAsked = resourceTerm(term, bounds)
  if (resourcesAsked instanceof Undecided) return resourcesAsked
  const resources = resourceOptions(resourcesAsked, bounds)
  if (resources instanceof Undecided) return resources
  const actionsAsked = actionTerm(term)
  const actions = actionOptions(actionsAsked, bounds)
  if (actions instanceof Undecided) return actions
  const shared = keyDimensions(term, bounds)
  if (shared instanceof Undecided) return shared
  const asking = term.policies[0].kind === 'identity' ? PrincipalScope.identities : PrincipalScope.everyone
  const principals = principalOptions(term, asking, bounds)
  if (principals instanceof Undecided) return principals
  if (principals) shared.push({ options: distinct(principals) })
  return {
    term,
    shared,
    actions: { options: distinct(actions) },
    resources: { options: distinct(resources) },
    known: catalogue && new KnownRequests(actionsAsked, resourcesAsked, catalogue, term.all, bounds),
    hasPrincipal: principals !== undefined,
    hasVariables: term.statements.some(({ statement }) => hasVariables(statement)),
  }
}

/** Whether all that the policy of `side` allows is allowed by the other, in both worlds. */
function contain(
  space: Space,
  side: 0 | 1,
  bounds: Bounds,
): { readonly open: Containment; readonly known: Containment } {
  const { known, open } = findPoint(differenceGoals(space.term, side), space, bounds)
  const inOpen = containment(space, side, open)
  return { open: inOpen, known: known === open ? inOpen : containment(space, side, known) }
}

function containment(space: Space, side: 0 | 1, point: Point | undefined | Undecided): Containment {
  if (!point) return { proof: 'proved' }
  if (point instanceof Undecided) return unknownOf(point)
  const values = point.shared.map(({ value }) => value)
  const principal = space.hasPrincipal ? (values.pop() as PrincipalValue) : undefined
  const found = concretize({ ...point.asked, principal, keys: values as KeyValue[] })
  const { policies, keys } = space.term
  const [allows, refuses] = side === 0 ? policies : [policies[1], policies[0]]
  if (!space.hasVariables) {
    replay(found, allows, refuses)
    return { proof: 'refuted', counterexample: found }
  }
  const ties = [...point.asked.ties, ...point.shared.flatMap((option) => option.ties ?? [])]
  const [allowing, refusing] = [compilePolicy(allows), compilePolicy(refuses)]
  const asked = new Set(keys.keys())
  for (const placed of inAccounts(found)) {
    const counterexample = untie(placed, ties, asked, (request) => {
      return policyAllows(allowing, request) && !policyAllows(refusing, request)
    })
    if (counterexample) return { proof: 'refuted', counterexample }
  }
  return unknownOf(NOT_UNTIED)
}

export const NOT_UNTIED = new Undecided(
  'notSupported',
  'policy variables tie parts of the request together, and the difference that was found does not keep to that',
)

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
