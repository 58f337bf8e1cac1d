import type { IpNetwork } from '../../policy.js'

/** The first address behind a network; undefined at the end of all addresses. */
export function addressAfter({ prefixLength, words }: IpNetwork): readonly number[] | undefined {
  const bits = BigInt(words.length * 32)
  const start = words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)
  const after = start + (1n << (bits - BigInt(prefixLength)))
  if (after >> bits !== 0n) return undefined
  return words.map((_, index) => Number((after >> BigInt((words.length - 1 - index) * 32)) & 0xffffffffn))
}

/** As people write it: `203.0.113.7`; IPv6 in eight groups. */
export function printAddress(words: readonly number[]): string {
  if (words.length === 1) return [24, 16, 8, 0].map((shift) => (words[0]! >>> shift) & 0xff).join('.')
  return words.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]).join(':')
}
