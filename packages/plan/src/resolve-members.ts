import type { Administrator, Member, ServiceSignIn, Team } from './declaration.js'
import { durationMs } from './durations.js'
import { endOfAccessMs, printInstant } from './dates.js'
import type { DiagnosticCode } from './codes.js'
import type { Path } from './locator.js'
import type { Names } from './names.js'
import { findMember } from './names.js'
import { broken } from './repair.js'
import type { Reporter } from './reporter.js'
import { describeStrangeCharacter } from './characters.js'
import { resolveOidc } from './resolve-oidc.js'
import { resolveRecipient } from './resolve-recipient.js'
import type { MemberValue, OrganizationValue, TeamValue } from './schema.js'
import { show } from './secrets.js'

/** What an end is the end of, for the warning once it is over. */
export interface Ending {
  readonly code: DiagnosticCode
  /** `the key of "nightly-eval"` */
  readonly what: string
  /** What to remove then. */
  readonly remove: string
}

/** An end of access as ISO 8601; reports days that do not exist, and warns of those that are over. */
function resolveUntil(
  until: string | undefined,
  path: Path,
  nowMs: number,
  ending: () => Ending,
  reporter: Reporter,
): string | undefined {
  if (until === undefined) return undefined
  const endMs = endOfAccessMs(until)
  if (endMs === undefined) {
    reporter.error('DATE_INVALID', path, `${show(until)} is a day or time that does not exist`, {
      hint: 'Write one that the calendar has, as 2035-02-28 or 2035-03-31T12:00:00Z.',
    })
    return undefined
  }
  const instant = printInstant(endMs)
  if (endMs <= nowMs) {
    const { code, remove, what } = ending()
    reporter.warning(code, path, `${what} ended at ${instant} and is left out`, {
      hint: `Remove ${remove}, or write a later date if it was renewed.`,
    })
  }
  return instant
}

/**
 * An end that may be written relatively, which says no instant: `fmt` has to come first. What it is the end of is only
 * asked for when something is to be told: most of a hundred thousand members have none.
 */
export function resolveEnd(
  declared: { readonly until?: string | undefined; readonly for?: string | undefined },
  path: Path,
  nowMs: number,
  ending: () => Ending,
  reporter: Reporter,
): string | undefined {
  if (declared.for !== undefined) {
    const twice = declared.until !== undefined
    reporter.error(
      'DATE_RELATIVE',
      [...path, 'for'],
      twice
        ? `${ending().what} has two ends: "for" and "until"`
        : `"for: ${declared.for}" says how long, and not from when`,
      {
        hint: twice
          ? 'Remove one of the two.'
          : 'Run "ringfence fmt FILE", which writes the instant from now on as "until"; in a program write "until" yourself.',
      },
    )
    return undefined
  }
  return resolveUntil(declared.until, [...path, 'until'], nowMs, ending, reporter)
}

/** Members beside those of a file's value, each under another name: a hundred thousand are no object's keys. */
export type KnownMembers = Iterable<readonly [name: string, member: MemberValue]>

export function resolveMembers(
  value: OrganizationValue,
  known: KnownMembers,
  nowMs: number,
  reporter: Reporter,
): Map<string, Member> {
  const members = new Map<string, Member>()
  /** Of those that are not in lower case themselves. */
  const lowerCase = new Map<string, string>()
  const resolveMember = (name: string, member: MemberValue): void => {
    const path = ['members', name]
    const lower = name.toLowerCase()
    const other = members.has(lower) ? lower : lowerCase.get(lower)
    if (other !== undefined) {
      reporter.error(
        'NAME_DUPLICATE',
        path,
        `the members ${show(other)} and ${show(name)} differ only in case, and IAM takes them for one`,
        {
          atKey: true,
          related: [
            { message: `${show(other)} is declared here`, span: reporter.locator.key(['members', other]) },
          ],
        },
      )
      return
    }
    if (lower !== name) lowerCase.set(lower, name)
    const signIn = member.signIn ?? 'user'
    if (signIn === 'federation') checkFederation(value, name, member, path, reporter)
    const oidc = oidcOf(value, name, member, path, reporter)
    const keys = member.keys === undefined ? undefined : resolveKeys(name, member, path, nowMs, reporter)
    const ending = (): Ending => ({
      code: 'MEMBER_EXPIRED',
      what: `the member ${show(name)}`,
      remove: 'the member, also from teams and grants',
    })
    const until = resolveEnd(member, path, nowMs, ending, reporter)
    members.set(name, {
      name,
      kind: member.kind ?? 'person',
      signIn,
      ...(member.email === undefined ? {} : { email: member.email }),
      ...(oidc === undefined ? {} : { oidc }),
      ...(keys === undefined ? {} : { keys }),
      ...(until === undefined ? {} : { until }),
      declaredAt: reporter.locator.key(path),
    })
  }
  for (const [name, member] of Object.entries(value.members ?? {})) resolveMember(name, member ?? {})
  for (const [name, member] of known) resolveMember(name, member)
  return members
}

