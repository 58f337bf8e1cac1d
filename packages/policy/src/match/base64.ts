const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The bytes of a base64 text (RFC 4648, padding optional); undefined when it is none. */
export function parseBase64(text: string): readonly number[] | undefined {
  const body = text.replace(/={1,2}$/, '')
  if (body.length % 4 === 1 || (body.length !== text.length && text.length % 4 !== 0)) return undefined
  const bytes: number[] = []
  let bits = 0
  let bitCount = 0
  for (const character of body) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) return undefined
    bits = ((bits << 6) | value) & 0xffff
    bitCount += 6
    if (bitCount >= 8) {
      bitCount -= 8
      bytes.push((bits >> bitCount) & 0xff)
    }
  }
  return bytes
}
