import { inspectPgpKey } from './pgp-key.js'

/** Access key ids of AWS: long-lived (AKIA) and temporary (ASIA). IAM User Guide, "Unique identifiers". */
const accessKeyId = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/
/** PEM, OpenPGP in armour (as it stands or in base64 again), and identities of age. */
const privateKey =
  /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|LS0tLS1CRUdJTiBQR1AgUFJJVkFURSBLRVk|AGE-SECRET-KEY-1[A-Z0-9]{10,}/
/** How a secret key of OpenPGP starts in base64 (RFC 9580: the tag 5 in both formats); its packets decide. */
const pgpBase64 = /(?<![A-Za-z0-9+/])(?:l[A-Za-z0-9+/]|x[Q-Za-f])[A-Za-z0-9+/]{60,}={0,2}/
const knownToken =
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9]{32,}|hf_[A-Za-z0-9]{30,})/
/** Forty characters of base64: the form of AWS secret access keys. */
const fortyCharacters = /(?<![A-Za-z0-9/+=_.:-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_.:-])/
const mixed = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text)

const anySecret = new RegExp(
  [accessKeyId, privateKey, pgpBase64, knownToken, fortyCharacters]
    .map((pattern) => pattern.source)
    .join('|'),
  'g',
)

/** Keys under which nothing but a secret is written. */
const secretKey =
  /^(?:pass(?:word|wd|phrase)?|pwd|secret.*|.*[_-]?secret(?:[_-]?key)?|(?:aws[_-]?)?access[_-]?key(?:[_-]?id)?|(?:session|api|auth)?[_-]?token|api[_-]?key|private[_-]?key|credentials?)$/i

/** Whether a key announces a secret, whatever its value. */
export function isSecretKey(key: string): boolean {
  return secretKey.test(key)
}

/** A secret that was found; the value itself is deliberately not part of it. */
export interface SecretPlace {
  readonly start: number
  readonly end: number
  readonly kind: string
}

/** Finds what looks like a secret anywhere in a text, comments included. At most `limit` places. */
export function findSecrets(text: string, limit = 100): SecretPlace[] {
  const places: SecretPlace[] = []
  for (const match of text.matchAll(anySecret)) {
    const found = match[0]
    const kind = accessKeyId.test(found)
      ? 'an AWS access key id'
      : privateKey.test(found) || (pgpBase64.test(found) && inspectPgpKey(found) === 'secret')
        ? 'a private key'
        : knownToken.test(found)
          ? 'an access token'
          : found.length === 40 && mixed(found)
            ? 'a secret access key'
            : undefined
    if (kind === undefined) continue
    places.push({ start: match.index, end: match.index + found.length, kind })
    if (places.length >= limit) break
  }
  return places
}

/** The text in quotes, shortened, and never a secret. */
export function show(text: string): string {
  if (findSecrets(text, 1).length > 0) return 'a value that looks like a secret'
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '�')
  return visible.length > 80 ? `"${visible.slice(0, 77)}..."` : `"${visible}"`
}
