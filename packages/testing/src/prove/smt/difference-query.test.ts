import { expect, test } from 'vitest'
import type { RawCondition, RawPolicy, RawStatement } from '../../reference/case.js'
import { differenceQueries } from './difference-query.js'
import { OutsideSubset } from './outside-subset.js'

const everything: RawPolicy = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
}
const policy = (statement: object): RawPolicy => ({
  ...everything,
  Statement: { Effect: 'Allow', Action: '*', Resource: '*', ...statement } as RawStatement,
})

test('a pair is written as SMT-LIB', () => {
  const { back, forth } = differenceQueries(everything, policy({ Resource: 'arn:aws:s3:::data/*' }))
  expect(forth.exactly).toContain(
    '(assert (not (and (and true (and has_resource (and (= partition "aws") (and (= arn_service "s3") ' +
      '(and (= region "") (and (= account "") (str.in_re resource (re.++ (str.to_re "data/") re.all)))))))) (not false))))',
  )
  expect(forth.exactly).toContain('(assert (str.in_re resource (re.+ (re.range " " "~"))))')
  expect(forth.nearly).toContain('(assert (not (= resource "")))')
  expect(back.exactly.endsWith('(check-sat)')).toBe(true)
})

test('a model becomes a request, and one outside of the universe is known', () => {
  const condition: RawCondition = {
    StringLike: { 's3:prefix': 'a*' },
    IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '::/0'] },
    NumericLessThan: { 's3:max-keys': '10' },
    DateLessThan: { 'aws:CurrentTime': '2027-03-31T00:00:00Z', 'aws:TokenIssueTime': '2027-01-01' },
    'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' },
    ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:x' },
  }
  const { forth } = differenceQueries(policy({ Condition: condition }), everything)
  const model = {
    service: 'S3',
    name: 'A',
    has_resource: false,
    partition: 'aws',
    arn_service: 's3',
    region: '',
    account: '',
    resource: 'x',
    k0_0: 'ab',
    k0_0_present: true,
    k1_0_is6: false,
    k1_0_4: '167772161',
    k1_0_6: '0',
    k1_0_present: true,
    k2_0: '19/2',
    k2_0_readable: true,
    k2_0_present: true,
    clock: '1806364800',
    k4_0: '0',
    k4_0_present: true,
    k5_0: 'team',
    k5_0_present: true,
    k6_0_p: 'aws',
    k6_0_s: 'sns',
    k6_0_r: '',
    k6_0_a: '',
    k6_0_rest: 'x',
    k6_0_present: false,
  }
  expect(forth.isRequest(model)).toBe(true)
  expect(forth.request(model)).toEqual({
    principal: 'arn:aws:iam::111122223333:user/ada',
    action: 'S3:A',
    resource: '*',
    context: {
      's3:prefix': 'ab',
      'aws:sourceip': '10.0.0.1',
      's3:max-keys': '9.5',
      'aws:currenttime': '2027-03-30T00:00:00Z',
      'aws:tokenissuetime': '1970-01-01T00:00:00Z',
      'aws:tagkeys': ['team'],
    },
  })
  expect(forth.isRequest({ ...model, name: 'a' })).toBe(false)
  expect(forth.isRequest({ ...model, k0_0: '\u0001' })).toBe(false)
  expect(forth.isRequest({ ...model, resource: '' })).toBe(false)
  const noNumber = { ...model, k2_0_readable: false, k1_0_is6: true }
  expect(forth.request(noNumber).context).toMatchObject({
    's3:max-keys': 'none',
    'aws:sourceip': '0000:0000:0000:0000:0000:0000:0000:0000',
  })
})

test.each([
  ['a policy variable', { Resource: 'arn:aws:s3:::${aws:username}/*' }],
  ['a principal', { Principal: '*' }],
  ['a resource that is no ARN', { Resource: 'arn:aws:s3' }],
  ['an action without a service', { Action: 's*:Get' }],
  ['both forms of an element', { NotAction: 's3:*' }],
  ['BinaryEquals', { Condition: { BinaryEquals: { 'test:Key': 'AA==' } } }],
  ['a key that follows from the resource', { Condition: { StringEquals: { 'aws:ResourceAccount': 'x' } } }],
  [
    'a name that is compared as an ARN',
    { Condition: { ArnLike: { 'aws:username': 'arn:aws:iam::1:user/a' } } },
  ],
  ['two types of one key', { Condition: { Bool: { 'test:A': 'true' }, StringEquals: { 'test:A': 'x' } } }],
  ['Null with a suffix', { Condition: { NullIfExists: { 'test:A': 'true' } } }],
  ['a date of four digits', { Condition: { DateLessThan: { 'test:A': '2027' } } }],
  ['a number that is none', { Condition: { NumericEquals: { 'test:A': 'ten' } } }],
  ['a network that is none', { Condition: { IpAddress: { 'test:A': '10.0.0/33' } } }],
  ['a character beyond U+FFFF', { Resource: 'arn:aws:s3:::😀' }],
  ['a letter beyond ASCII without case', { Condition: { StringEqualsIgnoreCase: { 'test:A': 'é' } } }],
])('%s is refused', (_, statement) => {
  expect(() => differenceQueries(policy(statement), everything)).toThrow(OutsideSubset)
})
