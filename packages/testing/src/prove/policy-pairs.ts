import * as fc from 'fast-check'
import { policyArbitrary, statementArbitrary } from '../arbitraries/statements.js'
import {
  KMS_SCENARIO,
  OTHER_SCENARIO,
  PROVIDERS,
  S3_SCENARIO,
  type Scenario,
} from '../arbitraries/universe.js'
import { asList, type RawPolicy, type RawStatement } from '../reference/case.js'

/** Two policies of one kind to compare, and the world that their requests are taken from. */
export interface PolicyPair {
  readonly kind: 'identity' | 'resource'
  readonly scenario: Scenario
  readonly first: RawPolicy
  readonly second: RawPolicy
}

const statementsOf = (policy: RawPolicy): readonly RawStatement[] => asList(policy.Statement)
const withStatements = (policy: RawPolicy, Statement: readonly RawStatement[]): RawPolicy =>
  Statement.length === 0 ? policy : { ...policy, Statement }

/** Cuts a pattern and puts a star there. */
function widen(pattern: string, at: number): string {
  const from = pattern.startsWith('arn:')
    ? pattern.split(':', 5).join(':').length + 1
    : pattern.indexOf(':') + 1
  if (from === 0 || pattern === '*' || pattern.includes('${')) return pattern
  return `${pattern.slice(0, from + (at % (pattern.length - from + 1)))}*`
}

function changeStatement(statement: RawStatement, choice: number): RawStatement {
  const { Condition: _, ...rest } = statement
  switch (choice % 6) {
    case 0:
      return rest
    case 1:
      return { ...statement, Effect: statement.Effect === 'Allow' ? 'Deny' : 'Allow' }
    case 2:
      return statement.Resource === undefined
        ? statement
        : { ...statement, Resource: asList(statement.Resource).map((one) => widen(one, choice)) }
    case 3:
      return statement.Action === undefined
        ? statement
        : { ...statement, Action: asList(statement.Action).map((one) => widen(one, choice)) }
    case 4: {
      const { Action, NotAction, ...others } = statement
      return Action === undefined ? { ...others, Action: NotAction! } : { ...others, NotAction: Action }
    }
    default:
      return statement.Resource === undefined
        ? statement
        : { ...statement, Resource: [...asList(statement.Resource), 'arn:aws:s3:::extra'] }
  }
}

/** The policy with one thing changed, or only written otherwise. */
function change(policy: RawPolicy, choice: number, at: number): RawPolicy {
  const statements = statementsOf(policy)
  const index = at % statements.length
  switch (choice % 4) {
    case 0:
      return withStatements(policy, statements.toReversed())
    case 1:
      return withStatements(policy, statements.toSpliced(index, 1))
    default:
      return withStatements(policy, statements.with(index, changeStatement(statements[index]!, at)))
  }
}

const PROVIDER_PATTERNS = [...PROVIDERS, 'arn:aws:iam::*:saml-provider/*', '${aws:PrincipalTag/team}']

/** Statements, of which some name a provider's sessions where they named a service, and ask for the provider. */
function statementWithProviders(
  scenario: Scenario,
  kind: 'identity' | 'resource',
): fc.Arbitrary<RawStatement> {
  const provider = fc.option(fc.constantFrom(...PROVIDER_PATTERNS), { freq: 2, nil: undefined })
  return fc
    .tuple(statementArbitrary(scenario, kind), fc.nat(3), provider)
    .map(([statement, choice, pattern]) => fromProvider(statement, PROVIDERS[choice], pattern))
}

function fromProvider(
  statement: RawStatement,
  provider: string | undefined,
  pattern: string | undefined,
): RawStatement {
  const { Condition, Principal } = statement
  if (provider === undefined || typeof Principal !== 'object' || Principal.Service === undefined)
    return statement
  const { Service: _, ...others } = Principal
  const named = { ...statement, Principal: { ...others, Federated: provider } }
  if (pattern === undefined) return named
  return { ...named, Condition: { ...Condition, StringLikeIfExists: { 'aws:FederatedProvider': pattern } } }
}

