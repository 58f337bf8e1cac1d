import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/*
 * Layout: 1 byte version, 2 bytes length of the key's ARN, the ARN, 12 bytes nonce, 16 bytes tag, AES-256-GCM
 * ciphertext. As with AWS, the ciphertext tells which key decrypts it, and the encryption context is
 * authenticated with it but not in it.
 */
const version = 1
const nonceLength = 12
const tagLength = 16

export function encryptUnder(
  key: { readonly arn: string; readonly material: string },
  plaintext: Uint8Array,
  context: Readonly<Record<string, string>> | undefined,
): Uint8Array {
  const arn = Buffer.from(key.arn)
  const head = Buffer.alloc(3)
  head.writeUInt8(version, 0)
  head.writeUInt16BE(arn.length, 1)
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), nonce)
  cipher.setAAD(authenticated(context))
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([head, arn, nonce, cipher.getAuthTag(), body])
}

/** The plaintext; `undefined` for a ciphertext that was made under another key or context, or was changed. */
export function decryptUnder(
  key: { readonly arn: string; readonly material: string },
  blob: Uint8Array,
  context: Readonly<Record<string, string>> | undefined,
): Uint8Array | undefined {
  if (readCiphertextKey(blob) !== key.arn) return undefined
  const bytes = Buffer.from(blob)
  const start = 3 + bytes.readUInt16BE(1)
  if (bytes.length < start + nonceLength + tagLength) return undefined
  const nonce = bytes.subarray(start, start + nonceLength)
  const tag = bytes.subarray(start + nonceLength, start + nonceLength + tagLength)
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), nonce, {
    authTagLength: tagLength,
  })
  decipher.setAAD(authenticated(context))
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(bytes.subarray(start + nonceLength + tagLength)), decipher.final()])
  } catch {
    return undefined
  }
}

/** The ARN of the key that made a ciphertext. */
export function readCiphertextKey(blob: Uint8Array): string | undefined {
  const bytes = Buffer.from(blob)
  if (bytes.length < 3 || bytes.readUInt8(0) !== version) return undefined
  const length = bytes.readUInt16BE(1)
  return bytes.length < 3 + length ? undefined : bytes.toString('utf8', 3, 3 + length)
}

/** The same bytes for the same pairs, whatever their order. */
function authenticated(context: Readonly<Record<string, string>> | undefined): Buffer {
  const pairs = Object.entries(context ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(JSON.stringify(pairs))
}
