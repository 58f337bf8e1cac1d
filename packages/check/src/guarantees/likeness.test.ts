import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalizer } from './canonical-text.js'
import { Numbers } from './numbers.js'
import { Likeness } from './likeness.js'

const canonical = canonicalizer({ organization: 'acme', account: '111122223333', suffix: '111122223333' })
const likeness = new Likeness(canonical, new Numbers())
const iam = 'arn:aws:iam::111122223333:'

const bucket = (one: string): string => `arn:aws:s3:::acme-${one}-111122223333`
const besidePattern = (one: string) => [
  [`${iam}user/ringfence/acme/a*`],
  [`${iam}user/ringfence/acme/${one}`],
]

/** A few names, so that many are used twice, and a pattern that tells them apart. */
const name = fc.constantFrom('a', 'b', 'c')
const piece = fc.oneof(
  { weight: 5, arbitrary: name.map(bucket) },
  { weight: 5, arbitrary: name.map((one) => `${iam}user/ringfence/acme/${one}`) },
  { weight: 5, arbitrary: name.map((one) => `alias/ringfence/acme/${one}`) },
  { weight: 2, arbitrary: fc.constantFrom('s3:Get*', 'arn:aws:s3:::*', 'under/') },
  { weight: 1, arbitrary: fc.constant(`${iam}user/ringfence/acme/a*`) },
)
const parts = fc.array(fc.array(piece, { maxLength: 4 }), { minLength: 1, maxLength: 4 })
const written = (all: readonly (readonly string[])[]): readonly string[] =>
  all.map((one) => JSON.stringify(one))
const keyOf = (all: readonly (readonly string[])[]): string =>
  likeness.keyOf(written(all).map((text) => likeness.said(text)))

describe('Likeness', () => {
  it('says of parts what the canonical text of them together says', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const wholes = [one, other].map((all) => written(all).join('\n'))
        const [first, second] = wholes.map((text) => canonical.outlineOf(text)?.text ?? text)
        expect(keyOf(one) === keyOf(other)).toBe(first === second)
      }),
      { numRuns: 2000 },
    )
  })

  it('numbers names through all parts', () => {
    expect(keyOf([[bucket('a')], [bucket('b')]])).toBe(keyOf([[bucket('c')], [bucket('a')]]))
    expect(keyOf([[bucket('a')], [bucket('a')]])).not.toBe(keyOf([[bucket('a')], [bucket('b')]]))
  })

  it('lets no name stand for another one beside a pattern that tells names apart', () => {
    expect(keyOf(besidePattern('a'))).not.toBe(keyOf(besidePattern('b')))
    expect(keyOf(besidePattern('a'))).toBe(keyOf(besidePattern('a')))
  })

  it('looks once through what an object says', () => {
    const object = {}
    let count = 0
    const text = (): string => `${count++}`
    expect(likeness.saidBy(object, text)).toBe(likeness.saidBy(object, text))
    expect(count).toBe(1)
  })
})
