import { expect, it } from 'vitest'
import { policyLength } from './policy-length.js'

it('counts characters that are not white space', () => {
  expect(policyLength('{ "a":\n\t"b c" }\r\n')).toBe(10)
  expect(policyLength('')).toBe(0)
  expect(policyLength('"ü😀"')).toBe(4)
})
