import * as fc from 'fast-check'
import {
  asList,
  type NamedRawPolicy,
  type OneOrMany,
  type RawPolicy,
  type RawPrincipal,
  type RawStatement,
} from '../reference/case.js'
import { conditionArbitrary, principalArnConditionArbitrary } from './conditions.js'
import {
  AWS_PRINCIPALS,
  CANONICAL_IDS,
  PROVIDERS,
  SERVICES,
  SPARED_LISTS,
  type Scenario,
} from './universe.js'

/** Which elements the statements of a policy have. */
export type StatementForm = 'identity' | 'resource' | 'trust' | 'endpoint'

function oneOrTwo(values: readonly string[]): fc.Arbitrary<OneOrMany<string>> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...values), weight: 3 },
    { arbitrary: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), weight: 1 },
  )
}

const awsPrincipal: fc.Arbitrary<RawPrincipal> = fc
  .uniqueArray(fc.constantFrom(...AWS_PRINCIPALS), { minLength: 1, maxLength: 3 })
  .map((list) => ({ AWS: list.length === 1 ? (list[0] ?? '*') : list }))

const everyone = fc.constantFrom<RawPrincipal>('*', { AWS: '*' })
const service = fc.constantFrom(...SERVICES).map((name): RawPrincipal => ({ Service: name }))

const PRINCIPALS: Readonly<Record<Exclude<StatementForm, 'identity'>, fc.Arbitrary<RawPrincipal>>> = {
  resource: fc.oneof(
    { arbitrary: awsPrincipal, weight: 9 },
    { arbitrary: everyone, weight: 6 },
    { arbitrary: service, weight: 2 },
    {
      arbitrary: fc.constantFrom(...CANONICAL_IDS).map((id): RawPrincipal => ({ CanonicalUser: id })),
      weight: 1,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...AWS_PRINCIPALS), fc.constantFrom(...SERVICES))
        .map(([aws, name]): RawPrincipal => ({ AWS: aws, Service: name })),
      weight: 1,
    },
  ),
  trust: fc.oneof(
    { arbitrary: awsPrincipal, weight: 6 },
    { arbitrary: everyone, weight: 3 },
    { arbitrary: service, weight: 2 },
    {
      arbitrary: fc.constantFrom(...PROVIDERS).map((name): RawPrincipal => ({ Federated: name })),
      weight: 3,
    },
  ),
  endpoint: fc.oneof({ arbitrary: everyone, weight: 4 }, { arbitrary: awsPrincipal, weight: 1 }),
}

type PrincipalPart = Pick<RawStatement, 'Principal' | 'NotPrincipal'>

function principalPart(form: StatementForm, effect: RawStatement['Effect']): fc.Arbitrary<PrincipalPart> {
  if (form === 'identity') return fc.constant({})
  const named = PRINCIPALS[form].map((principal): PrincipalPart => ({ Principal: principal }))
  // Trust policies have no NotPrincipal (IAM User Guide, "NotPrincipal").
  if (form !== 'resource') return named
  const spared = fc
    .oneof(
      fc.constantFrom(...SPARED_LISTS).map((list): RawPrincipal => ({ AWS: list })),
      service,
    )
    .map((principal): PrincipalPart => ({ NotPrincipal: principal }))
  return fc.oneof({ arbitrary: named, weight: effect === 'Allow' ? 15 : 1 }, { arbitrary: spared, weight: 1 })
}

function actionPart(scenario: Scenario): fc.Arbitrary<Pick<RawStatement, 'Action' | 'NotAction'>> {
  const broad = `${scenario.actions[0]?.split(':')[0]}:*`
  const actions =
    scenario.resourcePolicy === 'trust'
      ? oneOrTwo(scenario.actionPatterns)
      : fc.oneof(
          { arbitrary: fc.constant(broad), weight: 1 },
          { arbitrary: oneOrTwo(scenario.actionPatterns), weight: 3 },
        )
  if (scenario.resourcePolicy === 'trust') return actions.map((Action) => ({ Action }))
  return fc.oneof(
    { arbitrary: actions.map((Action) => ({ Action })), weight: 8 },
    { arbitrary: actions.map((NotAction) => ({ NotAction })), weight: 1 },
  )
}

