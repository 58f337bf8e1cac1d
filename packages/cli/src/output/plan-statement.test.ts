import { describe, expect, it } from 'vitest'
import { printStatement } from './plan-statement.js'

describe('printStatement', () => {
  it.each([
    [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }, 's3:GetObject on arn:aws:s3:::b/*'],
    [{ NotAction: ['a:B', 'c:D'], NotResource: ['x', 'y'] }, 'all but a:B, c:D on all but x, y'],
    [{ Principal: '*', Action: '*' }, '* for everyone'],
    [{ Principal: { AWS: '*' }, Action: '*' }, '* for everyone'],
    [
      { Principal: { Service: 's.amazonaws.com', AWS: ['1', '2'] }, Action: '*' },
      '* for s.amazonaws.com, 1, 2',
    ],
    [
      {
        Action: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' }, StringLike: { k: ['a', 'b'], l: 'c' } },
      },
      '* if aws:SecureTransport Bool false and k StringLike a, b and l StringLike c',
    ],
    [{ Action: ['1', '2', '3', '4', '5'] }, '1, 2, 3, 4, 5'],
    [{ Action: ['1', '2', '3', '4', '5', '6'] }, '1, 2, 3, 4 and 2 more'],
  ] as const)('prints %j', (elements, text) => {
    expect(printStatement({ Sid: 'A', Effect: 'Allow', ...elements })).toBe(text)
  })
})
