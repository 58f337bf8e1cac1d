/** Characters of base64: keys with photographs in them are longer, and no use here. */
const maxBase64Length = 65_536

/** Kinds of packets (RFC 9580, "Packet Tags"). */
const publicKey = 6
const publicKeys = new Set([publicKey, 14])
const secretKeys = new Set([5, 7])
/** RSA, Elgamal, ECDH, X25519 and X448 (RFC 9580, "Public Key Algorithms"). */
const encrypting = new Set([1, 2, 16, 18, 25, 26])

/**
 * What a base64 text holds as OpenPGP: a public key, one by whose algorithms nothing can be encrypted, a key with secret
 * material, or something else.
 */
export function inspectPgpKey(text: string): 'public' | 'signing' | 'secret' | 'broken' {
  const bytes = decodeBase64(text)
  if (bytes === undefined) return 'broken'
  // Of a whole key or of one that was cut off: whatever of it is secret must not be in a file.
  const { packets, complete } = readPackets(bytes)
  if (packets.some(({ tag }) => secretKeys.has(tag))) return 'secret'
  if (!complete || packets[0]?.tag !== publicKey) return 'broken'
  const keys = packets.filter(({ tag }) => publicKeys.has(tag))
  return keys.some(({ start }) => encrypting.has(algorithmOf(bytes, start))) ? 'public' : 'signing'
}

/** Of a key: behind its version and its time, and before version 4 also the days that it is valid for. */
function algorithmOf(bytes: readonly number[], start: number): number {
  const version = bytes[start] ?? 0
  return bytes[start + (version < 4 ? 7 : 5)] ?? 0
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

interface Packet {
  readonly tag: number
  /** Of its body. */
  readonly start: number
}

/** All packets in order, as far as they can be told apart (RFC 9580, "Packet Syntax"). */
function readPackets(bytes: readonly number[]): {
  readonly packets: readonly Packet[]
  readonly complete: boolean
} {
  const packets: Packet[] = []
  let at = 0
  while (at < bytes.length) {
    const first = bytes[at] ?? 0
    if ((first & 0x80) === 0) return { packets, complete: false }
    const current = (first & 0x40) !== 0
    const tag = current ? first & 0x3f : (first >>> 2) & 0x0f
    const body = current ? currentLength(bytes, at + 1) : legacyLength(bytes, at + 1, first & 3)
    packets.push({ tag, start: body?.start ?? bytes.length })
    if (body === undefined) return { packets, complete: false }
    at = body.start + body.length
  }
  return { packets, complete: at === bytes.length }
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
