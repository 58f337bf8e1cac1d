import { expect, test } from 'vitest'
import { canonicalDocument, sameDocument } from './policy-document.js'

const statement = {
  Sid: 'Read',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: 'arn:aws:s3:::data',
  Condition: { Bool: { 'aws:SecureTransport': 'true' } },
}
const text = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })

test('other spellings of a policy mean the same', () => {
  const respelled = {
    Condition: { Bool: { 'aws:SecureTransport': [true] } },
    Resource: ['arn:aws:s3:::data'],
    Action: ['s3:ListBucket', 's3:GetObject'],
    Principal: { AWS: ['111122223333'] },
    Effect: 'Allow',
    Sid: 'Read',
  }
  expect(sameDocument(text(statement), text(respelled))).toBe(true)
  const single = JSON.stringify({ Statement: statement, Version: '2012-10-17' })
  expect(sameDocument(text(statement), single)).toBe(true)
  const other = { ...statement, Sid: 'Other' }
  expect(sameDocument(text(statement, other), text(other, statement))).toBe(true)
})

test.each([
  ['effect', { ...statement, Effect: 'Deny' }],
  ['action', { ...statement, Action: 's3:GetObject' }],
  ['principal', { ...statement, Principal: '*' }],
  ['condition', { ...statement, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ['element', { ...statement, NotResource: 'x' }],
  ['Sid', { ...statement, Sid: 'Other' }],
])('another %s is another policy', (_what, changed) => {
  expect(sameDocument(text(statement), text(changed))).toBe(false)
})

test('a second statement, another version and no policy are differences', () => {
  expect(sameDocument(text(statement), text(statement, { ...statement, Effect: 'Deny' }))).toBe(false)
  const older = JSON.stringify({ Version: '2008-10-17', Statement: [statement] })
  expect(sameDocument(text(statement), older)).toBe(false)
  expect(sameDocument(text(statement), '')).toBe(false)
  expect(canonicalDocument('not JSON')).toBe('not JSON')
})
