import type { IpNetwork } from '../policy.js'

/** The 32-bit words of an address: one for IPv4, four for IPv6. Undefined when it is no address. */
export function parseIpAddress(text: string): readonly number[] | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/**
 * `10.0.0.0/8`, `2001:db8::/32`, or an address alone, which means /32 or /128. Bits beyond the prefix are
 * cleared, as AWS does. [elements_condition_operators]
 */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const slash = text.indexOf('/')
  const words = parseIpAddress(slash < 0 ? text : text.slice(0, slash))
  if (!words) return undefined
  const bits = words.length * 32
  let prefixLength = bits
  if (slash >= 0) {
    const digits = text.slice(slash + 1)
    if (!/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined
    prefixLength = Number(digits)
    if (prefixLength > bits) return undefined
  }
  const masked = words.map((word, index) => (word & wordMask(prefixLength, index)) >>> 0)
  return { version: words.length === 1 ? 4 : 6, words: masked, prefixLength }
}

/** IPv4 networks hold no IPv6 address and the other way round, whatever their prefix. */
export function networkContains(network: IpNetwork, address: readonly number[]): boolean {
  if (network.words.length !== address.length) return false
  for (let index = 0; index < address.length; index++) {
    const mask = wordMask(network.prefixLength, index)
    if ((address[index]! & mask) >>> 0 !== network.words[index]) return false
  }
  return true
}

function wordMask(prefixLength: number, index: number): number {
  const bits = Math.min(32, Math.max(0, prefixLength - index * 32))
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
}

function parseIpv4(text: string): readonly number[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let word = 0
  for (let index = 1; index <= 4; index++) {
    const digits = match[index]!
    const octet = Number(digits)
    if (octet > 255 || (digits.length > 1 && digits.startsWith('0'))) return undefined
    word = word * 256 + octet
  }
  return [word]
}

function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = ipv6Groups(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? ipv6Groups(halves[1]!, true) : []
  if (!head || !tail) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail]
  return [0, 2, 4, 6].map((index) => groups[index]! * 0x10000 + groups[index + 1]!)
}

function ipv6Groups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const word = mayEndInIpv4 && index === parts.length - 1 ? parseIpv4(part)?.[0] : undefined
    if (word === undefined) return undefined
    groups.push(Math.floor(word / 0x10000), word % 0x10000)
  }
  return groups
}
