import { authorize, compilePolicy, readPolicy, type Condition, type ContextValue } from '@ringfence/policy'
import { describe, expect, test } from 'vitest'
import { conditionsWords, conditionWords, exceptionWords } from './condition-words.js'

const resource = 'arn:aws:s3:::b/k'

function policyWith(condition: unknown): NonNullable<ReturnType<typeof readPolicy>['policy']> {
  const { policy } = readPolicy(
    {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Condition: condition },
    },
    { kind: 'identity', name: 'p' },
  )
  if (!policy) throw new Error(JSON.stringify(condition))
  return policy
}

function conditionsOf(condition: unknown): readonly Condition[] {
  return policyWith(condition).statements[0]!.conditions
}

const only = (operator: string, key: string, value: unknown): Condition =>
  conditionsOf({ [operator]: { [key]: value } })[0]!

const words: readonly (readonly [string, string, unknown, string])[] = [
  ['Bool', 'aws:SecureTransport', 'true', 'over TLS'],
  ['Bool', 'aws:securetransport', 'false', 'without TLS'],
  ['BoolIfExists', 'aws:SecureTransport', 'true', 'over TLS'],
  ['Bool', 'aws:MultiFactorAuthPresent', 'true', 'with MFA'],
  ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', 'without MFA'],
  ['Bool', 'aws:MultiFactorAuthPresent', 'false', 'where aws:MultiFactorAuthPresent is false'],
  [
    'BoolIfExists',
    'aws:MultiFactorAuthPresent',
    'true',
    'where aws:MultiFactorAuthPresent is true (or is missing)',
  ],
  ['DateLessThan', 'aws:CurrentTime', '2027-04-01T00:00:00Z', 'until 2027-03-31'],
  ['DateLessThan', 'aws:CurrentTime', '2027-04-01', 'until 2027-03-31'],
  ['DateLessThan', 'aws:CurrentTime', '2027-04-01T12:30:00+02:00', 'before 2027-04-01T10:30:00Z'],
  ['DateLessThanEquals', 'aws:CurrentTime', '2027-03-31T23:59:59Z', 'until 2027-03-31T23:59:59Z'],
  ['DateGreaterThan', 'aws:CurrentTime', '2027-03-31', 'after 2027-03-31T00:00:00Z'],
  ['DateGreaterThanEquals', 'aws:CurrentTime', '2027-03-31T00:00:00Z', 'since 2027-03-31'],
  ['DateLessThan', 'aws:TokenIssueTime', '2027-03-31', 'where aws:TokenIssueTime is before 2027-03-31'],
  [
    'DateNotEquals',
    'aws:CurrentTime',
    '2027-03-31',
    'where aws:CurrentTime is not the instant 2027-03-31 (or is missing)',
  ],
  ['StringLike', 's3:prefix', 'raw/*', 'under raw/'],
  ['StringLike', 's3:prefix', ['raw/*', 'labels/*', 'x y/*'], 'under raw/, labels/ or "x y/"'],
  ['StringLike', 's3:prefix', 'raw*', 'where s3:prefix is like raw*'],
  ['StringLike', 's3:prefix', ['', 'raw/*'], 'where s3:prefix is like "" or raw/*'],
  ['StringLikeIfExists', 's3:prefix', 'raw/*', 'where s3:prefix is like raw/* (or is missing)'],
  ['StringEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com', 'through S3 in eu-west-1 only'],
  ['StringEquals', 'kms:ViaService', 's3.*.amazonaws.com', 'where kms:ViaService is s3.*.amazonaws.com'],
  ['StringLike', 'kms:ViaService', 's3.*.amazonaws.com', 'where kms:ViaService is like s3.*.amazonaws.com'],
  ['ForAnyValue:StringEquals', 'kms:ResourceAliases', 'alias/a', 'with the key alias/a'],
  [
    'ForAllValues:StringEquals',
    'kms:ResourceAliases',
    'alias/a',
    'where each value of kms:ResourceAliases, if any, is alias/a',
  ],
  ['IpAddress', 'aws:SourceIp', ['203.0.113.0/24', '2001:db8::/32'], 'from 203.0.113.0/24 or 2001:db8::/32'],
  [
    'NotIpAddress',
    'aws:SourceIp',
    '203.0.113.0/24',
    'where aws:SourceIp is not in 203.0.113.0/24 (or is missing)',
  ],
  ['StringEquals', 'aws:SourceVpce', 'vpce-1', 'through VPC endpoint vpce-1'],
  [
    'StringNotEquals',
    'aws:SourceVpce',
    ['vpce-1', 'vpce-2'],
    'where aws:SourceVpce is not any of vpce-1 or vpce-2 (or is missing)',
  ],
  ['StringEquals', 'aws:RequestTag/ringfence:team', 'research', 'with the tag ringfence:team = research'],
  ['StringEquals', 'aws:PrincipalTag/x', ['a', 'b'], 'by principals tagged x = a or b'],
  ['StringEquals', 'iam:PassedToService', 'sagemaker.amazonaws.com', 'to sagemaker.amazonaws.com only'],
  [
    'ArnLike',
    'aws:PrincipalArn',
    'arn:aws:iam::111122223333:role/etl*',
    'where aws:PrincipalArn is an ARN like arn:aws:iam::111122223333:role/etl*',
  ],
  [
    'StringEqualsIgnoreCase',
    'aws:username',
    ['Ada', 'Bob'],
    'where aws:username is Ada or Bob in any letter case',
  ],
  [
    'StringEquals',
    'aws:username',
    ['or', 'true', 'a, b', ''],
    'where aws:username is "or", "true", "a, b" or ""',
  ],
  ['NumericLessThanEquals', 's3:max-keys', '10', 'where s3:max-keys is at most 10'],
  ['NumericNotEquals', 's3:max-keys', '10', 'where s3:max-keys does not equal 10 (or is missing)'],
  ['Null', 'aws:SourceVpc', 'true', 'where aws:SourceVpc is missing'],
  ['Null', 'aws:SourceVpc', 'false', 'where aws:SourceVpc is there'],
  ['Null', 'aws:SourceVpc', ['true', 'false'], 'where aws:SourceVpc is there or is missing'],
  ['BinaryEquals', 'x:y', 'QUJD', 'where x:y is the bytes QUJD'],
  ['ForAnyValue:StringNotLike', 'aws:TagKeys', 'a*', 'where some value of aws:TagKeys is not like a*'],
  [
    'ForAnyValue:StringLikeIfExists',
    'aws:TagKeys',
    'a*',
    'where some value of aws:TagKeys is like a* (or is missing)',
  ],
]