function resourcePart(
  scenario: Scenario,
  form: StatementForm,
): fc.Arbitrary<Pick<RawStatement, 'Resource' | 'NotResource'>> {
  if (form === 'trust') return fc.constant({})
  const resources = oneOrTwo(scenario.resourcePatterns)
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant({ Resource: '*' }), weight: 6 },
    { arbitrary: resources.map((Resource) => ({ Resource })), weight: 5 },
    { arbitrary: resources.map((NotResource) => ({ NotResource })), weight: 1 },
  )
}

const resourceCondition = fc.oneof(
  { arbitrary: conditionArbitrary, weight: 3 },
  { arbitrary: principalArnConditionArbitrary, weight: 1 },
)

function statementOf(
  scenario: Scenario,
  form: StatementForm,
  effect: RawStatement['Effect'],
): fc.Arbitrary<RawStatement> {
  return fc
    .tuple(
      principalPart(form, effect),
      actionPart(scenario),
      resourcePart(scenario, form),
      fc.oneof(
        { withCrossShrink: true },
        { arbitrary: fc.constant(undefined), weight: 3 },
        { arbitrary: form === 'identity' ? conditionArbitrary : resourceCondition, weight: 2 },
      ),
    )
    .map(([principal, action, resource, Condition]) => {
      const condition = Condition === undefined ? {} : { Condition }
      return Object.assign({ Effect: effect }, principal, action, resource, condition)
    })
}

/** A statement that fits its kind of policy; a Deny for each four Allows. */
export function statementArbitrary(scenario: Scenario, form: StatementForm): fc.Arbitrary<RawStatement> {
  return fc.oneof(
    { arbitrary: statementOf(scenario, form, 'Allow'), weight: 4 },
    { arbitrary: statementOf(scenario, form, 'Deny'), weight: 1 },
  )
}

const version = fc.oneof(
  { arbitrary: fc.constant<RawPolicy['Version']>('2012-10-17'), weight: 8 },
  { arbitrary: fc.constantFrom<RawPolicy['Version']>('2008-10-17', undefined), weight: 2 },
)

/** With an old Version a variable is literal text, which is no boolean: AWS would refuse the policy. */
function withoutBoolVariables(statement: RawStatement): RawStatement {
  const entries = Object.entries(statement.Condition ?? {}).filter(
    ([operator, keys]) => !operator.includes('Bool') || !JSON.stringify(keys).includes('${'),
  )
  const { Condition: _, ...rest } = statement
  return entries.length === 0 ? rest : { ...rest, Condition: Object.fromEntries(entries) }
}

/** A policy document of one or two statements, the one sometimes without brackets. */
export function policyArbitrary(
  statement: fc.Arbitrary<RawStatement>,
  versions: fc.Arbitrary<RawPolicy['Version']> = version,
): fc.Arbitrary<RawPolicy> {
  const statements: fc.Arbitrary<OneOrMany<RawStatement>> = fc.oneof(
    { arbitrary: statement, weight: 1 },
    { arbitrary: fc.array(statement, { minLength: 1, maxLength: 2 }), weight: 4 },
  )
  return fc.tuple(versions, statements).map(([Version, Statement]) => {
    if (Version === '2012-10-17') return { Version, Statement }
    const plain = asList(Statement).map(withoutBoolVariables)
    return Version === undefined ? { Statement: plain } : { Version, Statement: plain }
  })
}

/** Gives policies names that are unique within a layer. */
export function namePolicies(layer: string, policies: readonly RawPolicy[]): readonly NamedRawPolicy[] {
  return policies.map((policy, index) => ({ name: `${layer}-${index}`, policy }))
}
