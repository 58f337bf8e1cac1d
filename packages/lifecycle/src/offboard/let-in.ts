import { providerOf, type Declaration, type ServiceSignIn } from '@ringfence/plan'
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
  const { arn, audience } = providerOf(after) ?? {}
  const isOfProvider = (way: ServiceSignIn) => way.arn === arn && way.audience === audience
  return signInsOf(trust).flatMap((way) =>
    way.subjects.filter((subject) => !isOfProvider(way) || !now.includes(subject)),
  )
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
