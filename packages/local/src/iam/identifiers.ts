import { randomBytes } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The prefixes that tell kinds of ids apart (IAM User Guide, "IAM identifiers"). */
export type IdPrefix = 'AIDA' | 'AGPA' | 'AROA' | 'ANPA' | 'AIPA' | 'AKIA' | 'ASIA' | 'APKA' | 'ACCA'

/** Those with 16 characters after the prefix; others have 17. */
const shortIds: ReadonlySet<IdPrefix> = new Set(['AKIA', 'ASIA', 'APKA'])

/** A new unique id, such as `AIDA…`. */
export function newId(prefix: IdPrefix): string {
  return prefix + randomLetters(shortIds.has(prefix) ? 16 : 17)
}

/** The id of a signing certificate has no prefix. */
export function newCertificateId(): string {
  return randomLetters(32)
}

function randomLetters(length: number): string {
  let letters = ''
  for (const byte of randomBytes(length)) letters += alphabet[byte & 31]
  return letters
}

/** 40 characters of base64, as AWS's secret access keys have. */
export function newSecret(): string {
  return randomBytes(30).toString('base64')
}

/** An opaque session token. */
export function newSessionToken(): string {
  return randomBytes(96).toString('base64')
}

/** `arn:aws:iam::<account>:<rest>` */
export function iamArn(account: string, rest: string): string {
  return `arn:aws:iam::${account}:${rest}`
}

export function rootArn(account: string): string {
  return iamArn(account, 'root')
}
