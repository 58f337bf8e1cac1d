import {
  proveNoMore,
  proveNothingAllowed,
  type AccessQuestion,
  type AuthorizationRequest,
  type Policy,
  type Proof,
  type Statement,
} from '@ringfence/policy'
import type { Layered } from '../account/layers-of.js'
import { policyOf } from '../account/policy-of.js'
import { unknownWords } from '../account/unknown-words.js'
import type { AnswerOptions } from '../answers/answer.js'
import { keepStatements, statementsOf } from '../answers/layer-statements.js'
import { covers, regionOf, type Shape } from '../answers/region.js'
import { findWays, type Way } from '../answers/ways.js'

/** The policies around the same requests, with what is not known counted as nothing or as everything. */
export type Take = (unknown: 'nothing' | 'everything') => Layered

/** What one side allows and the other does not. */
export type Difference =
  | {
      readonly found: 'some'
      /** Only the wider side allows it; `authorize` decided it so. */
      readonly example: AuthorizationRequest
      /** The ways of the wider side that give something new. */
      readonly ways: readonly Way[]
      /** In words, what the narrower side allows of the same. */
      readonly already: readonly (readonly string[])[]
      /** Known actions that the difference is about. */
      readonly actions: readonly string[]
    }
  | { readonly found: 'unknown'; readonly reasons: readonly string[] }
  | { readonly found: 'none' }

/** Whether `wider` allows something of a shape that `narrower` does not. Absent: nobody or nothing to allow it. */
export function differs(
  wider: Take | undefined,
  narrower: Take | undefined,
  shape: Shape,
  options: AnswerOptions,
): Proof | 'none' {
  if (!wider) return 'none'
  const within = regionOf(shape)
  const question: AccessQuestion = { ...wider('everything').question, within }
  if (narrower && isNoMoreWhateverTrust(wider, narrower, within, options)) return 'none'
  const proof = narrower
    ? proveNoMore(question, narrower('nothing').question, options)
    : proveNothingAllowed(question, options)
  return proof.proof === 'proved' ? 'none' : proof
}

/**
 * Where both sides lack one and the same trust policy, and nothing else: for each request it lets in who asks by itself,
 * leaves it to their own policies, or does neither, and that on both sides alike.
 */
function isNoMoreWhateverTrust(wider: Take, narrower: Take, within: Policy, options: AnswerOptions): boolean {
  const unknowns = [wider, narrower].map((take) => JSON.stringify(take('nothing').unknowns))
  const { question, unknowns: lacking } = wider('everything')
  const { resourceAccount, layers } = question
  if (unknowns[0] !== unknowns[1] || lacking.length !== 1 || layers.resourcePolicy?.kind !== 'trust')
    return false
  if (wider('nothing').question.layers.resourcePolicy !== undefined) return false
  const delegating = { Effect: 'Allow', Principal: { AWS: resourceAccount }, Action: 'sts:*' }
  const trusts = [layers.resourcePolicy, policyOf(delegating, 'any trust policy', 'trust')]
  return trusts.every((trust) => {
    const more = withTrust(wider, trust, within)
    return proveNoMore(more, withTrust(narrower, trust, within), options).proof === 'proved'
  })
}

function withTrust(take: Take, resourcePolicy: Policy, within: Policy): AccessQuestion {
  const { question } = take('everything')
  return { ...question, layers: { ...question.layers, resourcePolicy }, within }
}

/** The difference in words and by examples. */
export function findDifference(
  wider: Take | undefined,
  narrower: Take | undefined,
  shape: Shape,
  options: AnswerOptions,
): Difference {
  const proof = differs(wider, narrower, shape, options)
  if (proof === 'none' || !wider || proof.proof === 'proved') return { found: 'none' }
  if (proof.proof === 'unknown') return { found: 'unknown', reasons: [proof.reason] }
  const unknowns = [...wider('nothing').unknowns, ...(narrower?.('nothing').unknowns ?? [])]
  if (unknowns.length > 0)
    return {
      found: 'unknown',
      reasons: [...new Set(unknowns.map(unknownWords))],
    }
  const within = regionOf(shape)
  const question: AccessQuestion = { ...wider('nothing').question, within }
  const older = narrower && { ...narrower('nothing').question, within }
  const all = findWays(question, shape, options).ways
  const fresh = older ? all.filter((way) => givesMore(way, question, older, options)) : all
  return {
    found: 'some',
    example: proof.request,
    ways: fresh.length > 0 ? fresh : all,
    already: older ? alreadyAllowed(older, shape, options) : [],
    actions: changedActions(question, older, shape, options),
  }
}

/** In words, what there was of all that is told of, told by itself or not. */
function alreadyAllowed(
  older: AccessQuestion,
  shape: Shape,
  options: AnswerOptions,
): readonly (readonly string[])[] {
  const all = { ...shape, without: [] }
  const { ways } = findWays({ ...older, within: regionOf(all) }, all, options)
  return ways.map(({ limits }) => limits)
}

/** Whether what one way allows by itself is not allowed by the older layers altogether. */
function givesMore(
  way: Way,
  question: AccessQuestion,
  older: AccessQuestion,
  options: AnswerOptions,
): boolean {
  const own = new Set(way.grants.map(({ statement }) => statement))
  const layers = keepStatements(
    question.layers,
    (layer, statement) =>
      statement.effect === 'Deny' || (layer !== 'identity' && layer !== 'resource') || own.has(statement),
  )
  return proveNoMore({ ...question, layers }, older, options).proof !== 'proved'
}

/** Known actions of a shape that only the wider side allows; those that all statements treat alike are asked once. */
function changedActions(
  question: AccessQuestion,
  older: AccessQuestion | undefined,
  shape: Shape,
  options: AnswerOptions,
): readonly string[] {
  const statements = [question, ...(older ? [older] : [])].flatMap(({ layers }) =>
    [...statementsOf(layers)].map(({ statement }) => statement),
  )
  const groups = new Map<string, string[]>()
  for (const action of knownActions(shape, options)) {
    const signature = statements.map((statement) => Number(names(statement, action))).join('')
    const group = groups.get(signature)
    if (group) group.push(action)
    else groups.set(signature, [action])
  }
  return [...groups.values()].flatMap((group) => {
    // Actions that are treated alike may still take other resources: each group is asked as a whole.
    const within = regionOf({ ...shape, actions: group })
    const asked = { ...question, within }
    const proof = older ? proveNoMore(asked, older, options) : proveNothingAllowed(asked, options)
    return proof.proof === 'proved' ? [] : group
  })
}

function knownActions(shape: Shape, { catalogue }: AnswerOptions): readonly string[] {
  // Of all actions those of the services whose resources are asked for.
  const named = shape.actions.includes('*')
    ? shape.resources.map((arn) => arn.split(':')[2] ?? '*')
    : shape.actions.map((action) => action.split(':')[0] ?? '*')
  const services = new Set(named.map((service) => service.toLowerCase()))
  services.delete('*')
  return [...services].flatMap((service) =>
    catalogue
      .groups(service)
      .flatMap(({ names: known }) => known)
      .map((name) => `${service}:${name}`)
      .filter((action) =>
        shape.actions.some((pattern) => covers(pattern.toLowerCase(), action.toLowerCase())),
      ),
  )
}

function names({ action }: Statement, name: string): boolean {
  const matches = action.patterns.some(({ source }) => covers(source.toLowerCase(), name.toLowerCase()))
  return matches !== action.negated
}
