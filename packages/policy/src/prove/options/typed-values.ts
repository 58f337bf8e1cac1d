import { parseBase64 } from '../../match/base64.js'
import { parseInstant } from '../../match/date.js'
import { networkContains, parseIpAddress } from '../../match/ip.js'
import { compares } from '../../match/number.js'
import type { Comparison, Condition, ConditionValue, IpNetwork } from '../../policy.js'
import { addressAfter, printAddress } from '../texts/ip-text.js'

/** A text that stands for all that the typed values of some conditions do not tell apart. */
export interface TypedText {
  readonly text: string
  /** Bit by bit: whether the text satisfies the condition of that number, before any negation. */
  readonly atoms: bigint
}

function textsWithAtoms(
  texts: Iterable<string>,
  conditions: readonly Condition[],
  holds: (text: string, value: ConditionValue, comparison: Comparison) => boolean,
): TypedText[] {
  return [...new Set(texts)].map((text) => {
    let atoms = 0n
    for (const [index, { operator, values }] of conditions.entries())
      if (values.some((value) => holds(text, value, operator.comparison))) atoms |= 1n << BigInt(index)
    return { text, atoms }
  })
}

const valuesOf = (conditions: readonly Condition[]): readonly ConditionValue[] =>
  conditions.flatMap(({ values }) => values)

/** Numbers: each bound, what lies between two, and beyond; with `odd`, a text that is no number too. */
export function numberTexts(conditions: readonly Condition[], odd: boolean): TypedText[] {
  const bounds = valuesOf(conditions).flatMap((value) => (value.type === 'number' ? [value.number] : []))
  const texts = aroundBounds(bounds, -Number.MAX_VALUE, Number.MAX_VALUE).map(String)
  if (odd) texts.push('none')
  return numbersWithAtoms(texts, conditions)
}

/** Numbers as text, and what they satisfy; `none` stands for what is no number. */
export function numbersWithAtoms(texts: Iterable<string>, conditions: readonly Condition[]): TypedText[] {
  return textsWithAtoms(texts, conditions, (text, value, comparison) => {
    return value.type === 'number' && text !== 'none' && compares(Number(text), value.number, comparison)
  })
}

/** The bounds and one number in each gap between, below and above them, as far as there is one. */
function aroundBounds(bounds: readonly number[], least: number, greatest: number): number[] {
  const sorted = [...new Set(bounds)].toSorted((a, b) => a - b)
  const [first] = sorted
  if (first === undefined) return [Math.max(0, least)]
  const numbers: number[] = []
  const below = [first - 1, first - Math.abs(first) / 2, least].find(
    (number) => number < first && number >= least,
  )
  if (below !== undefined) numbers.push(below)
  for (const [index, bound] of sorted.entries()) {
    if (bound >= least && bound <= greatest) numbers.push(bound)
    const next = sorted[index + 1]
    if (next === undefined) {
      const above = [bound + 1, bound + Math.abs(bound) / 2, greatest].find(
        (number) => number > bound && number <= greatest,
      )
      if (above !== undefined) numbers.push(above)
    } else {
      const between = [Math.floor(bound) + 1, bound + (next - bound) / 2].find(
        (number) => number > bound && number < next,
      )
      if (between !== undefined) numbers.push(between)
    }
  }
  return numbers
}

/** AWS's clock: whole seconds from 1970 to the end of 9999. */
export const LAST_SECOND = 253_402_300_799

/** Whole seconds since 1970: at, between and beyond the instants, which are in milliseconds. */
export function secondsAround(instantsMs: readonly number[]): readonly number[] {
  const bounds = instantsMs.map((instant) => instant / 1000)
  const whole = new Set<number>()
  for (const bound of bounds)
    for (const second of [Math.floor(bound) - 1, Math.floor(bound), Math.floor(bound) + 1])
      if (second >= 0 && second <= LAST_SECOND) whole.add(second)
  return whole.size > 0 ? [...whole].toSorted((a, b) => a - b) : [LAST_SECOND]
}

/** `2027-03-31T00:00:00Z`. */
export function printSecond(second: number): string {
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z')
}

/** Instants; with `odd`, other texts and instants between the seconds of AWS's clock too. */
export function instantTexts(conditions: readonly Condition[], odd: boolean): TypedText[] {
  const instants = valuesOf(conditions).flatMap((value) => (value.type === 'date' ? [value.epochMs] : []))
  const texts = secondsAround(instants).map(printSecond)
  if (odd) {
    texts.push('none')
    for (const value of valuesOf(conditions)) if (value.type === 'date') texts.push(value.source)
    for (const second of aroundBounds(
      instants.map((ms) => ms / 1000),
      -9_999_999_999_999,
      9_999_999_999_999,
    )) {
      const text = second.toFixed(9).replace(/\.?0+$/, '')
      if (parseInstant(text) !== undefined) texts.push(text)
    }
  }
  return instantsWithAtoms(texts, conditions)
}

/** Instants as text, and what they satisfy. */
export function instantsWithAtoms(texts: Iterable<string>, conditions: readonly Condition[]): TypedText[] {
  return textsWithAtoms(texts, conditions, (text, value, comparison) => {
    const instant = parseInstant(text)
    return value.type === 'date' && instant !== undefined && compares(instant, value.epochMs, comparison)
  })
}

/** `true`, `false` and, with `odd`, anything else; a text with a variable is compared as it is written. */
export function booleanTexts(conditions: readonly Condition[], odd: boolean): TypedText[] {
  const texts = ['true', 'false']
  if (odd) {
    texts.push('none')
    for (const value of valuesOf(conditions)) if (value.type === 'booleanText') texts.push(value.source)
  }
  return textsWithAtoms(texts, conditions, (text, value) =>
    value.type === 'boolean'
      ? text === String(value.boolean)
      : value.type === 'booleanText' && value.source.toLowerCase() === text.toLowerCase(),
  )
}

/** Each value's bytes, and one that is none of them. */
export function binaryTexts(conditions: readonly Condition[]): TypedText[] {
  const values = valuesOf(conditions).filter(({ type }) => type === 'binary')
  return textsWithAtoms(['-', ...values.map(({ source }) => source)], conditions, (text, value) => {
    const bytes = parseBase64(text)
    if (value.type !== 'binary' || bytes?.length !== value.bytes.length) return false
    return bytes.every((byte, index) => byte === value.bytes[index])
  })
}

const FAR_V4: IpNetwork = { version: 4, words: [0], prefixLength: 0 }
const FAR_V6: IpNetwork = { version: 6, words: [0, 0, 0, 0], prefixLength: 0 }

/**
 * Addresses: networks lie in each other or apart, so that a class begins where a network begins or right after
 * one ends. With `odd`, a text that is no address too.
 */
export function addressTexts(conditions: readonly Condition[], odd: boolean): TypedText[] {
  const networks = valuesOf(conditions).flatMap((value) => (value.type === 'ip' ? [value.network] : []))
  const starts = [...networks, FAR_V4, FAR_V6].map(({ words }) => words)
  const ends = networks.map(addressAfter).filter((address) => address !== undefined)
  const texts = [...starts, ...ends].map(printAddress)
  if (odd) texts.push('none')
  return addressesWithAtoms(texts, conditions)
}

/** Addresses as text, and what they satisfy. */
export function addressesWithAtoms(texts: Iterable<string>, conditions: readonly Condition[]): TypedText[] {
  return textsWithAtoms(texts, conditions, (text, value) => {
    const address = parseIpAddress(text)
    return value.type === 'ip' && address !== undefined && networkContains(value.network, address)
  })
}