test.each(words)('%s %s %j', (operator, key, value, expected) => {
  expect(conditionWords(only(operator, key, value))).toBe(expected)
})

function withVariable(version: string): unknown {
  const Condition = { StringEquals: { 's3:prefix': '${aws:username}' } }
  return { Version: version, Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition } }
}

test('a policy of the old version takes variables for texts, and the words differ', () => {
  const [old, now] = ['2008-10-17', '2012-10-17'].map((version) =>
    conditionWords(
      readPolicy(withVariable(version), { kind: 'identity', name: 'p' }).policy!.statements[0]!
        .conditions[0]!,
    ),
  )
  expect(now).toBe('where s3:prefix is ${aws:username}')
  expect(old).toBe('where s3:prefix is "${aws:username}"')
})

test('conditions are told in one order, each once', () => {
  const conditions = conditionsOf({
    DateLessThan: { 'aws:CurrentTime': '2027-04-01T00:00:00Z' },
    StringEquals: { 'x:y': 'z' },
    Bool: { 'aws:SecureTransport': 'true' },
    StringLike: { 's3:prefix': 'raw/*' },
  })
  expect(conditionsWords([...conditions, ...conditions])).toEqual([
    'under raw/',
    'over TLS',
    'until 2027-03-31',
    'where x:y is z',
  ])
})

