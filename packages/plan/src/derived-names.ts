import type { Declaration, Member } from './declaration.js'
import type { Path } from './locator.js'
import type { Reporter } from './reporter.js'
import { show } from './secrets.js'

/** IAM User Guide, "IAM and AWS STS quotas: name limits"; SageMaker API reference, CreateProject. */
const maxRoleName = 64
const maxTagKey = 128
const maxProjectName = 32
/** Identity Center API reference, CreatePermissionSet. */
const maxPermissionSetName = 32
const maxOrganization = 40

/** Checks the names that AWS's resources get from declared ones, before anything is made of them. */
export function checkDerivedNames(
  declaration: Declaration,
  members: ReadonlyMap<string, Member>,
  reporter: Reporter,
): void {
  const { organization } = declaration
  const isFederated = (name: string): boolean => {
    const member = members.get(name)
    return member?.signIn === 'federation' && member.kind === 'person'
  }
  const roles = new Map<string, string>()
  tooLong(organization, maxOrganization, ['organization'], 'the organization')
  for (const platform of declaration.platforms) {
    const path = ['platforms', platform.name]
    const role = `${organization}-${platform.name}-execution`
    tooLong(role, maxRoleName, path, `the execution role of platform ${show(platform.name)}`)
    if (platform.project !== undefined) {
      tooLong(
        `${organization}-${platform.name}`,
        maxProjectName,
        path,
        `the project of platform ${show(platform.name)}`,
      )
    }
    roles.set(role, `the execution role of platform ${show(platform.name)}`)
  }
  for (const { kind, name, signIn } of declaration.members) {
    if (signIn !== 'federation' || kind !== 'service') continue
    const path = ['members', name]
    const role = `${organization}-${name}-service`
    tooLong(role, maxRoleName, path, `the role of member ${show(name)}`)
    taken(role, path, `the role of member ${show(name)}`, 'Rename the member or the platform.')
    roles.set(role.toLowerCase(), `the role of member ${show(name)}`)
  }
  for (const team of declaration.teams) {
    const path = ['teams', team.name]
    tooLong(`ringfence:team:${team.name}`, maxTagKey, path, `the tag of team ${show(team.name)}`)
    if (!team.members.some(isFederated)) continue
    const role = `${organization}-${team.name}`
    if (declaration.identityProvider?.kind === 'identityCenter') {
      tooLong(role, maxPermissionSetName, path, `the permission set of team ${show(team.name)}`)
      continue
    }
    tooLong(role, maxRoleName, path, `the role of team ${show(team.name)}`)
    taken(role, path, `the role of team ${show(team.name)}`, 'Rename one of the two.')
  }

  /** IAM tells the names of roles apart without regard to case. */
  function taken(role: string, path: Path, what: string, hint: string): void {
    const other = roles.get(role.toLowerCase())
    if (other === undefined) return
    reporter.error('NAME_COLLISION', path, `${what} would have the name of ${other}: ${show(role)}`, {
      atKey: true,
      hint,
    })
  }

  function tooLong(name: string, limit: number, path: Path, what: string): void {
    if (name.length <= limit) return
    reporter.error(
      'NAME_TOO_LONG',
      path,
      `${what} would be called ${show(name)}, ${name.length} characters; at most ${limit} are allowed`,
      {
        atKey: path.length > 1,
        hint: 'Shorten the declared name or that of the organization.',
      },
    )
  }
}
