import { providerOf, type Declaration, type Leaving } from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { signInsOf } from './sign-ins-of.js'

const urnOfMembership = /::[^:/]+\/team\/([^/:]+)\/identity-members\/([^/:]+)$/
const urnOfUser = /::[^:/]+\/member\/([^/:]+)\/identity$/

/**
 * The subjects whom the trust policy of a team's role lets in, but for those of the file's identity provider now, by the
 * claim that their sessions carry.
 */
export function letInByTrust(
  trust: unknown,
  now: readonly string[],
  after: Pick<Declaration, 'identityProvider'>,
): Leaving['subjects'] {
  const { arn: arnNow, audience: audienceNow } = providerOf(after) ?? {}
  const claims: Record<string, readonly string[]> = {}
  for (const { arn, audience, subjects } of signInsOf(trust)) {
    const isOfProvider = arn === arnNow && audience === audienceNow
    const left = subjects.filter((subject) => !isOfProvider || !now.includes(subject))
    if (left.length === 0) continue
    const claim = `${arn.includes(':saml-provider/') ? 'SAML' : arn.slice(arn.indexOf('/') + 1)}:sub`
    claims[claim] = [...new Set([...(claims[claim] ?? []), ...left])]
  }
  return claims
}

/** The user names of those in the groups that a stack has made in Identity Center, by team. */
export function inGroups(recorded: readonly RecordedResource[]): ReadonlyMap<string, readonly string[]> {
  const userNames = new Map<string, string[]>()
  for (const { inputs, type, urn } of recorded) {
    if (type !== 'aws:identitystore/user:User') continue
    const [, member = ''] = urnOfUser.exec(urn) ?? []
    userNames.set(member, [...(userNames.get(member) ?? []), String(inputs?.['userName'] ?? '')])
  }
  const teams = new Map<string, readonly string[]>()
  for (const { type, urn } of recorded) {
    if (type !== 'aws:identitystore/groupMembership:GroupMembership') continue
    const [, team = '', member = ''] = urnOfMembership.exec(urn) ?? []
    teams.set(team, [...(teams.get(team) ?? []), ...(userNames.get(member) ?? [])])
  }
  return teams
}