describe('what a Deny leaves over', () => {
  const exceptions: readonly (readonly [unknown, string])[] = [
    [{ Bool: { 'aws:SecureTransport': 'false' } }, 'over TLS'],
    [{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, 'with MFA'],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, 'unless aws:MultiFactorAuthPresent is false'],
    [{ DateGreaterThanEquals: { 'aws:CurrentTime': '2035-02-01T00:00:00Z' } }, 'until 2035-01-31'],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2035-02-01T00:00:00Z' } }, 'until 2035-02-01T00:00:00Z'],
    [{ StringNotLike: { 's3:prefix': ['raw/*', 'labels/*'] } }, 'under raw/ or labels/'],
    [{ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, 'through VPC endpoint vpce-1'],
    [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, 'from 203.0.113.0/24'],
    [{ StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, 'unless aws:SourceVpce is vpce-1'],
    [{ Null: { 'x:y': 'false' } }, 'unless x:y is there'],
    [
      { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'x:y': 'z' } },
      'unless aws:SecureTransport is false and x:y is z',
    ],
  ]
  test.each(exceptions)('%j', (condition, expected) => {
    expect(exceptionWords(conditionsOf(condition))).toBe(expected)
  })

  test('nothing where it has no condition', () => {
    expect(exceptionWords([])).toBe('')
  })
})

/** Every operator with every value on every key, in contexts where the key has each value or is missing. */
describe('same words mean the same', () => {
  const operators = [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
    'ArnLike',
    'ArnNotEquals',
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
    'Bool',
    'BinaryEquals',
    'IpAddress',
    'NotIpAddress',
    'Null',
  ]
  const values = [
    'true',
    'false',
    'TRUE',
    '5',
    'raw/*',
    'raw/x',
    'or',
    'QUJD',
    '10.0.0.0/8',
    '2027-04-01',
    '2027-04-01T00:00:01Z',
    'arn:aws:s3:::*',
    's3.eu-west-1.amazonaws.com',
    's3.us-east-1.amazonaws.com',
    'a',
    'b',
  ]
  const keys = [
    'aws:SecureTransport',
    'aws:CurrentTime',
    'aws:MultiFactorAuthPresent',
    's3:prefix',
    'kms:ViaService',
    'kms:ResourceAliases',
    'aws:SourceIp',
    'aws:SourceVpce',
    'aws:PrincipalTag/a',
    'x:y',
  ]
  const probes: readonly ContextValue[] = [
    ...values,
    'False',
    'RAW/*',
    'raw/y',
    '4',
    '6',
    '10.1.2.3',
    '2026-01-01',
    '2027-04-01T00:00:00Z',
    '2028-01-01',
    'arn:aws:s3:::x',
    'A',
  ]

  test.each(keys)('%s', (key) => {
    const isAlwaysThere = key === 'aws:SecureTransport' || key === 'aws:CurrentTime'
    const isAllowed = (condition: Condition, value: ContextValue | undefined): boolean => {
      const whole = {
        ...policyWith({}),
        statements: [{ ...policyWith({}).statements[0]!, conditions: [condition] }],
      }
      const request = {
        principal: 'arn:aws:iam::111122223333:user/ada',
        action: 's3:GetObject',
        resource,
        context: value === undefined ? {} : { [key]: value },
      }
      return authorize(request, { identityPolicies: [compilePolicy(whole)] }).decision === 'allow'
    }
    const seen = new Map<string, { readonly condition: Condition; readonly answers: string }>()
    let several = 0
    for (const operator of operators)
      for (const suffix of operator === 'Null' ? [''] : ['', 'IfExists'])
        for (const quantifier of operator === 'Null' ? [''] : ['', 'ForAnyValue:', 'ForAllValues:'])
          for (const value of values) {
            const read = readPolicy(
              {
                Version: '2012-10-17',
                Statement: {
                  Effect: 'Allow',
                  Action: '*',
                  Resource: '*',
                  Condition: { [`${quantifier}${operator}${suffix}`]: { [key]: value } },
                },
              },
              { kind: 'identity', name: 'p' },
            )
            const [condition] = read.policy?.statements[0]?.conditions ?? []
            if (!condition) continue
            const lists =
              quantifier === ''
                ? []
                : [
                    ['a', 'b'],
                    ['raw/x', 'b'],
                  ]
            const all = [...probes, ...lists, ...(isAlwaysThere ? [] : [undefined])]
            const answers = all
              .filter((probe) => typeof probe !== 'object')
              .map((probe) => Number(isAllowed(condition, probe)))
              .join('')
            const said = conditionWords(condition)
            expect(said).not.toBe('')
            const first = seen.get(said)
            if (first) {
              several++
              expect(
                answers,
                `${said}: ${first.condition.operator.source} and ${condition.operator.source}`,
              ).toBe(first.answers)
            } else seen.set(said, { condition, answers })
          }
    expect(seen.size).toBeGreaterThan(100)
    expect(several).toBeGreaterThan(0)
  })
})
