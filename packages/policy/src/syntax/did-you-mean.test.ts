import { expect, it } from 'vitest'
import { didYouMean, nameHint } from './did-you-mean.js'

it.each([
  ['Statment', ['Version', 'Id', 'Statement'], 'Statement'],
  ['statement', ['Version', 'Statement'], 'Statement'],
  ['Acitons', ['Action', 'NotAction'], 'Action'],
  ['Effcet', ['Effect'], 'Effect'],
  ['Foo', ['Effect', 'Action'], undefined],
  ['', ['Effect'], undefined],
  ['x'.repeat(10_000), ['Effect'], undefined],
])('%s', (word, candidates, expected) => expect(didYouMean(word, candidates)).toBe(expected))

it.each([
  ['mery', ['ada', 'mary'], 'mary'],
  ['nobody', ['ada', 'mary'], 'one of ada, mary'],
  [
    'nobody',
    Array.from({ length: 12 }, (_, at) => `m${at}`),
    'one of m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 2 more',
  ],
  ['nobody', [], undefined],
])('for the name %s of %j', (word, names, expected) => expect(nameHint(word, names)).toBe(expected))
