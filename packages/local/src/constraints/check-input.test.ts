import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AwsError } from '../aws-error.js'
import { checkInput } from './check-input.js'
import { compilePattern } from './match-pattern.js'

function codeOf(service: 'iam' | 'kms' | 'sagemaker', operation: string, input: object): string {
  try {
    checkInput(service, operation, input)
    return 'none'
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`
    throw error
  }
}

test.each([
  ['CreateUser', { UserName: 'ada.lovelace+1=a,b@c-d_e' }, 'none'],
  [
    'CreateUser',
    { UserName: 'ada/lovelace' },
    /Value 'ada\/lovelace' at 'userName' .* regular expression pattern/,
  ],
  ['CreateUser', { UserName: 'a'.repeat(65) }, /length less than or equal to 64/],
  ['CreateUser', { UserName: 'adа' }, /pattern/],
  ['CreateUser', { UserName: '' }, /length greater than or equal to 1/],
  ['CreateUser', {}, /^ValidationError: 1 validation error detected: Value 'null' at 'userName'/],
  ['CreateUser', { UserName: 'ada', Path: '/a/b/' }, 'none'],
  ['CreateUser', { UserName: 'ada', Path: '/a/b' }, /at 'path'/],
  ['CreateUser', { UserName: 'ada', Path: 'a/' }, /at 'path'/],
  ['CreateUser', { UserName: 'ada', Tags: [{ Key: 'a', Value: '?' }] }, /at 'tags.1.member.value'/],
  ['ListUsers', { MaxItems: 0 }, /value greater than or equal to 1/],
  ['UpdateAccessKey', { AccessKeyId: 'A'.repeat(20), Status: 'Off' }, /enum value set/],
])('IAM %s %j', (operation, input, expected) => {
  if (typeof expected === 'string') expect(codeOf('iam', operation, input)).toBe(expected)
  else expect(codeOf('iam', operation, input)).toMatch(expected)
})

test('secrets are not repeated', () => {
  const told = codeOf('iam', 'CreateLoginProfile', {
    UserName: 'ada',
    Password: `p\u{1F600}${'x'.repeat(200)}`,
  })
  expect(told).toMatch(/ValidationError/)
  expect(told).not.toContain('xxx')
})

test('JSON services have their own code', () => {
  expect(codeOf('sagemaker', 'StopTrainingJob', { TrainingJobName: '-a' })).toMatch(/^ValidationException: /)
  expect(codeOf('kms', 'CreateAlias', { AliasName: 'data' })).toMatch(/at 'targetKeyId'/)
})

test('every pattern of the models can be read', () => {
  const text = readFileSync(new URL('../../data/constraints.json', import.meta.url), 'utf8')
  const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, one]) => JSON.parse(one ?? '') as string,
  )
  expect(patterns.length).toBeGreaterThan(100)
  for (const pattern of patterns) compilePattern(pattern)
})
