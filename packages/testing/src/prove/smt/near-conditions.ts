import * as fc from 'fast-check'
import { asList, type RawStatement } from '../../reference/case.js'

/** One operator with one key. */
export interface NearCondition {
  readonly operator: string
  readonly key: string
  readonly values: string[]
}

const TEXTS = ['raw/*', 'raw/', 'raw*', 'Raw/x', 'raw/x', '*', '', 'r?w', '*w*', 'red', 'a\\"b']
const ARNS = [
  'arn:aws:sns:*:111122223333:*',
  'arn:aws:sns:eu-west-1:111122223333:t',
  'arn:aws:sns:eu-*:111122223333:t*',
  'arn:*:*:*:*:*',
  '*',
]
const NUMBERS = ['3600', '3599', '0', '-1', '0.5', '3600.0']
const DATES = [
  '2027-03-31T00:00:00Z',
  '2027-03-31T00:00:01Z',
  '2027-03-31T02:00:00+02:00',
  '2027-03-31',
  '1806364800',
  '2027-03-31T00:00:00.500Z',
]
const NETWORKS = ['203.0.113.0/24', '203.0.113.128/25', '203.0.113.7', '0.0.0.0/0', '2001:db8::/32', '::/0']

const SERVICES = ['a.amazonaws.com', 'b.amazonaws.com', 'A.amazonaws.com', '?.amazonaws.com', 'a*']

const text = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'].flatMap((name) => [
  name,
  name.replace('String', 'StringNot'),
])
const ordered = (kind: string): string[] =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (order) => kind + order,
  )
const arn = ['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals']

/** Which keys are compared by which operators with which values. A key has one family, so that all is decided. */
interface Family {
  readonly keys: readonly string[]
  readonly operators: readonly string[]
  readonly values: readonly string[]
  readonly weight: number
}

const FAMILIES: readonly Family[] = [
  {
    keys: ['s3:prefix', 'aws:PrincipalTag/team', 'AWS:UserAgent', 'aws:RequestedRegion'],
    operators: text,
    values: TEXTS,
    weight: 12,
  },
  { keys: ['test:Source', 'aws:SourceArn'], operators: arn, values: ARNS, weight: 6 },
  { keys: ['aws:SourceAccount'], operators: text, values: ['111122223333', '1111*', '*', 'x'], weight: 2 },
  {
    keys: ['s3:max-keys', 'aws:MultiFactorAuthAge'],
    operators: ordered('Numeric'),
    values: NUMBERS,
    weight: 6,
  },
  {
    keys: ['aws:CurrentTime', 'aws:TokenIssueTime', 'test:Until', 'aws:EpochTime'],
    operators: ordered('Date'),
    values: DATES,
    weight: 6,
  },
  { keys: ['aws:EpochTime'], operators: ordered('Numeric'), values: ['1806364800', '1806364799'], weight: 2 },
  {
    keys: ['aws:SourceIp', 'test:Address'],
    operators: ['IpAddress', 'NotIpAddress'],
    values: NETWORKS,
    weight: 6,
  },
  {
    keys: ['aws:SecureTransport', 'aws:MultiFactorAuthPresent', 'test:Flag'],
    operators: ['Bool'],
    values: ['true', 'false', 'TRUE'],
    weight: 6,
  },
  { keys: ['aws:ViaAWSService'], operators: text, values: ['true', 'True', 'f*'], weight: 3 },
  { keys: ['aws:CalledViaFirst', 'aws:CalledViaLast'], operators: text, values: SERVICES, weight: 4 },
  { keys: ['aws:PrincipalOrgID'], operators: text, values: ['o-1', 'O-1', 'o-?', '*2'], weight: 3 },
]
const PRINCIPALS: readonly Family[] = [
  {
    keys: ['aws:PrincipalArn'],
    operators: arn,
    values: [
      'arn:aws:iam::111122223333:role/etl-*',
      'arn:aws:iam::*:user/*',
      'arn:aws:iam::111122223333:*',
      'arn:aws:iam::111122223333:user/team/ada',
      'arn:*:iam::*:role/*/etl-?',
      'arn:aws:iam::*:user/*//*',
    ],
    weight: 1,
  },
  { keys: ['aws:username'], operators: text, values: ['ada', 'Ada', 'a*', 'team/ada', '*', ''], weight: 1 },
  { keys: ['aws:userid'], operators: text, values: ['AIDA*', 'AROA*:etl', '*:*', 'AROAX:a'], weight: 1 },
  { keys: ['aws:PrincipalAccount'], operators: text, values: ['111122223333', '1*', '*', 'x'], weight: 1 },
  { keys: ['aws:PrincipalType'], operators: text, values: ['User', 'assumedrole', 'A*'], weight: 1 },
]
const quantified = text.flatMap((operator) => [`ForAllValues:${operator}`, `ForAnyValue:${operator}`])
const QUANTIFIED: readonly Family[] = [
  {
    keys: ['aws:TagKeys', 'test:Tags'],
    operators: quantified,
    values: ['team', 'cost-*', 'Team', '*', 't*'],
    weight: 4,
  },
  { keys: ['aws:CalledVia'], operators: quantified, values: SERVICES, weight: 3 },
  {
    keys: ['aws:PrincipalOrgPaths'],
    operators: quantified,
    values: ['o-1/*', 'o-?/r/*', '*/ou/*', 'o-1', 'o-1/r/'],
    weight: 3,
  },
]
const ALL = [...FAMILIES, ...PRINCIPALS, ...QUANTIFIED]
const KEYS = ALL.flatMap(({ keys }) => keys)