function pairOf(kind: 'identity' | 'resource', scenario: Scenario): fc.Arbitrary<PolicyPair> {
  const policy = policyArbitrary(statementWithProviders(scenario, kind))
  const more = statementWithProviders(scenario, kind)
  const second = fc.oneof(
    { arbitrary: policy.map((other) => () => other), weight: 2 },
    {
      arbitrary: fc.tuple(fc.nat(), fc.nat()).map(
        ([choice, at]) =>
          (one: RawPolicy) =>
            change(one, choice, at),
      ),
      weight: 4,
    },
    {
      arbitrary: more.map(
        (statement) => (one: RawPolicy) => withStatements(one, [...statementsOf(one), statement]),
      ),
      weight: 2,
    },
  )
  return fc
    .tuple(policy, second)
    .map(([first, makeSecond]) => ({ kind, scenario, first, second: makeSecond(first) }))
    .filter(({ second: changed }) => !hasLiteralVariable(changed))
}

/** With an old version a variable is literal text, which is no boolean: AWS would refuse the policy. */
function hasLiteralVariable(policy: RawPolicy): boolean {
  return (
    policy.Version !== '2012-10-17' &&
    /"\$\{aws:(SecureTransport|PrincipalTag\/on)/.test(JSON.stringify(policy))
  )
}

/** Pairs of which the second is mostly the first with something changed. */
export const policyPairArbitrary: fc.Arbitrary<PolicyPair> = fc.oneof(
  { arbitrary: pairOf('identity', S3_SCENARIO), weight: 4 },
  { arbitrary: pairOf('identity', OTHER_SCENARIO), weight: 3 },
  { arbitrary: pairOf('identity', KMS_SCENARIO), weight: 1 },
  { arbitrary: pairOf('resource', S3_SCENARIO), weight: 3 },
  { arbitrary: pairOf('resource', OTHER_SCENARIO), weight: 1 },
)

const PIECES = ['a', 'b', 'A', '*', '?', '*']
const pattern = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
const patterns = fc.array(pattern, { minLength: 1, maxLength: 2 })
const TEXT_OPERATORS = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'].flatMap((name) => [
  name,
  name.replace('String', 'StringNot'),
])
const operator = fc
  .tuple(
    fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(...TEXT_OPERATORS),
    fc.constantFrom('', '', 'IfExists'),
  )
  .map((parts) => parts.join(''))
const key = fc.constantFrom('test:One', 'test:Two')
const condition = fc.oneof(
  fc.tuple(operator, key, patterns),
  fc.tuple(fc.constant('Null'), key, fc.constantFrom('true', 'false')),
)

const tinyStatement: fc.Arbitrary<RawStatement> = fc
  .record({
    Effect: fc.constantFrom<('Allow' | 'Deny')[]>('Allow', 'Allow', 'Deny'),
    actions: patterns,
    notAction: fc.boolean(),
    resources: patterns,
    notResource: fc.integer({ min: 0, max: 3 }),
    conditions: fc.array(condition, { maxLength: 2 }),
  })
  .map(({ Effect, actions, conditions, notAction, notResource, resources }) => {
    const Action = actions.map((name) => `s3:${name}`)
    const Resource = resources.map((rest) => `arn:aws:s3:::${rest}`)
    const Condition: Record<string, Record<string, string | string[]>> = {}
    for (const [name, onKey, values] of conditions) (Condition[name] ??= {})[onKey] = values
    return Object.assign(
      { Effect },
      notAction ? { NotAction: Action } : { Action },
      notResource === 0 ? { NotResource: Resource } : { Resource },
      conditions.length > 0 ? { Condition } : {},
    ) as RawStatement
  })

/** Pairs over so few letters that all requests of a few letters can be tried. */
export const tinyPairArbitrary: fc.Arbitrary<Omit<PolicyPair, 'scenario'>> = fc
  .tuple(
    fc.array(tinyStatement, { minLength: 1, maxLength: 3 }),
    fc.array(tinyStatement, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([first, other, together]) => {
    const Version = '2012-10-17' as const
    const second = together ? [...first.slice(0, 2), ...other.slice(0, 1)] : other
    return { kind: 'identity', first: { Version, Statement: first }, second: { Version, Statement: second } }
  })
