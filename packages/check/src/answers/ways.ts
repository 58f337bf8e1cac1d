import {
  authorize,
  compileLayers,
  proveNothingAllowed,
  type AccessQuestion,
  type AuthorizationRequest,
  type LayerName,
  type PolicyLayers,
  type ProveOptions,
  type Statement,
} from '@ringfence/policy'
import { determinedBy, holdsAlways, type Determined } from './determined.js'
import { keepStatements, statementsOf, type Placed } from './layer-statements.js'
import { covers, mayOverlap, type Shape } from './region.js'
import { principalLimits } from './principal-limits.js'
import { actionLimits, resourceLimits } from './resource-limits.js'
import { takenAway } from './taken-away.js'
import { conditionsWords, inReadingOrder } from '../words/condition-words.js'

/** One way in which something is allowed: a statement of each layer that has to allow, and what limits it. */
export interface Way {
  /** The statement that gives the access first, then those that have to allow it too. */
  readonly grants: readonly Placed[]
  /** Statements that take something of it away. */
  readonly denies: readonly Placed[]
  /** In words, in reading order; without what holds for all that is asked. */
  readonly limits: readonly string[]
  /** `authorize` allows it. */
  readonly example: AuthorizationRequest
}

/** All ways; with a reason where there may be more. */
export interface Ways {
  readonly ways: readonly Way[]
  readonly incomplete?: string
}

/** Beyond them the rest is not looked for, and the answer says so. */
const MOST_WAYS = 24
const MOST_ALTERNATIVES = 8

/**
 * Finds every way in which some request of the question is allowed. Each is found by a request that the prover
 * gives; the statements that let it through are taken out, until nothing is allowed any more. So what is listed is
 * complete unless it says otherwise.
 */
export function findWays(question: AccessQuestion, shape: Shape, options: ProveOptions): Ways {
  const determined = determinedBy(question)
  const ways: Way[] = []
  let { layers } = question
  while (ways.length < MOST_WAYS) {
    const proof = proveNothingAllowed({ ...question, layers }, options)
    if (proof.proof === 'proved') return { ways: distinct(ways) }
    if (proof.proof === 'unknown') return { ways: distinct(ways), incomplete: proof.reason }
    const heads = headsOf(proof.request, layers)
    if (heads.length === 0) return { ways, incomplete: 'who is asked about needs no statement' }
    for (const head of heads)
      ways.push(...waysThrough(head, proof.request, question, shape, determined, options))
    const taken = new Set(heads.map(([first]) => first))
    layers = keepStatements(layers, (_, statement) => !taken.has(statement))
  }
  return { ways, incomplete: `there are more than ${MOST_WAYS} ways` }
}

/** Policies that are attached twice, say to a user and its group, make one way. */
function distinct(ways: readonly Way[]): readonly Way[] {
  const seen = new Map<string, Way>()
  for (const way of ways) {
    const places = way.grants.map(({ layer, policy, statement }) => [layer, policy.name, statement.index])
    const key = JSON.stringify([places, way.limits])
    if (!seen.has(key)) seen.set(key, way)
  }
  return [...seen.values()]
}

/** Statements of the identity policies or of the resource's that give access, with a second one where both have to. */
type Head = readonly [Statement, Statement?]

function headsOf(request: AuthorizationRequest, layers: PolicyLayers): readonly Head[] {
  const identity = allowing(request, layers, 'identity')
  const resource = allowing(request, layers, 'resource')
  const isAllowed = (kept: PolicyLayers): boolean =>
    authorize(request, compileLayers(kept)).decision === 'allow'
  const heads: Head[] = []
  if (identity.length > 0 && isAllowed(onlyAllows(layers, 'resource', undefined)))
    heads.push(...identity.map((statement): Head => [statement]))
  const alone = onlyAllows(layers, 'identity', undefined)
  for (const statement of resource)
    if (isAllowed(onlyAllows(alone, 'resource', statement))) heads.push([statement])
  if (heads.length > 0) return heads
  return identity.flatMap((first) => resource.map((second): Head => [first, second]))
}

/** The Allow statements of a layer that match. */
function allowing(
  request: AuthorizationRequest,
  layers: PolicyLayers,
  layer: LayerName,
): readonly Statement[] {
  return placedAllows(request, layers)
    .filter((placed) => placed.layer === layer)
    .map(({ statement }) => statement)
}