/** The key of a member who has one; undefined where its end is missing or wrong. */
function resolveKeys(
  name: string,
  { keys = {}, kind, signIn = 'user' }: MemberValue,
  path: Path,
  nowMs: number,
  reporter: Reporter,
): Member['keys'] {
  const at = [...path, 'keys']
  if (keys.until === undefined && keys.for === undefined) {
    reporter.error('KEY_MISSING', at, `the key of ${show(name)} lacks "until"`, {
      atKey: true,
      hint: 'Add "until": a long-lived key is an exception that ends.',
    })
  }
  const ending = (): Ending => ({
    code: 'KEY_EXPIRED',
    what: `the key of ${show(name)}`,
    remove: signIn === 'user' && kind === 'service' ? '"keys", or the service' : '"keys"',
  })
  const until = resolveEnd(keys, at, nowMs, ending, reporter)
  const encryptTo = resolveRecipient(keys, at, reporter)
  if (until === undefined) return undefined
  return {
    until,
    ...(encryptTo === undefined ? {} : { encryptTo }),
    ...(keys.deliver === undefined ? {} : { deliver: keys.deliver }),
    ...resolveRotation(keys),
  }
}

/** How long both keys work where the file does not say it. */
const defaultOverlapMs = 7 * 86_400_000

/** The shape of both was checked before. */
function resolveRotation({ rotateAfter, overlap }: { rotateAfter?: string; overlap?: string }): {
  rotateAfterMs?: number
  overlapMs: number
} {
  const rotateAfterMs = rotateAfter === undefined ? undefined : durationMs(rotateAfter)
  const overlapMs = overlap === undefined ? undefined : durationMs(overlap)
  return {
    ...(rotateAfterMs === undefined ? {} : { rotateAfterMs }),
    overlapMs: overlapMs ?? defaultOverlapMs,
  }
}

function checkFederation(
  value: OrganizationValue,
  name: string,
  member: MemberValue,
  path: Path,
  reporter: Reporter,
): void {
  if (member.keys !== undefined) {
    reporter.error(
      'FEDERATION_UNAVAILABLE',
      [...path, 'keys'],
      `${show(name)} signs in by federation, so there is no IAM user to have an access key`,
      { hint: 'Remove "keys", or "signIn: federation".' },
    )
  }
  if (member.kind === 'service') {
    if (member.oidc === undefined)
      reporter.error(
        'FEDERATION_UNAVAILABLE',
        [...path, 'signIn'],
        `${show(name)} is a service that signs in by federation, and nothing says by whose tokens`,
        {
          hint: 'Add "oidc: { provider, audience, subject }", or remove "signIn" and declare "keys" with an end.',
        },
      )
    return
  }
  if (value.identityProvider?.identityCenter !== undefined && member.until !== undefined) {
    reporter.error(
      'FEDERATION_UNAVAILABLE',
      [...path, 'until'],
      `${show(name)} signs in by Identity Center, where no policy can end the access of one member of a group`,
      {
        hint: 'Put "until" on grants to a team of this member, or let the member have an IAM user.',
      },
    )
  }
  if (value.identityProvider === undefined) {
    reporter.error(
      'FEDERATION_UNAVAILABLE',
      [...path, 'signIn'],
      `${show(name)} signs in by federation, but the file names no identity provider`,
      {
        hint: 'Add "identityProvider: { saml: NAME }" at the top of the file.',
      },
    )
  }
  if (member.email === undefined) {
    reporter.error(
      'MEMBER_EMAIL_MISSING',
      path,
      `${show(name)} signs in by federation and has no e-mail to be recognised by`,
      {
        atKey: true,
        hint: 'Add the "email" that the identity provider sends as subject.',
      },
    )
  }
}

/** How a service signs in; people do by the identity provider of the file, and users by themselves. */
function oidcOf(
  value: OrganizationValue,
  name: string,
  member: MemberValue,
  path: Path,
  reporter: Reporter,
): ServiceSignIn | undefined {
  if (member.oidc === undefined) return undefined
  const at = [...path, 'oidc']
  if (member.kind === 'service' && member.signIn === 'federation')
    return resolveOidc(value, member.oidc, at, reporter)
  reporter.error(
    'FEDERATION_UNAVAILABLE',
    at,
    `"oidc" is for services that sign in by federation, and ${show(name)} is none`,
    { atKey: true, hint: 'Add "kind: service" and "signIn: federation", or remove "oidc".' },
  )
  return undefined
}

