import type { Member } from '../declaration.js'

/** Seconds: sessions end soon, so that a removed member is out within the hour. */
export const maxSessionDuration = 3_600

/** Ids of resources that many others depend on. */
export const shared = { boundary: 'boundary', ownSignIn: 'own-sign-in', ownKey: 'own-key' } as const

/** `end/2035-03-31T00:00:00Z`: id of the policy that ends all access at an instant. */
export const endId = (instant: string): string => `end/${instant}`
export const endPolicyName = (organization: string, instant: string): string =>
  `${organization}-end-${instant.replaceAll(/[-:]/g, '')}`

/** The instants at which all access of a member ends: its own, and for a service that of its only key. */
export function endsOf(member: Member): string[] {
  const ends = [
    ...(member.until === undefined ? [] : [member.until]),
    ...(member.kind === 'service' && member.keys !== undefined ? [member.keys.until] : []),
  ].toSorted()
  return ends.slice(0, 1)
}
