import { compileOnce } from './search/compile-once.js'
import type { Policy } from '../policy.js'
import type { AuthorizationRequest } from '../request.js'
import { RingfenceError } from '../ringfence-error.js'
import { DEFAULT_BOUNDS, Undecided, type Bounds } from './bounds.js'
import type { ActionCatalogue } from './options/catalogue.js'
import { settleByValues } from './variables/by-values.js'
import { concretize } from './search/concretize.js'
import { TIED_OWNER, TIED_RESOURCE, type KeyValue } from './options/dimension.js'
import { searchGoals, type Asked } from './search/goal-search.js'
import type { PrincipalValue } from './options/principal-options.js'
import { PrincipalScope } from './options/principal-scope.js'
import { policyAllows, replay } from './search/replay.js'
import { differenceGoals, type Point } from './search/solve.js'
import { makeTerm, type PairTerm } from './search/term.js'
import { inAccounts, untie } from './variables/untie.js'
import { align } from './variables/variable-values.js'
import { hasVariables } from './variables/variables.js'

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
  const scope = first.kind === 'identity' ? PrincipalScope.identities : PrincipalScope.everyone
  const asked = { scope, catalogue: options.catalogue, bounds }
  const forth = contain(term, 0, asked)
  const back = contain(term, 1, asked)
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

/** Whether all that the policy of `side` allows is allowed by the other, in both worlds. */
function contain(
  term: PairTerm,
  side: 0 | 1,
  asked: Asked,
): { readonly open: Containment; readonly known: Containment } {
  const { known, open } = searchGoals(differenceGoals(term, side), term, asked)
  const inOpen = settle(containment(term, side, open), term, side, { ...asked, catalogue: undefined })
  if (known === open) return { open: inOpen, known: inOpen }
  return { open: inOpen, known: settle(containment(term, side, known), term, side, asked) }
}

/** With the texts of variables that a difference would need, where these are why it is not decided. */
type Attempt = Containment & { readonly texts?: ReadonlyMap<string, string> }

/** Looks again, with texts in place of variables, where these are why it is not decided. */
function settle(found: Attempt, { policies }: PairTerm, side: 0 | 1, asked: Asked): Containment {
  if (found.proof !== 'unknown' || !found.texts) return found
  const [allows, refuses] = [policies[side], policies[side === 0 ? 1 : 0]]
  const [allowing, refusing] = [compileOnce(allows), compileOnce(refuses)]
  const decide = (first: Policy, second: Policy): Attempt => {
    const term = makeTerm(first, second)
    const { known, open } = searchGoals(differenceGoals(term, 0), term, asked)
    return containment(term, 0, asked.catalogue ? known : open)
  }
  const settled = settleByValues(allows, refuses, decide, (request) => {
    return policyAllows(allowing, request) && !policyAllows(refusing, request)
  })
  return settled.proof === 'unknown' ? unknownOf(NOT_UNTIED) : settled
}

function containment(term: PairTerm, side: 0 | 1, point: Point | undefined | Undecided): Attempt {
  if (!point) return { proof: 'proved' }
  if (point instanceof Undecided) return unknownOf(point)
  const values = point.shared.map(({ value }) => value)
  const principal = point.hasPrincipal ? (values.pop() as PrincipalValue) : undefined
  const found = concretize({ ...point.asked, principal, keys: values as KeyValue[] })
  const { policies, keys } = term
  const [allows, refuses] = side === 0 ? policies : [policies[1], policies[0]]
  if (!term.statements.some(({ statement }) => hasVariables(statement))) {
    replay(found, allows, refuses)
    return { proof: 'refuted', counterexample: found }
  }
  const ties = [...point.asked.ties, ...point.shared.flatMap((option) => option.ties ?? [])]
  const [allowing, refusing] = [compileOnce(allows), compileOnce(refuses)]
  const asked = new Set(keys.keys())
  for (const placed of inAccounts(found)) {
    const counterexample = untie(placed, ties, asked, (request) => {
      return policyAllows(allowing, request) && !policyAllows(refusing, request)
    })
    if (counterexample) return { proof: 'refuted', counterexample }
  }
  const texts = new Map<string, string>()
  for (const { target, text } of ties)
    align(text, targetOf(found, target), (key, value) => texts.has(key) || texts.set(key, value))
  return { ...unknownOf(NOT_UNTIED), texts }
}

/** What a tie is to, in a request. */
function targetOf(request: AuthorizationRequest, target: string): string {
  const { context = {}, resource, resourceAccount = '' } = request
  if (target === TIED_RESOURCE) return resource
  if (target === TIED_OWNER) return resourceAccount
  const value = context[target]
  return typeof value === 'string' ? value : ''
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
