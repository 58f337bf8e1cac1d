import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellQuote } from './shell-quote.js'

const texts = [
  'plain-Word_1/2:3.4,5@6%7+8=9',
  '',
  "it's",
  'a b\tc',
  '$HOME `id` $(id) "x" \\n !x',
  'line\nbreak',
  "both ' and \n and \\",
  'ünïcödé',
  '\u202ereversed\u200b',
  '~root',
  '*?[x]{a,b}#',
  '\u0001f',
]

test.each(texts)('bash reads %j as it was', (text) => {
  expect(execFileSync('bash', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text)
})

test('what cannot be seen is written by its bytes', () => {
  expect(shellQuote('\u202ex')).toBe(String.raw`$'\xe2\x80\xaex'`)
})

test.each(['\0', '\ud800'])('no argument can be %j', (text) => {
  expect(() => shellQuote(text)).toThrow(RangeError)
})
