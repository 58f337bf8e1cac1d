/** Characters of base64: keys with photographs in them are longer, and no use here. */
const maxBase64Length = 65_536

/** Kinds of packets (RFC 9580, "Packet Tags"). */
const publicKey = 6
const secretKeys = new Set([5, 7])

/** What a base64 text holds as OpenPGP: a public key, a key with secret material, or something else. */
export function inspectPgpKey(text: string): 'public' | 'secret' | 'broken' {
  const bytes = decodeBase64(text)
  if (bytes === undefined) return 'broken'
  // Of a whole key or of one that was cut off: whatever of it is secret must not be in a file.
  const { tags, complete } = packetTags(bytes)
  if (tags.some((tag) => secretKeys.has(tag))) return 'secret'
  return complete && tags[0] === publicKey ? 'public' : 'broken'
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decodeBase64(text: string): readonly number[] | undefined {
  if (text.length === 0 || text.length > maxBase64Length || !base64.test(text)) return undefined
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text.replace(/=+$/, '')) {
    held = ((held << 6) | digits.indexOf(character)) & 0xfff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >>> bits) & 0xff)
  }
  return bytes
}

/** The kinds of all packets in order, as far as they can be told apart (RFC 9580, "Packet Syntax"). */
function packetTags(bytes: readonly number[]): {
  readonly tags: readonly number[]
  readonly complete: boolean
} {
  const tags: number[] = []
  let at = 0
  while (at < bytes.length) {
    const first = bytes[at] ?? 0
    if ((first & 0x80) === 0) return { tags, complete: false }
    const current = (first & 0x40) !== 0
    tags.push(current ? first & 0x3f : (first >>> 2) & 0x0f)
    const body = current ? currentLength(bytes, at + 1) : legacyLength(bytes, at + 1, first & 3)
    if (body === undefined) return { tags, complete: false }
    at = body.start + body.length
  }
  return { tags, complete: at === bytes.length }
}

interface Body {
  readonly start: number
  readonly length: number
}

/** Partial lengths are for data, never for keys: not read. */
function currentLength(bytes: readonly number[], at: number): Body | undefined {
  const first = bytes[at] ?? 0
  if (first < 192) return { start: at + 1, length: first }
  if (first < 224) return { start: at + 2, length: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192 }
  return first === 255 ? { start: at + 5, length: numberAt(bytes, at + 1, 4) } : undefined
}

function legacyLength(bytes: readonly number[], at: number, kind: number): Body | undefined {
  const size = 2 ** kind
  return kind === 3 ? undefined : { start: at + size, length: numberAt(bytes, at, size) }
}

function numberAt(bytes: readonly number[], at: number, size: number): number {
  let number = 0
  for (let index = at; index < at + size; index += 1) number = number * 256 + (bytes[index] ?? 0)
  return number
}