function placedAllows(request: AuthorizationRequest, layers: PolicyLayers): readonly Placed[] {
  const { statements } = authorize(request, compileLayers(layers))
  const matched = new Set(statements.map(({ index, layer, policy }) => `${layer} ${index} ${policy}`))
  return [...statementsOf(layers)].filter(
    ({ layer, policy, statement }) =>
      statement.effect === 'Allow' && matched.has(`${layer} ${statement.index} ${policy.name}`),
  )
}

/** The layers with one Allow of a layer, or none. */
function onlyAllows(layers: PolicyLayers, layer: LayerName, only: Statement | undefined): PolicyLayers {
  return keepStatements(
    layers,
    (of, statement) => of !== layer || statement.effect === 'Deny' || statement === only,
  )
}

/** One way, or several where the boundary or a guardrail allows in several, each with limits of its own. */
function waysThrough(
  [first, second]: Head,
  found: AuthorizationRequest,
  question: AccessQuestion,
  shape: Shape,
  determined: Determined,
  options: ProveOptions,
): readonly Way[] {
  const isHead = (statement: Statement): boolean => statement === first || statement === second
  let layers = keepStatements(
    question.layers,
    (layer, statement) =>
      statement.effect === 'Deny' || (layer !== 'identity' && layer !== 'resource') || isHead(statement),
  )
  const ways: Way[] = []
  const inHead = narrowedTo(first, shape)
  let example = found
  while (ways.length < MOST_ALTERNATIVES) {
    const placed = placedAllows(example, layers)
    const heads = placed.filter(({ statement }) => isHead(statement))
    const guards = leastLimited(
      placed.filter(({ statement }) => !isHead(statement)),
      inHead,
      determined,
    )
    const limited = guards.filter((guard) => guardLimits(guard, inHead, determined).length > 0)
    const grants = [...heads, ...limited]
    const taken = takenAway({ ...question, layers }, shape, determined, options)
    const limits = [
      ...heads.flatMap((head) => principalLimits(head, question.who)),
      ...heads.flatMap((head) => guardLimits(head, shape, determined)),
      ...limited.flatMap((guard) => guardLimits(guard, inHead, determined)),
      ...taken.words,
    ]
    ways.push({ grants, denies: taken.denies, limits: inReadingOrder(limits), example })
    if (limited.length === 0) return ways
    const used = new Set(limited.map(({ statement }) => statement))
    layers = keepStatements(layers, (_, statement) => !used.has(statement))
    const proof = proveNothingAllowed({ ...question, layers }, options)
    if (proof.proof !== 'refuted') return ways
    example = proof.request
  }
  return ways
}

/** What is asked for, as far as a statement is about it: others limit it further only within that. */
function narrowedTo({ action, resource }: Statement, shape: Shape): Shape {
  return {
    ...shape,
    actions: action.negated ? shape.actions : within(lower(sourcesOf(action)), lower(shape.actions)),
    resources: !resource || resource.negated ? shape.resources : within(sourcesOf(resource), shape.resources),
  }
}

const sourcesOf = ({ patterns }: { readonly patterns: readonly { readonly source: string }[] }) =>
  patterns.map(({ source }) => source)

/** Case is ignored in actions. */
const lower = (texts: readonly string[]) => texts.map((text) => text.toLowerCase())

function within(patterns: readonly string[], asked: readonly string[]): readonly string[] {
  const found = asked.flatMap((one) =>
    patterns.some((pattern) => covers(pattern, one))
      ? [one]
      : patterns.filter((pattern) => mayOverlap(pattern, one)),
  )
  return found.length === 0 ? asked : [...new Set(found)]
}

/** Of the statements of each layer and level that has to allow as well, the one that limits least. */
function leastLimited(placed: readonly Placed[], shape: Shape, determined: Determined): readonly Placed[] {
  const best = new Map<string, { readonly placed: Placed; readonly limits: number }>()
  for (const one of placed) {
    const key = `${one.layer} ${one.level ?? ''}`
    const limits = guardLimits(one, shape, determined).length
    const known = best.get(key)
    if (!known || limits < known.limits) best.set(key, { placed: one, limits })
  }
  return [...best.values()].map((one) => one.placed)
}

/** What a boundary or guardrail leaves of what another statement gives. */
function guardLimits(placed: Placed, shape: Shape, determined: Determined): readonly string[] {
  return [...actionLimits(placed.statement, shape), ...limitsOf(placed, shape, determined)]
}

/** What an Allow asks beyond what all requests of the question have. */
function limitsOf({ statement }: Placed, shape: Shape, determined: Determined): readonly string[] {
  const conditions = statement.conditions.filter((condition) => holdsAlways(condition, determined) !== true)
  return [...resourceLimits(statement, shape), ...conditionsWords(conditions)]
}
