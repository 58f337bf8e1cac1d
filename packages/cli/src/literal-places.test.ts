import { describe, expect, it } from 'vitest'
import { locateDeclared, locateLiteral, type Stretch } from './literal-places.js'

const text = `import { defineOrganization } from 'ringfence'
// export default { teams: 'not this' }
const people = { ada: {} }
export default defineOrganization({
  organization: 'acme', /* { */ "account": "1111 // 2222",
  members: { ...people, 'grace h': { email: \`a\${1}\` } },
  people,
  teams: { research: ['ada', people.ada, ...rest, 'unknown'] },
  grants: [
    { to: 'research', can: ['read'] as const, on: f({ a: 1 }, [2]) },
    { to: 'x' },
  ],
  [computed]: 1,
} satisfies Organization)
`
const find = locateDeclared(text).place
const cut = (stretch?: Stretch) => stretch && text.slice(stretch.start, stretch.end)
const shown = (path: readonly (string | number)[]) => {
  const place = find(path)
  return place === undefined ? undefined : [cut(place.key), cut(place.value)]
}

describe('locateDeclared', () => {
  it.each([
    [['organization'], ['organization', `'acme'`]],
    [['account'], ['"account"', '"1111 // 2222"']],
    [
      ['members', 'grace h'],
      [`'grace h'`, '{ email: `a${1}` }'],
    ],
    [
      ['members', 'grace h', 'email'],
      ['email', '`a${1}`'],
    ],
    [['people'], ['people', 'people']],
    [
      ['teams', 'research', 0],
      [undefined, `'ada'`],
    ],
    [
      ['teams', 'research', 1],
      [undefined, 'people.ada'],
    ],
    [
      ['grants', 0, 'can'],
      ['can', `['read'] as const`],
    ],
    [
      ['grants', 0, 'can', 0],
      [undefined, `'read'`],
    ],
    [
      ['grants', 0, 'on'],
      ['on', 'f({ a: 1 }, [2])'],
    ],
    [
      ['grants', 1, 'to'],
      ['to', `'x'`],
    ],
  ])('%j is %j', (path, expected) => {
    expect(shown(path)).toEqual(expected)
  })

  it.each([
    [['teams', 'research', 3]],
    [['members', 'ada']],
    [['computed']],
    [['grants', 2]],
    [['grants', 0, 'on', 'a']],
  ])('knows no place of %j', (path) => {
    expect(find(path)).toBeUndefined()
  })

  it.each(['', 'export default 3', 'export default {', 'export default { a: [', "export default { a: 'x"])(
    'ends on %j',
    (broken) => {
      expect(locateDeclared(broken).place(['b'])).toBeUndefined()
    },
  )
})

describe('duplicates', () => {
  it('are keys that one object has twice, however they are written', () => {
    const json = '{"a":{"b":1},"c":{"b":2,"\\u0062":3},"a":[{"d":1},{"d":1}]}'
    const { duplicates } = locateLiteral(json, 0)
    expect(duplicates.map(({ path, key }) => [path.join('.'), json.slice(key.start, key.end)])).toEqual([
      ['c.b', '"\\u0062"'],
      ['a', '"a"'],
    ])
  })
})
