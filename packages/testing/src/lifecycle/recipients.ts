import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto'
import type { KeyRecipient } from '@ringfence/plan'
import { armor, Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'

/** Somebody to whom the secret of an access key is encrypted, and who can read it. */
interface Recipient extends KeyRecipient {
  /** Rejects where a text is not encrypted to them. */
  readonly read: (ciphertext: string) => Promise<string>
}

/** What an OpenPGP public key of the lives encrypts. */
const encryptBy = new Map<string, (secret: string) => Buffer>()

async function ageRecipient(): Promise<Recipient> {
  const identity = await generateX25519Identity()
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const read = async (ciphertext: string) => decrypter.decrypt(armor.decode(ciphertext), 'text')
  return { kind: 'age', key: await identityToRecipient(identity), read }
}

/**
 * The public key is one of OpenPGP, and what is encrypted to it nobody else can read; but it is no message of OpenPGP:
 * that the provider makes, and to have `gpg` make one takes longer than a life.
 */
function pgpRecipient(): Recipient {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const { e = '', n = '' } = publicKey.export({ format: 'jwk' })
  const key = openPgpKey(Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')).toString('base64')
  encryptBy.set(key, (secret) => publicEncrypt({ key: publicKey, padding }, Buffer.from(secret)))
  const read = async (ciphertext: string) =>
    privateDecrypt({ key: privateKey, padding }, Buffer.from(ciphertext, 'base64')).toString('utf8')
  return { kind: 'pgp', key, read }
}

/** One packet (RFC 9580, "Version 4 Public Keys"): an RSA key that was made at the epoch. */
function openPgpKey(...numbers: readonly Buffer[]): Buffer {
  const rsa = 1
  const body = Buffer.concat([Buffer.from([4, 0, 0, 0, 0, rsa]), ...numbers.map(multiprecision)])
  return Buffer.concat([Buffer.from([0x99, body.length >>> 8, body.length & 0xff]), body])
}

/** RFC 9580, "Multiprecision Integers": its length in bits, and its bytes. */
function multiprecision(number: Buffer): Buffer {
  const bits = number.length * 8 - Math.clz32(number[0] ?? 0) + 24
  return Buffer.concat([Buffer.from([bits >>> 8, bits & 0xff]), number])
}

/** Those to whom a file may have the secret encrypted, by the names of the ways in which it is delivered. */
export const recipients = {
  age: await ageRecipient(),
  nextAge: await ageRecipient(),
  pgp: pgpRecipient(),
  nextPgp: pgpRecipient(),
} as const satisfies Readonly<Record<string, Recipient>>

/** Instead of the program `gpg`. Rejects for any other key. */
export async function encryptForSomePgpKey(
  secret: string,
  publicKey: string,
): Promise<{ encryptedSecret: string; keyFingerprint: string }> {
  const encrypt = encryptBy.get(publicKey)
  if (encrypt === undefined) throw new Error('pgpKey: no life has this one')
  return { encryptedSecret: encrypt(secret).toString('base64'), keyFingerprint: '' }
}

/** Who can read a text, by their public keys, and what it says to them. */
export async function readBy(ciphertext: string): Promise<Readonly<Record<string, string>>> {
  const read = Object.values(recipients).map(async (one: Recipient) => {
    const text = await one.read(ciphertext).catch(() => undefined)
    return text === undefined ? [] : [[one.key, text] as const]
  })
  return Object.fromEntries((await Promise.all(read)).flat())
}
