import { expect, it } from 'vitest'
import { didYouMean } from './did-you-mean.js'

it.each([
  ['Statment', ['Version', 'Id', 'Statement'], 'Statement'],
  ['statement', ['Version', 'Statement'], 'Statement'],
  ['Acitons', ['Action', 'NotAction'], 'Action'],
  ['Effcet', ['Effect'], 'Effect'],
  ['Foo', ['Effect', 'Action'], undefined],
  ['', ['Effect'], undefined],
  ['x'.repeat(10_000), ['Effect'], undefined],
])('%s', (word, candidates, expected) => expect(didYouMean(word, candidates)).toBe(expected))
