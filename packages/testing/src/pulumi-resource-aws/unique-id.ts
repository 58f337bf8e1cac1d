import { randomBytes } from 'node:crypto'

/** An id for what AWS gives none, in the provider's manner: a prefix, the time, and something to tell twins apart. */
export function uniqueId(prefix: string): string {
  const time = new Date().toISOString().replaceAll(/\D/g, '')
  return `${prefix}${time}${randomBytes(4).toString('hex')}`
}