const ofFamily = ({ keys, operators, values }: Family): fc.Arbitrary<NearCondition> =>
  fc
    .record({
      key: fc.constantFrom(...keys),
      operator: fc.constantFrom(...operators),
      suffix: fc.constantFrom('', '', 'IfExists'),
      values: fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }),
    })
    .map(({ key, operator, suffix, values: those }) => ({ key, operator: operator + suffix, values: those }))

export const conditionArbitrary: fc.Arbitrary<NearCondition> = fc.oneof(
  ...ALL.map((family) => ({ arbitrary: ofFamily(family), weight: family.weight })),
  {
    arbitrary: fc.record({
      key: fc.constantFrom(...KEYS),
      operator: fc.constant('Null'),
      values: fc.constantFrom('true', 'false').map((value) => [value]),
    }),
    weight: 4,
  },
)

const OPPOSITES: readonly (readonly [RegExp, string])[] = [
  [/^((?:For\w+:)?)StringNot/, '$1String'],
  [/^((?:For\w+:)?)String(?!Not)/, '$1StringNot'],
  [/Like/, 'Equals'],
  [/LessThan(?!Equals)/, 'LessThanEquals'],
  [/GreaterThanEquals/, 'GreaterThan'],
  [/^IpAddress/, 'NotIpAddress'],
  [/IfExists$/, ''],
]

function mutateOperator(operator: string, at: number): string {
  if (at % 3 === 0)
    return operator.endsWith('IfExists') || operator === 'Null' ? operator : `${operator}IfExists`
  const fitting = OPPOSITES.filter(([pattern]) => pattern.test(operator))
  const chosen = fitting[at % Math.max(1, fitting.length)]
  return chosen ? operator.replace(...chosen) : operator
}

/** The statement with one condition changed: left out, its operator or its values. */
export function mutateCondition(statement: RawStatement, at: number): RawStatement {
  const { Condition, ...rest } = statement
  const all = Object.entries(Condition ?? {}).flatMap(([operator, byKey]) =>
    Object.entries(byKey).map(([key, values]) => ({ operator, key, values: asList(values) })),
  )
  if (all.length === 0) return statement
  const chosen = all[at % all.length]!
  const others = all.filter((one) => one !== chosen)
  const changed = changedCondition(chosen, at >> 2)
  const kept = changed ? [...others, changed] : others
  if (kept.length === 0) return rest
  const merged: Record<string, Record<string, readonly (string | number | boolean)[]>> = {}
  for (const { key, operator, values } of kept) (merged[operator] ??= {})[key] = values
  return { ...rest, Condition: merged }
}

type AnyCondition = Omit<NearCondition, 'values'> & {
  readonly values: readonly (string | number | boolean)[]
}

function changedCondition(condition: AnyCondition, at: number): AnyCondition | undefined {
  const family = ALL.find(
    ({ keys, operators }) =>
      keys.includes(condition.key) && operators.includes(condition.operator.replace(/IfExists$/, '')),
  )
  switch (at % 4) {
    case 0:
      return undefined
    case 1:
      return { ...condition, operator: mutateOperator(condition.operator, at >> 2) }
    default: {
      if (!family) return condition
      const value = family.values[(at >> 2) % family.values.length]!
      return { ...condition, values: at % 4 === 2 ? [value] : [...condition.values, value] }
    }
  }
}
