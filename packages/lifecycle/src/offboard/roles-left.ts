import {
  type AccessSummary,
  type Declaration,
  type Kept,
  type Leaving,
  type Member,
  saidOf,
} from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { inGroups, letInByTrust } from './let-in.js'
import { servicesLeft } from './services-left.js'
import { signsInAsBefore } from './signs-in-as-before.js'

/** A role of which somebody may still have sessions who may no longer take it on. */
export interface RoleLeft {
  readonly role: string
  /** Undefined: it is a service's own. */
  readonly team?: string
  /** Names, or subjects where the identity provider or an issuer of tokens knows them by those alone. */
  readonly members: readonly string[]
  /** Of a team: whom its trust still lets in, by the claim that their sessions carry. */
  readonly subjects?: Leaving['subjects']
}

/**
 * Roles of teams that a member could take on by the identity provider as it was deployed, and cannot any more: the
 * sessions that they have go on, unless those that were issued before now are refused. Services sign in into roles of
 * their own, and never into those of teams: theirs are left by whose tokens they take no longer. A role that the change
 * deletes takes its sessions along, and is among them all the same: one of the same name may be made again.
 *
 * An update that was killed may have let in whom nothing else tells of: they are found by the trust or the membership that
 * is recorded, and called by the subject that the identity provider knows them by. Whom one has taken out of a trust
 * and not yet refused for certain is kept as `leaving`.
 */
export function rolesLeft(
  before: AccessSummary | undefined,
  recorded: readonly RecordedResource[],
  after: Pick<Declaration, 'identityProvider' | 'members' | 'organization' | 'teams'>,
  leaving: Kept['leaving'] = {},
): readonly RoleLeft[] {
  const users = new Set(namesOf(recorded, 'aws:iam/user:User').map(({ name }) => name))
  const people = new Map(
    after.members.flatMap((one) =>
      one.kind === 'person' && one.signIn === 'federation' ? [[one.name, one]] : [],
    ),
  )
  const teamsNow = new Map(after.teams.map(({ name, members }) => [name, new Set(members)]))
  // Identity Center makes a role of a permission set, which is told by its name.
  const roles = ['aws:iam/role:Role', 'aws:ssoadmin/permissionSet:PermissionSet'].flatMap((type) =>
    namesOf(recorded, type),
  )
  const ofServices = new Map(servicesLeft(before, roles, after).map((one) => [one.role, one.subjects]))
  const groups = inGroups(recorded)
  const ofTeam = (team: string, trust: unknown): Leaving => {
    const now = new Map([...(teamsNow.get(team) ?? [])].flatMap((name) => entryOf(name, people)))
    const known = (saidOf(before?.teams, team) ?? []).flatMap((name) => {
      if (!wasFederated(name, before, users)) return []
      const member = now.get(name)
      if (member === undefined) return [name]
      const email = saidOf(before?.members, name)?.email
      // Called the same, and known to the identity provider as another one now, or to another provider.
      return email === undefined || signsInAsBefore(member, after, before) ? [] : [email]
    })
    const emails = [...now.values()].flatMap(({ email }) => email ?? [])
    const inGroup = (groups.get(team) ?? []).filter((one) => !emails.includes(one))
    const subjects = letInByTrust(trust, emails, after)
    return { members: known.length > 0 ? known : [...Object.values(subjects).flat(), ...inGroup], subjects }
  }
  return roles.flatMap(({ name: role, tags, trust }): readonly RoleLeft[] => {
    const team = tags['ringfence:team']
    const left: Leaving =
      team === undefined ? { members: ofServices.get(role) ?? [], subjects: {} } : ofTeam(team, trust)
    const members = [...new Set([...left.members, ...(leaving[role]?.members ?? [])])]
    if (members.length === 0) return []
    const subjects = Object.keys(left.subjects).length === 0 ? {} : { subjects: left.subjects }
    return [{ role, ...(team === undefined ? {} : { team }), members, ...subjects }]
  })
}

function entryOf(name: string, people: ReadonlyMap<string, Member>): readonly (readonly [string, Member])[] {
  const member = people.get(name)
  return member === undefined ? [] : [[name, member]]
}

/** Whether a person could take on roles of teams. What an earlier version has noted does not tell: who was no user. */
function wasFederated(name: string, before: AccessSummary | undefined, users: ReadonlySet<string>): boolean {
  const { email, kind } = saidOf(before?.members, name) ?? {}
  if (kind === 'service') return false
  return before?.identityProvider === undefined ? !users.has(name) : email !== undefined
}

interface Named {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly trust: unknown
}

function namesOf(recorded: readonly RecordedResource[], type: string): readonly Named[] {
  return recorded
    .filter((one) => one.type === type)
    .map(({ inputs }) => ({
      name: String(inputs?.['name'] ?? ''),
      tags: (inputs?.['tags'] ?? {}) as Named['tags'],
      trust: inputs?.['assumeRolePolicy'],
    }))
}
