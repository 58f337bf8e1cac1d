import type { AccessSummary, Declaration } from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { servicesLeft } from './services-left.js'
import { claimed, trustStatements } from './trust-statements.js'

/** A role of which somebody may still have sessions who may no longer take it on. */
export interface RoleLeft {
  readonly role: string
  /** Undefined: it is a service's own. */
  readonly team?: string
  /** Names, or subjects where the identity provider or an issuer of tokens knows them by those alone. */
  readonly members: readonly string[]
}

/**
 * Roles of teams that a member could take on by the identity provider as it was deployed, and cannot any more: the
 * sessions that they have go on, unless those that were issued before now are refused. Whoever is no IAM user of the
 * stack signed in by the identity provider; services do so into roles of their own, and never into those of teams: theirs
 * are left by whose tokens they take no longer. A role that the change deletes takes its sessions along, and is among them
 * all the same: one of the same name may be made again.
 *
 * An update that was killed may have let in whom nothing else tells of: they are found by the trust that is recorded, and
 * called by the subject that the identity provider sends.
 */
export function rolesLeft(
  before: AccessSummary | undefined,
  recorded: readonly RecordedResource[],
  after: Pick<Declaration, 'members' | 'organization' | 'teams'>,
): readonly RoleLeft[] {
  const users = new Set(namesOf(recorded, 'aws:iam/user:User').map(({ name }) => name))
  const signedInNow = new Map(
    after.members.flatMap(({ name, signIn, email }) => (signIn === 'federation' ? [[name, email]] : [])),
  )
  const teamsNow = new Map(after.teams.map(({ name, members }) => [name, new Set(members)]))
  // Identity Center makes a role of a permission set, which is told by its name.
  const roles = ['aws:iam/role:Role', 'aws:ssoadmin/permissionSet:PermissionSet'].flatMap((type) =>
    namesOf(recorded, type),
  )
  const ofServices = servicesLeft(before, roles, after).map(({ role, subjects }) => ({
    role,
    members: subjects,
  }))
  const ofTeams = roles.flatMap(({ name: role, tags, trust }) => {
    const team = tags['ringfence:team']
    if (team === undefined) return []
    const now = [...(teamsNow.get(team) ?? [])].filter((member) => signedInNow.has(member))
    const known = (before?.teams[team] ?? []).flatMap((member) => {
      const { email, kind } = before?.members[member] ?? {}
      if (users.has(member) || kind === 'service') return []
      if (!now.includes(member)) return [member]
      // Called the same, and known to the identity provider as another one now.
      return email === undefined || email === signedInNow.get(member) ? [] : [email]
    })
    const subjectsNow = new Set(now.map((member) => signedInNow.get(member)))
    const others = known.length > 0 ? [] : subjectsOf(trust).filter((subject) => !subjectsNow.has(subject))
    const members = [...known, ...others]
    return members.length === 0 ? [] : [{ role, team, members }]
  })
  return [...ofTeams, ...ofServices]
}

/** Whom a trust policy names by what an identity provider sends as their subject. */
function subjectsOf(trust: unknown): readonly string[] {
  return trustStatements(trust).flatMap((statement) => claimed(statement, 'sub'))
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
