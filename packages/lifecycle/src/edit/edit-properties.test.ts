import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { addGrant } from './add-grant.js'
import type { Edited } from './edited.js'
import { revokeGrant } from './revoke-grant.js'
import { setEnd } from './set-end.js'

interface Grant {
  readonly to: string
  readonly can: string | readonly string[]
  readonly on: string
  readonly under?: string
  readonly until?: string
  readonly because?: string
}

interface File {
  readonly grants?: readonly Grant[]
  readonly teams: Readonly<Record<string, readonly string[]>>
  readonly members: Readonly<Record<string, unknown>>
}

const capabilities = ['read', 'write', 'delete'] as const
const grant: fc.Arbitrary<Grant> = fc.record(
  {
    to: fc.constantFrom('t0', 't1', 'ada'),
    can: fc.oneof(fc.constantFrom(...capabilities), fc.subarray([...capabilities], { minLength: 1 })),
    on: fc.constantFrom('d0', 'datasets/d1', 'd2'),
    under: fc.constantFrom('raw/', 'a b/', "it's/"),
    until: fc.constantFrom('2035-03-31', '2035-03-31T12:00:00Z'),
    because: fc.constantFrom('study', 'a: b # c', '"quoted"', 'ü — {x}', '- dash'),
  },
  { requiredKeys: ['to', 'can', 'on'] },
)

/** How a file is written: each choice is taken where it is asked for. */
interface Style {
  readonly blocks: readonly boolean[]
  readonly comments: readonly boolean[]
  readonly compact: boolean
  readonly newline: string
}
const style: fc.Arbitrary<Style> = fc.record({
  blocks: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  comments: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  compact: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
})

function write(grants: readonly Grant[], { blocks, comments, compact, newline }: Style): string {
  const dash = compact ? '' : '  '
  const remark = (index: number, text: string): string =>
    comments[index % 8] === true ? ` # ${text} ${index}` : ''
  const lines = [
    '# acme',
    'organization: acme',
    'members:',
    `  ada:${remark(0, 'nobody')}`,
    `  bob: {}${remark(1, 'empty')}`,
    `  cy: { email: cy@acme.example }${remark(2, 'flow')}`,
    '  dora:',
    `    email: dora@acme.example${remark(3, 'block')}`,
    'teams:',
    `  t0: [ada, bob]${remark(4, 'list')}`,
    '  t1:',
    ...['ada', 'cy'].map((name, index) => `  ${dash}- ${name}${remark(index, name)}`),
    'grants:',
  ]
  for (const [index, one] of grants.entries()) {
    if (comments[index % 8] === true) lines.push(`${dash}# before ${index}`)
    const pairs = Object.entries(one).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    if (blocks[index % 8] !== true) lines.push(`${dash}- { ${pairs.join(', ')} }${remark(index, 'behind')}`)
    else
      for (const [at, pair] of pairs.entries())
        lines.push(`${dash}${at === 0 ? '- ' : '  '}${pair}${at === 0 ? remark(index, 'inside') : ''}`)
    if (comments[(index + 3) % 8] === true) lines.push('')
  }
  return [...lines, '# the end', ''].join(newline)
}

const file = fc.tuple(fc.array(grant, { minLength: 1, maxLength: 5 }), style)

function textOf(edited: Edited): string {
  if (!edited.ok) throw new Error(JSON.stringify(edited.problem))
  return edited.text
}

const read = (text: string): File => parse(text) as File
const capabilitiesOf = (one: Grant): readonly string[] => [one.can].flat()
const commentsOf = (text: string): readonly string[] => text.match(/# [a-z]+( \d)?(?=\r?\n)/g) ?? []

/** What stands between the longest common beginning and end of two texts: what was taken out, and put in. */
function between(before: string, after: string): readonly [string, string] {
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start += 1
  let end = 0
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end))
    end += 1
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)]
}

