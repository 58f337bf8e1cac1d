const bech32Characters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
/** BIP 173, "Bech32": the checksum's generator. */
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const prefix = 'age'

/**
 * Whether a text is an X25519 recipient of age: `age1`, 32 bytes and a checksum in Bech32 (age specification,
 * "X25519 recipient stanza"). A slip of one character never passes the checksum.
 */
export function isAgeRecipient(text: string): boolean {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return false
  const data = Array.from(text.slice(prefix.length + 1), (character) => bech32Characters.indexOf(character))
  const high = [...prefix].map((character) => character.charCodeAt(0) >> 5)
  const low = [...prefix].map((character) => character.charCodeAt(0) & 31)
  return polymod([...high, 0, ...low, ...data]) === 1
}

function polymod(values: readonly number[]): number {
  let checksum = 1
  for (const value of values) {
    const top = checksum >>> 25
    checksum = ((checksum & 0x1ffffff) << 5) ^ value
    for (const [bit, constant] of generator.entries()) if (((top >>> bit) & 1) === 1) checksum ^= constant
  }
  return checksum
}
