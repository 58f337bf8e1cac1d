import * as fc from 'fast-check'
import type { RawConditionValue, RawContextValue, RawStatement, SimulateCase } from '../reference/case.js'
import { OPERATOR_NAMES } from './conditions.js'
import { OWN_ACCOUNT } from './universe.js'

const KEY = 'test:Key'
const STRING_OPERATORS = OPERATOR_NAMES.filter((name) => name.startsWith('String'))

/** Pieces of patterns: wildcards, escapes, variables with and without value, with and without default. */
const PATTERN_PIECES = [
  'a',
  'b',
  'A',
  '/',
  'é',
  '$',
  '*',
  '?',
  '*',
  '${*}',
  '${?}',
  '${$}',
  '${aws:username}',
  '${AWS:UserName}',
  '${test:Other}',
  '${test:List}',
  '${test:None}',
  "${test:None, 'a'}",
  "${aws:username, 'b'}",
  "${test:None, ''}",
  "${test:List, 'a'}",
]
/** Pieces of values of a request: what patterns stand for, and their signs as plain characters. */
const VALUE_PIECES = ['a', 'b', 'A', '/', 'é', '$', '*', '?', 'ada', '{', '}', '${aws:username}', 'É']

function text(pieces: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''))
}

const pattern = text(PATTERN_PIECES, 5)
const value = text(VALUE_PIECES, 4)

/** Texts with colons too: where segments end. */
const arnPattern = fc
  .tuple(
    fc.constant('arn'),
    fc.constantFrom('aws', '*', 'a*', 'aw?'),
    fc.constantFrom('s3', 'sns', '*', 's*', 's?s', ''),
    fc.constantFrom('', 'r', '*', 'r*'),
    fc.constantFrom('', OWN_ACCOUNT, '*', '1*3', '1*'),
    text([...PATTERN_PIECES, ':', ':'], 5),
  )
  .map((segments) => segments.join(':'))

const arn = fc
  .tuple(
    fc.constantFrom('aws', 'aws-cn'),
    fc.constantFrom('s3', 'sns'),
    fc.constantFrom('', 'r', 'r1'),
    fc.constantFrom('', OWN_ACCOUNT),
    text([...VALUE_PIECES, ':', ':'], 4).filter((rest) => rest !== ''),
  )
  .map((segments) => ['arn', ...segments].join(':'))

/** Numbers, instants and addresses at and beside bounds, in several writings. */
const TYPED: Readonly<
  Record<string, { readonly sent: readonly string[]; readonly expected: readonly string[] }>
> = {
  Numeric: {
    sent: ['0', '-1', '1', '1.0', '1.5', '1e1', '10', '9007199254740993', '-0', 'x', ''],
    expected: ['0', '1', '1.50', '-1', '10', '1e1', '9007199254740992'],
  },
  Date: {
    sent: [
      '2027-01-01T00:00:00Z',
      '2027-01-01T00:00:00.000Z',
      '2027-01-01T00:00:00.5Z',
      '1798761600',
      '2026-12-31T23:00:00-01:00',
      '2027-01-01',
      '2026-12-31T23:59:59Z',
      '1798761599',
      'x',
    ],
    expected: ['2027-01-01T00:00:00Z', '2027-01-01', '1798761600', '2027-01-01T00:00:00+00:00', '0'],
  },
  IpAddress: {
    sent: [
      '10.0.0.0',
      '10.127.255.255',
      '10.128.0.0',
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '::1',
      '2001:db8::',
      '2001:db8:0:1::',
      '2001:DB8::1',
      '::ffff:10.0.0.1',
      'x',
      '',
    ],
    expected: [
      '10.0.0.0/9',
      '10.0.0.0/32',
      '10.0.0.0',
      '0.0.0.0/0',
      '0.0.0.0/1',
      '::/0',
      '::1',
      '2001:db8::/64',
      '2001:db8::1/127',
      '128.0.0.0/1',
      '::ffff:10.0.0.0/104',
    ],
  },
  Bool: { sent: ['true', 'True', 'false', 'x', '', '1'], expected: ['true', 'false', 'TRUE'] },
  Binary: { sent: ['QUJD', 'QQ==', 'QQ', 'QR==', '', 'x'], expected: ['QUJD', 'QQ==', 'QUI='] },
}

