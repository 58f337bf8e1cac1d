import type { Condition, IpNetwork } from '../../policy.js'
import { addressAfter, printAddress } from '../texts/ip-text.js'
import {
  addressesWithAtoms,
  instantsWithAtoms,
  LAST_SECOND,
  numbersWithAtoms,
  printSecond,
  type TypedText,
} from '../options/typed-values.js'

/** Values that no condition tells apart: the conditions that they satisfy before any negation, and how many. */
export interface CountedValues {
  readonly atoms: bigint
  readonly count: bigint
}

/** Whole numbers one after the other, all alike to what cuts them off from others. */
export interface Run {
  readonly first: bigint
  readonly count: bigint
}

/** The numbers from `least` to `greatest`, with a new run from each cut on. */
function runsBetween(cuts: Iterable<bigint>, least: bigint, greatest: bigint): readonly Run[] {
  const inside = [...new Set(cuts)].filter((cut) => cut > least && cut <= greatest)
  const starts = [least, ...inside.toSorted((a, b) => (a < b ? -1 : 1))]
  return starts.map((first, index) => ({ first, count: (starts[index + 1] ?? greatest + 1n) - first }))
}

/** Three decimals: numbers are counted in thousandths. */
const SCALE = 1000
/** Numbers are counted from its negative to it. */
const GREATEST_NUMBER = 1_000_000_000_000

/** The numbers from -10¹² to 10¹² with at most three decimals. */
export function countNumbers(conditions: readonly Condition[]): readonly CountedValues[] {
  const cuts: bigint[] = []
  for (const { values } of conditions)
    for (const value of values) {
      if (value.type !== 'number' || Math.abs(value.number) > GREATEST_NUMBER) continue
      // The product may be rounded; one cut too many does no harm.
      const near = BigInt(Math.floor(value.number * SCALE))
      cuts.push(near - 1n, near, near + 1n, near + 2n)
    }
  const most = BigInt(GREATEST_NUMBER) * BigInt(SCALE)
  const runs = runsBetween(cuts, -most, most)
  return withCounts(
    runs,
    numbersWithAtoms(
      runs.map(({ first }) => String(Number(first) / SCALE)),
      conditions,
    ),
  )
}

/** Seconds since 1970 with a new run where one of the instants, in milliseconds, lies. */
export function runsOfSeconds(instantsMs: Iterable<number>): readonly Run[] {
  const cuts: bigint[] = []
  for (const instant of instantsMs) {
    const second = Math.floor(instant / 1000)
    if (second >= 0 && second <= LAST_SECOND) cuts.push(BigInt(second), BigInt(second) + 1n)
  }
  return runsBetween(cuts, 0n, BigInt(LAST_SECOND))
}

/** The whole seconds from 1970 to the end of 9999. */
export function countInstants(conditions: readonly Condition[]): readonly CountedValues[] {
  const instants = conditions.flatMap(({ values }) =>
    values.flatMap((value) => (value.type === 'date' ? [value.epochMs] : [])),
  )
  const runs = runsOfSeconds(instants)
  return withCounts(
    runs,
    instantsWithAtoms(
      runs.map(({ first }) => printSecond(Number(first))),
      conditions,
    ),
  )
}

/** All IPv4 and IPv6 addresses. */
export function countAddresses(conditions: readonly Condition[]): readonly CountedValues[] {
  const networks = conditions.flatMap(({ values }) =>
    values.flatMap((value) => (value.type === 'ip' ? [value.network] : [])),
  )
  return ([4, 6] as const).flatMap((version) => {
    const runs = runsBetween(
      networks.filter((one) => one.version === version).flatMap(cutsOf),
      0n,
      LAST_ADDRESS[version],
    )
    const words = version === 4 ? 1 : 4
    return withCounts(
      runs,
      addressesWithAtoms(
        runs.map(({ first }) => printAddress(wordsOf(first, words))),
        conditions,
      ),
    )
  })
}

const LAST_ADDRESS = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n }

function cutsOf(network: IpNetwork): bigint[] {
  const after = addressAfter(network)
  return after ? [numberOf(network.words), numberOf(after)] : [numberOf(network.words)]
}

function numberOf(words: readonly number[]): bigint {
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)
}

function wordsOf(number: bigint, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) =>
    Number((number >> BigInt(32 * (count - 1 - index))) & 0xffffffffn),
  )
}

/** Each run with what its first number satisfies. */
function withCounts(runs: readonly Run[], texts: readonly TypedText[]): readonly CountedValues[] {
  return texts.map(({ atoms }, index) => ({ atoms, count: runs[index]!.count }))
}