const matches = (one: Grant, other: Grant): boolean =>
  one.to === other.to && one.on === other.on && (one.under ?? '') === (other.under ?? '')

describe('edits', () => {
  test('a grant adds one piece of text, and the entry to the list', () => {
    fc.assert(
      fc.property(file, grant, ([grants, how], added) => {
        const before = write(grants, how)
        const after = textOf(addGrant(before, { ...added, can: capabilitiesOf(added) }))
        const [gone, put] = between(before, after)
        expect(gone).toBe('')
        expect(after.length - before.length).toBe(put.length)
        const can = capabilitiesOf(added)
        const entry = { ...added, can: can.length === 1 ? can[0] : can }
        expect(read(after)).toEqual({ ...read(before), grants: [...grants, entry] })
        expect(after.replaceAll(how.newline, '')).not.toMatch(how.newline === '\n' ? /\r/ : /\n/)
      }),
    )
  })

  test('a grant and its revocation give the declaration that was there, and the text', () => {
    fc.assert(
      fc.property(file, grant, ([grants, how], added) => {
        fc.pre(!grants.some((one) => matches(one, added)))
        const before = write(grants, how)
        const can = capabilitiesOf(added)
        const words = { to: added.to, can, on: added.on, under: added.under ?? '' }
        const after = textOf(revokeGrant(textOf(addGrant(before, { ...added, can })), words))
        expect(after).toBe(before)
      }),
    )
  })

  test('a revocation takes the capabilities, and no comment but those of what it removes', () => {
    fc.assert(
      fc.property(
        file,
        fc.nat(),
        fc.subarray([...capabilities], { minLength: 1 }),
        ([grants, how], at, can) => {
          const one = grants[at % grants.length]!
          const words = { to: one.to, can, on: one.on, under: one.under ?? '', all: true }
          const before = write(grants, how)
          const edited = revokeGrant(before, words)
          const isThere = can.every((each) =>
            grants.some((other) => matches(other, one) && capabilitiesOf(other).includes(each)),
          )
          expect(edited.ok).toBe(isThere)
          if (!edited.ok) return
          const left = grants.flatMap((other) => {
            if (!matches(other, one)) return [other]
            const rest = capabilitiesOf(other).filter((each) => !can.some((gone) => gone === each))
            if (rest.length === 0) return []
            return [typeof other.can === 'string' ? other : { ...other, can: rest }]
          })
          expect(read(edited.text)).toEqual({ ...read(before), grants: left })
          const kept = commentsOf(before).filter((text) => !/behind|inside/.test(text))
          expect(commentsOf(edited.text).filter((text) => !/behind|inside/.test(text))).toEqual(kept)
        },
      ),
    )
  })

  test('an end is set and set again, and everything else stays', () => {
    const ending = fc.oneof(
      fc.record({ kind: fc.constant('member' as const), name: fc.constantFrom('ada', 'bob', 'cy', 'dora') }),
      fc.record({ kind: fc.constant('team' as const), name: fc.constantFrom('t0', 't1') }),
    )
    fc.assert(
      fc.property(file, ending, ([grants, how], { kind, name }) => {
        const before = write(grants, how)
        const once = textOf(setEnd(before, { kind, name }, '2035-01-31'))
        const again = textOf(setEnd(once, { kind, name }, '2036-01-31T00:00:00Z'))
        const section = `${kind}s` as const
        const old = read(before)[section][name]
        const entry = {
          ...(Array.isArray(old) ? { members: old } : (old as object | null)),
          until: '2035-01-31',
        }
        expect(read(once)).toEqual({
          ...read(before),
          [section]: { ...read(before)[section], [name]: entry },
        })
        expect(once.replace('2035-01-31', '2036-01-31T00:00:00Z')).toBe(
          again.includes('2036-01-31T00:00:00Z') ? again : '',
        )
        expect(commentsOf(again)).toEqual(commentsOf(before))
      }),
    )
  })
})
