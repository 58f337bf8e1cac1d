import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { AwsError } from '../aws-error.js'

/** Bits (API Reference, UploadSSHPublicKey). */
const minimumBits = 2048

/** An RSA public key as IAM knows it. */
export interface SshPublicKey {
  /** `ssh-rsa AAAA…`, without a comment. */
  readonly ssh: string
  readonly pem: string
  /** MD5 of the key as SSH sends it, in pairs of hexadecimal digits. */
  readonly fingerprint: string
}

/** Reads `ssh-rsa …` or PEM. Throws for other encodings, for what is no RSA key and for keys that are too short. */
export function parseSshPublicKey(body: string): SshPublicKey {
  const key = readKey(body.trim())
  if (key.asymmetricKeyType !== 'rsa') throw invalidPublicKey('it is not an RSA key')
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < minimumBits) throw invalidPublicKey(`it has ${bits} bits, of ${minimumBits} at least`)
  const blob = sshBlob(key)
  return {
    ssh: `ssh-rsa ${blob.toString('base64')}`,
    pem: key.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: createHash('md5').update(blob).digest('hex').match(/../g)?.join(':') ?? '',
  }
}

function readKey(body: string): KeyObject {
  const [, encoded] = /^ssh-rsa[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t][^\r\n]*)?$/.exec(body) ?? []
  const isPem = /^-----BEGIN (RSA )?PUBLIC KEY-----[\s\S]*-----END (RSA )?PUBLIC KEY-----$/.test(body)
  if (encoded === undefined && !isPem) {
    throw new AwsError('UnrecognizedPublicKeyEncoding', 'The public key is neither ssh-rsa nor PEM.', 400)
  }
  try {
    return encoded === undefined ? createPublicKey(body) : keyOfBlob(Buffer.from(encoded, 'base64'))
  } catch {
    throw invalidPublicKey('it is malformed')
  }
}

/** RFC 4253, section 6.6: three texts with their lengths, which are `ssh-rsa`, the exponent and the modulus. */
function keyOfBlob(blob: Buffer): KeyObject {
  const parts: Buffer[] = []
  for (let at = 0; at < blob.length;) {
    const start = at + 4
    const end = start + blob.readUInt32BE(at)
    if (end > blob.length) throw new Error('cut off')
    parts.push(blob.subarray(start, end))
    at = end
  }
  const [kind, exponent, modulus] = parts
  if (parts.length !== 3 || kind?.toString() !== 'ssh-rsa') throw new Error('another kind of key')
  const [e, n] = [exponent, modulus].map((number) => number?.toString('base64url') ?? '')
  return createPublicKey({ format: 'jwk', key: { kty: 'RSA', e, n } })
}

function sshBlob(key: KeyObject): Buffer {
  const { e = '', n = '' } = key.export({ format: 'jwk' })
  const parts = [Buffer.from('ssh-rsa'), positive(e), positive(n)]
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]))
}

/** A positive number begins with a bit that is not set. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}

function invalidPublicKey(why: string): AwsError {
  return new AwsError('InvalidPublicKey', `The public key is invalid: ${why}.`, 400)
}
