import { expect, test } from 'vitest'
import { suggest } from './suggest.js'

test.each([
  ['emial', ['email', 'kind', 'until'], 'email'],
  ['grcae', ['ada', 'grace'], 'grace'],
  ['raed', ['read', 'write', 'delete'], 'read'],
  ['Read', ['read'], 'read'],
  ['reserch', ['research', 'safety'], 'research'],
  ['re\u0430d', ['read'], 'read'],
  ['zebra', ['read', 'write'], undefined],
  ['', ['read'], undefined],
  ['read', [], undefined],
] as const)('%j among %j: %j', (text, candidates, expected) => {
  expect(suggest(text, candidates)).toBe(expected)
})
