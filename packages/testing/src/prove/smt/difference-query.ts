import type { AuthorizationRequest } from '@ringfence/policy'
import { asList, type RawPolicy, type RawStatement } from '../../reference/case.js'
import { resourceMatches, segmentsOf, type ArnVariables } from './arn-segments.js'
import { encodeKey, keyCondition, type EncodedKey, type KeyCondition } from './condition-keys.js'
import { OutsideSubset } from './outside-subset.js'
import { isPrincipalKey, printPrincipal } from './principal-keys.js'
import { and, matches, not, or, patternPieces, stringTerm, type Term } from './regular.js'
import { actionNameUniverse, serviceUniverse, textUniverse, wellFormed } from './universe.js'
import { furtherItems, tiedUniverse } from './tied-keys.js'
import { Model, type RawModel } from './witness-values.js'

/** Whether one policy allows a request that the other does not, as SMT-LIB 2: satisfiable if it does. */
export interface DifferenceQuery {
  /** Over all requests that count. */
  readonly exactly: string
  /** Over some more; a model for which `isRequest` holds is one of the other, too. */
  readonly nearly: string
  readonly isRequest: (model: RawModel) => boolean
  /** The request that a model describes. */
  readonly request: (model: RawModel) => AuthorizationRequest
}

/** Both directions for two policies. */
export interface DifferenceQueries {
  /** What only the first allows. */
  readonly forth: DifferenceQuery
  readonly back: DifferenceQuery
}

const ARN: ArnVariables = ['partition', 'arn_service', 'region', 'account', 'resource']
const ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'])

/**
 * Writes both questions. Throws `OutsideSubset` for policy variables, operators and keys that are not encoded,
 * keys that are compared in several ways, and elements that identity policies do not have.
 */
export function differenceQueries(first: RawPolicy, second: RawPolicy): DifferenceQueries {
  const further = furtherCharacters([first, second])
  const conditions = new Map<string, KeyCondition[]>()
  const policies = [first, second].map((policy) => new EncodedPolicy(policy, conditions))
  const keys = new Map<string, EncodedKey>()
  for (const [name, those] of conditions)
    keys.set(name, encodeKey(name, those, keys.size, further, furtherItems(name, conditions)))
  const [firstAllows, secondAllows] = policies.map((policy) => policy.allows(keys)) as [Term, Term]
  const write = queryWriter(keys, further)
  return { forth: write(firstAllows, secondAllows), back: write(secondAllows, firstAllows) }
}

function queryWriter(
  keyed: ReadonlyMap<string, EncodedKey>,
  further: readonly string[],
): (allows: Term, other: Term) => DifferenceQuery {
  const keys = [...keyed.values()]
  const declarations = new Set([
    ...['service', 'name', ...ARN].map((variable) => `(declare-const ${variable} String)`),
    '(declare-const has_resource Bool)',
    ...keys.flatMap((key) => key.declarations),
  ])
  const universe = new Set([
    ...wellFormed(ARN),
    ...keys.flatMap((key) => key.universe),
    ...tiedUniverse(keyed),
  ])
  const texts = new Set([
    serviceUniverse('service'),
    actionNameUniverse('name'),
    textUniverse(ARN[4], further, false),
    ...keys.flatMap((key) => key.texts),
  ])
  const query = (ofTexts: readonly Term[], allows: Term, other: Term): string =>
    [
      '(set-logic ALL)',
      ...declarations,
      ...[...universe, ...ofTexts, allows, not(other)].map((term) => `(assert ${term})`),
      '(check-sat)',
    ].join('\n')
  return (allows, other) => ({
    exactly: query(
      Array.from(texts, ({ exactly }) => exactly),
      allows,
      other,
    ),
    nearly: query(
      Array.from(texts, ({ nearly }) => nearly),
      allows,
      other,
    ),
    isRequest: (model) => [...texts].every(({ has, variable }) => has(new Model(model).text(variable))),
    request: (model) => requestOf(new Model(model), keyed),
  })
}

