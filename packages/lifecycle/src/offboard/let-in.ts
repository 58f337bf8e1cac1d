import { providerOf, type Declaration, type Leaving, type ServiceSignIn } from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { signInsOf } from './sign-ins-of.js'

const urnOfMembership = /::[^:/]+\/team\/([^/:]+)\/identity-members\/([^/:]+)$/
const urnOfUser = /::[^:/]+\/member\/([^/:]+)\/identity$/

/** The subjects whom the trust policy of a team's role lets in, but for those of the file's identity provider now. */
export function letInByTrust(
  trust: unknown,
  now: readonly string[],
  after: Pick<Declaration, 'identityProvider'>,
): readonly string[] {
  return signInsOf(trust).flatMap((way) => subjectsOf(way, now, after))
}

/** The same by the claim that their sessions carry. */
export function claimsByTrust(
  trust: unknown,
  now: readonly string[],
  after: Pick<Declaration, 'identityProvider'>,
): Leaving['subjects'] {
  const claims: Record<string, readonly string[]> = {}
  for (const way of signInsOf(trust)) {
    const left = subjectsOf(way, now, after)
    const claim = `${way.arn.includes(':saml-provider/') ? 'SAML' : way.arn.slice(way.arn.indexOf('/') + 1)}:sub`
    if (left.length > 0) claims[claim] = [...new Set([...(claims[claim] ?? []), ...left])]
  }
  return claims
}

function subjectsOf(
  way: ServiceSignIn,
  now: readonly string[],
  after: Pick<Declaration, 'identityProvider'>,
): readonly string[] {
  const { arn, audience } = providerOf(after) ?? {}
  const isOfProvider = way.arn === arn && way.audience === audience
  return way.subjects.filter((subject) => !isOfProvider || !now.includes(subject))
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
