import { randomBytes } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The prefixes that tell kinds of ids apart (IAM User Guide, "IAM identifiers"). */
export type IdPrefix = 'AIDA' | 'AGPA' | 'AROA' | 'ANPA' | 'AIPA' | 'AKIA' | 'ASIA'

/** A new unique id: `AIDA…` with 17 characters after the prefix, access keys with 16. */
export function newId(prefix: IdPrefix): string {
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17
  let id: string = prefix
  for (const byte of randomBytes(length)) id += alphabet[byte & 31]
  return id
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