/** The members of a team as they are written, and where: the short form is the list alone. */
function membersOfTeam(team: TeamValue, path: Path): readonly [list: readonly string[], path: Path] {
  return 'members' in team ? [team.members, [...path, 'members']] : [team, path]
}

export function resolveTeams(
  value: OrganizationValue,
  names: Names,
  nowMs: number,
  reporter: Reporter,
): Map<string, Team> {
  const teams = new Map<string, Team>()
  for (const [name, team] of Object.entries(value.teams ?? {})) {
    const path = ['teams', name]
    const [list, listPath] = membersOfTeam(team, path)
    if (names.members.has(name)) {
      reporter.error('NAME_DUPLICATE', path, `${show(name)} is a team and a member`, {
        atKey: true,
        hint: 'Rename one: grants and job names could not tell them apart.',
        related: [{ message: 'the member is declared here', span: reporter.locator.key(['members', name]) }],
      })
    }
    const members = new Set<string>()
    for (const [index, text] of list.entries()) {
      const member = names.members.has(text) ? text : findMember(text, [...listPath, index], names, reporter)
      if (member === undefined) continue
      if (members.has(member))
        reporter.error(
          'NAME_DUPLICATE',
          [...listPath, index],
          `${show(member)} is listed twice in the team ${show(name)}`,
        )
      members.add(member)
    }
    if (list.length === 0) {
      reporter.warning('TEAM_EMPTY', path, `the team ${show(name)} has no members`, {
        atKey: true,
        hint: 'Grants to it reach nobody.',
      })
    }
    const ending = (): Ending => ({
      code: 'TEAM_EXPIRED',
      what: `the team ${show(name)}`,
      remove: 'the team, and what names it',
    })
    const until = resolveEnd('members' in team ? team : {}, path, nowMs, ending, reporter)
    teams.set(name, {
      name,
      members: [...members],
      ...(until === undefined ? {} : { until }),
      declaredAt: reporter.locator.key(path),
    })
  }
  return teams
}

function bareName(text: string): string {
  return text.startsWith('members/') ? text.slice('members/'.length) : text
}

/** A member that no team has and no grant names is most often a mistake, and always access that nobody decided on. */
export function checkMembersInUse(value: OrganizationValue, names: Names, reporter: Reporter): void {
  const used = new Set<string>()
  for (const team of Object.values(value.teams ?? {}))
    for (const name of membersOfTeam(team, [])[0]) used.add(bareName(name))
  for (const grant of value.grants ?? []) used.add(bareName(grant.to))
  for (const name of names.members.keys()) {
    if (used.has(name)) continue
    reporter.error(
      'MEMBER_WITHOUT_ACCESS',
      ['members', name],
      `${show(name)} is in no team and named by no grant`,
      {
        atKey: true,
        hint: 'Add the member to a team, or remove it: an account without access is only a risk.',
      },
    )
  }
}

/** `role/NAME`, `role/path/NAME`, `user/NAME`: roles and users that exist already. */
export function resolveAdministrators(
  value: OrganizationValue,
  names: Names,
  reporter: Reporter,
): Administrator[] {
  const administrators: Administrator[] = []
  const seen = new Set<string>()
  for (const [index, text] of value.administrators.entries()) {
    if (text === broken) continue
    const path = ['administrators', index]
    const match = /^(role|user)\/((?:[A-Za-z0-9_+=,.@-]+\/)*)([A-Za-z0-9_+=,.@-]{1,64})$/.exec(text)
    if (match === null) {
      const strange = describeStrangeCharacter(text)
      const member = names.members.has(text)
      reporter.error(
        'ADMINISTRATOR_INVALID',
        path,
        `${show(text)} is not an administrator${strange === undefined ? '' : `; it contains ${strange}`}`,
        {
          hint: member
            ? 'Members cannot be administrators: they would hold both the fence and the data. Name an existing role.'
            : 'Write role/NAME or user/NAME of a role or user that exists already; with its path if it has one, as role/admins/NAME.',
        },
      )
      continue
    }
    const [, kind = 'role', directory = '', name = ''] = match
    if (`${directory}`.startsWith(`ringfence/${value.organization}/`)) {
      reporter.error(
        'ADMINISTRATOR_INVALID',
        path,
        `${show(text)} is under the path of what ringfence makes`,
        {
          hint: 'Administrators stand outside: name a role that exists already.',
        },
      )
      continue
    }
    if (seen.has(text.toLowerCase())) {
      reporter.error('NAME_DUPLICATE', path, `${show(text)} is listed twice`)
      continue
    }
    seen.add(text.toLowerCase())
    administrators.push({
      kind: kind === 'user' ? 'user' : 'role',
      name,
      path: `/${directory}`,
      declaredAt: reporter.locator.value(path),
    })
  }
  return administrators
}
