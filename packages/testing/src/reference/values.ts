/** A number as JSON or a string writes it; undefined when it is none. */
export function readNumber(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined
}

/**
 * An instant in milliseconds since 1970: epoch seconds, or ISO 8601 as W3C profiles it (rule 9; IAM User
 * Guide, "Condition operators", date). Without a time it is midnight, without a zone UTC.
 */
export function readInstantMs(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const match =
    /^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:?\d\d)?)?)?$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', zone = 'Z'] = match
  const utcMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
  const zoneMinutes = zone === 'Z' ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  const sign = zone.startsWith('-') ? -1 : 1
  return utcMs + Number(second) * 1000 - sign * zoneMinutes * 60_000
}

/** The bytes of base64, with or without padding; undefined when it is not (rule 9). */
export function readBase64(text: string): readonly number[] | undefined {
  const unpadded = text.replace(/={1,2}$/, '')
  if (unpadded.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(unpadded)) return undefined
  if (unpadded !== text && text.length % 4 !== 0) return undefined
  return [...Buffer.from(text, 'base64')]
}

/** An address as a number, with the width of its family in bits. */
export interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

/** An address and the length of the prefix that counts. */
export interface AddressRange extends Address {
  readonly prefix: number
}

/** An IPv4 or IPv6 address; undefined when it is none. */
export function readAddress(text: string): Address | undefined {
  return text.includes(':') ? readIpv6(text) : readIpv4(text)
}

function readIpv4(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined
  return { bits: 32, value: parts.reduce((value, part) => value * 256n + BigInt(part), 0n) }
}

function readIpv6(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map(readIpv6Groups)
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return { bits: 128, value: groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n) }
}

/** The groups of one side of `::`; a dotted IPv4 address at the end stands for two groups. */
function readIpv6Groups(text: string): string[] {
  const groups = text === '' ? [] : text.split(':')
  const last = groups.at(-1) ?? ''
  if (!last.includes('.')) return groups
  const ipv4 = readIpv4(last)
  if (ipv4 === undefined) return ['invalid']
  return [...groups.slice(0, -1), (ipv4.value >> 16n).toString(16), (ipv4.value & 0xffffn).toString(16)]
}

/** Rule 8: an address with or without prefix length; without one it is that address alone. */
export function readAddressRange(text: string): AddressRange | undefined {
  const [addressText = '', prefixText, ...more] = text.split('/')
  const address = readAddress(addressText)
  if (address === undefined || more.length > 0) return undefined
  if (prefixText === undefined) return { ...address, prefix: address.bits }
  if (!/^\d{1,3}$/.test(prefixText) || Number(prefixText) > address.bits) return undefined
  return { ...address, prefix: Number(prefixText) }
}

/** Whether the address lies in the range. Families never mix (rule 8: 0.0.0.0/0 matches no IPv6 address). */
export function rangeHolds(range: AddressRange, address: Address): boolean {
  if (range.bits !== address.bits) return false
  const ignored = BigInt(range.bits - range.prefix)
  return range.value >> ignored === address.value >> ignored
}