class EncodedPolicy {
  private readonly version2012: boolean
  private readonly statements: readonly EncodedStatement[]

  constructor(policy: RawPolicy, conditions: Map<string, KeyCondition[]>) {
    this.version2012 = policy.Version === '2012-10-17'
    this.statements = asList(policy.Statement).map((statement) => this.statement(statement, conditions))
  }

  /** An Allow holds and no Deny. */
  allows(keys: ReadonlyMap<string, EncodedKey>): Term {
    const of = (effect: string): Term[] =>
      this.statements.filter((one) => one.effect === effect).map((one) => one.applies(keys))
    return and(or(...of('Allow')), not(or(...of('Deny'))))
  }

  private statement(raw: RawStatement, conditions: Map<string, KeyCondition[]>): EncodedStatement {
    const odd = Object.keys(raw).find((element) => !ELEMENTS.has(element))
    if (odd !== undefined) throw new OutsideSubset(`the element ${odd} is not encoded`)
    const own: (readonly [string, KeyCondition])[] = []
    for (const [operator, byKey] of Object.entries(raw.Condition ?? {}))
      for (const [key, values] of Object.entries(byKey)) {
        const name = key.toLowerCase()
        const condition = keyCondition(operator, asList(values), this.version2012)
        const known = conditions.get(name)
        if (known) known.push(condition)
        else conditions.set(name, [condition])
        own.push([name, condition])
      }
    const action = listed(raw.Action, raw.NotAction, actionMatches)
    const resource = listed(raw.Resource, raw.NotResource, (one) => resourceHolds(one, this.version2012))
    return {
      effect: raw.Effect,
      applies: (keys) =>
        and(action, resource, ...own.map(([name, condition]) => keys.get(name)!.holds(condition))),
    }
  }
}

interface EncodedStatement {
  readonly effect: 'Allow' | 'Deny'
  readonly applies: (keys: ReadonlyMap<string, EncodedKey>) => Term
}

/** One of the patterns of an element, or none of those of its `Not…` form. */
function listed(
  some: RawStatement['Action'],
  none: RawStatement['Action'],
  term: (pattern: string) => Term,
): Term {
  if ((some === undefined) === (none === undefined))
    throw new OutsideSubset('an element or its opposite is needed, and not both')
  return some === undefined ? not(or(...asList(none!).map(term))) : or(...asList(some).map(term))
}

/** The case of actions does not matter; the service takes no wildcards. [elements_action] */
function actionMatches(pattern: string): Term {
  if (pattern === '*') return 'true'
  const [service = '', name = '', ...rest] = pattern.toUpperCase().split(':')
  if (rest.length > 0 || /[*?]/.test(service)) throw new OutsideSubset(`the action ${pattern} is not encoded`)
  return and(`(= service ${stringTerm(service)})`, matches('name', patternPieces(name, false)))
}

function resourceHolds(pattern: string, version2012: boolean): Term {
  if (pattern === '*') return 'true'
  return and('has_resource', resourceMatches(ARN, segmentsOf(patternPieces(pattern, version2012), pattern)))
}

function furtherCharacters(policies: readonly RawPolicy[]): readonly string[] {
  const named = [...JSON.stringify(policies)].filter((character) => character > '~')
  return [...new Set(named.flatMap((one) => [one, one.toLowerCase(), one.toUpperCase()]))]
}

const ANYBODY = { principal: 'arn:aws:iam::111122223333:user/ada', context: {} }

function requestOf(model: Model, keys: ReadonlyMap<string, EncodedKey>): AuthorizationRequest {
  const resource = `arn:${ARN.map((variable) => model.text(variable)).join(':')}`
  const { context, principal } = [...keys.keys()].some(isPrincipalKey) ? printPrincipal(model) : ANYBODY
  return {
    principal,
    action: `${model.text('service')}:${model.text('name')}`,
    resource: model.isTrue('has_resource') ? resource : '*',
    context: Object.assign({}, context, ...Array.from(keys.values(), (key) => key.print(model))),
  }
}
