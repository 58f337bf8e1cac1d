import type { Unknown } from './account.js'

/** What is not known, and why. */
export function unknownWords({ about, reason }: Pick<Unknown, 'about' | 'reason'>): string {
  return `${about}: ${reason}`
}