/** What differs from case to case: the statement and the request. */
interface Question {
  readonly statement: Partial<RawStatement>
  readonly action?: string
  readonly resource?: string
  readonly sent?: string | readonly string[]
}

function condition(operator: string, expected: readonly RawConditionValue[]): Partial<RawStatement> {
  return { Condition: { [operator]: { [KEY]: expected } } }
}

const modified = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
      fc.constantFrom(...names),
      fc.constantFrom('', '', 'IfExists'),
    )
    .map((parts) => parts.join(''))

const oneOrMany = (one: fc.Arbitrary<string>): fc.Arbitrary<string | readonly string[]> =>
  fc.oneof(one, fc.array(one, { maxLength: 2 }))

const stringQuestion: fc.Arbitrary<Question> = fc
  .tuple(modified(STRING_OPERATORS), fc.array(pattern, { minLength: 1, maxLength: 2 }), oneOrMany(value))
  .map(([operator, expected, sent]) => ({ statement: condition(operator, expected), sent }))

const arnQuestion: fc.Arbitrary<Question> = fc
  .tuple(modified(['ArnLike', 'ArnNotEquals']), arnPattern, oneOrMany(fc.oneof(arn, value)))
  .map(([operator, expected, sent]) => ({ statement: condition(operator, [expected]), sent }))

const resourceQuestion: fc.Arbitrary<Question> = fc
  .tuple(fc.array(arnPattern, { minLength: 1, maxLength: 2 }), arn, fc.boolean())
  .map(([patterns, resource, negated]) => ({
    statement: negated ? { Resource: undefined, NotResource: patterns } : { Resource: patterns },
    resource,
  }))

const actionQuestion: fc.Arbitrary<Question> = fc
  .tuple(
    text(['Get', 'Ob', 'O', 'b', '*', '?', '*'], 5),
    text(['Get', 'get', 'Ob', 'O', 'B'], 4),
    fc.boolean(),
  )
  .filter(([patternName, name]) => patternName !== '' && name !== '')
  .map(([patternName, name, negated]) => ({
    statement: negated
      ? { Action: undefined, NotAction: `s3:${patternName}` }
      : { Action: `S3:${patternName}` },
    action: `s3:${name}`,
  }))

const typedQuestion: fc.Arbitrary<Question> = fc.oneof(
  ...Object.entries(TYPED).map(([family, { sent, expected }]) =>
    fc
      .tuple(
        modified(OPERATOR_NAMES.filter((name) => name.includes(family))),
        fc.uniqueArray(fc.constantFrom(...expected), { minLength: 1, maxLength: 2 }),
        oneOrMany(fc.constantFrom(...sent)),
      )
      .map(([operator, values, texts]) => ({ statement: condition(operator, values), sent: texts })),
  ),
)

function toCase(question: Question, version: '2012-10-17' | undefined): SimulateCase {
  const { Resource, NotResource, Action, NotAction, Condition } = {
    Resource: '*',
    Action: '*',
    ...question.statement,
  }
  const element = Resource === undefined ? { NotResource } : { Resource }
  const operation = Action === undefined ? { NotAction } : { Action }
  const statement = Object.assign(
    { Effect: 'Allow' },
    operation,
    element,
    Condition && { Condition },
  ) as RawStatement
  const context: Record<string, RawContextValue> = { 'test:Other': '*', 'test:List': ['a', 'b'] }
  if (question.sent !== undefined) context[KEY] = question.sent
  return {
    request: {
      principal: `arn:aws:iam::${OWN_ACCOUNT}:user/ada`,
      action: question.action ?? 's3:GetObject',
      resource: question.resource ?? 'arn:aws:s3:::data/x',
      context,
    },
    identityPolicies: [
      version === undefined ? { Statement: statement } : { Version: version, Statement: statement },
    ],
  }
}

/**
 * Cases of one Allow statement of which one element is random text: patterns of actions, resources, string and
 * ARN conditions with wildcards, escapes and variables, and typed values at their bounds.
 */
export const matchingCaseArbitrary: fc.Arbitrary<SimulateCase> = fc
  .tuple(
    fc.oneof(
      stringQuestion,
      stringQuestion,
      arnQuestion,
      resourceQuestion,
      resourceQuestion,
      actionQuestion,
      typedQuestion,
    ),
    fc.constantFrom<('2012-10-17' | undefined)[]>('2012-10-17', '2012-10-17', '2012-10-17', undefined),
  )
  .map(([question, version]) => toCase(question, version))
