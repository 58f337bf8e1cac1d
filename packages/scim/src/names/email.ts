import { emailPattern } from '@ringfence/plan'
import { ScimError } from '../scim-error.js'
import { type Attributes, type Complex, textOf } from '../schema/attributes.js'

/** The primary address, or the one for work, or the first; else the name to sign in with, where it is an address. */
export function emailOf(attributes: Attributes): string | undefined {
  const { emails } = attributes.core
  const entries = Array.isArray(emails) ? emails : []
  const isMeant = (test: (entry: Complex) => boolean): Complex | undefined => entries.find(test)
  const chosen =
    isMeant((entry) => entry['primary'] === true) ??
    isMeant((entry) => entry['type'] === 'work') ??
    entries[0]
  const value = chosen?.['value']
  if (typeof value === 'string') return value
  const userName = textOf(attributes, 'userName')
  return userName !== undefined && emailPattern.test(userName) ? userName : undefined
}

/**
 * Refuses an address that no declared file may have. Taken in, it would be a mistake of the whole file, and the leaving
 * of everybody else would wait for it.
 */
export function requireEmail(attributes: Attributes): void {
  const email = emailOf(attributes)
  if (email === undefined || emailPattern.test(email)) return
  throw new ScimError(
    400,
    'invalidValue',
    `${JSON.stringify(email)} cannot be the e-mail of a member: write it as name@example.com, without quotes, apostrophes, spaces or wildcards`,
  )
}
