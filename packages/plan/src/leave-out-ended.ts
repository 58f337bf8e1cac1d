import type { Declaration, Grant, Guarantee, Member, Team } from './declaration.js'
import type { Reporter } from './reporter.js'
import { show } from './secrets.js'

/** What a file declares, in parts that can end. */
interface Parts {
  readonly members: readonly Member[]
  readonly teams: readonly Team[]
  readonly grants: readonly Grant[]
}

/**
 * The parts without those that are over, and without what hung on them: memberships of an ended member, grants to an
 * ended team. Time passes while nobody edits the file, so that is no mistake: what has ended is told by warnings, and
 * the next deployment removes it. An ended key stays with its member, marked: the key goes, what refuses it stays.
 */
export function leaveOutEnded(
  parts: Parts,
  nowMs: number,
  reporter: Reporter,
): Parts & Pick<Declaration, 'ended'> {
  const isOver = ({ until }: { readonly until?: string }): boolean =>
    until !== undefined && Date.parse(until) <= nowMs
  const ended = {
    members: parts.members.filter(isOver),
    teams: parts.teams.filter(isOver),
    grants: parts.grants.filter(isOver),
  }
  const goneMembers = new Set(ended.members.map(({ name }) => name))
  const goneTeams = new Set(ended.teams.map(({ name }) => name))
  if (parts.members.length > 0 && goneMembers.size === parts.members.length) {
    reporter.error('MEMBER_EXPIRED', ['members'], 'all members have ended, so nobody would be left', {
      atKey: true,
      hint: 'Check the clock of this machine; remove "members" and what names them if it is right.',
    })
  }
  const left =
    goneMembers.size === 0 ? parts.members : parts.members.filter(({ name }) => !goneMembers.has(name))
  const members = left.map((member) =>
    member.keys !== undefined && isOver(member.keys) ? withEndedKey(member) : member,
  )
  const teams = parts.teams
    .filter(({ name }) => !goneTeams.has(name))
    .map((team) => withoutMembers(team, goneMembers))
  const grants = parts.grants.filter((grant) => !isOver(grant) && !isGone(grant.to, goneMembers, goneTeams))
  warnOfIdle(parts, { members, teams, grants }, reporter)
  return { members, teams, grants, ended }
}

function withEndedKey(member: Member): Member {
  return member.keys === undefined ? member : { ...member, keys: { ...member.keys, ended: true } }
}

function isGone(
  { kind, name }: Grant['to'],
  members: ReadonlySet<string>,
  teams: ReadonlySet<string>,
): boolean {
  return kind === 'member' ? members.has(name) : teams.has(name)
}

function withoutMembers(team: Team, gone: ReadonlySet<string>): Team {
  return gone.size > 0 && team.members.some((name) => gone.has(name))
    ? { ...team, members: team.members.filter((name) => !gone.has(name)) }
    : team
}

/** Guarantees about whoever is left: what somebody who has ended may never do nobody does. */
export function withoutEnded(
  guarantees: readonly Guarantee[],
  { members, teams }: Declaration['ended'],
): readonly Guarantee[] {
  const goneMembers = new Set(members.map(({ name }) => name))
  const goneTeams = new Set(teams.map(({ name }) => name))
  return guarantees.filter((one) => one.kind !== 'never' || !isGone(one.who, goneMembers, goneTeams))
}

/** A member whose teams and grants have all ended, and who has not. */
function warnOfIdle(before: Parts, after: Parts, reporter: Reporter): void {
  if (before.teams.length === after.teams.length && before.grants.length === after.grants.length) return
  const had = namesInUse(before)
  const has = namesInUse(after)
  for (const { name } of after.members) {
    if (!had.has(name) || has.has(name)) continue
    reporter.warning(
      'MEMBER_WITHOUT_ACCESS',
      ['members', name],
      `${show(name)} has no access any more: every team and grant of the member has ended`,
      { atKey: true, hint: 'Remove the member: an account without access is only a risk.' },
    )
  }
}

function namesInUse({ teams, grants }: Parts): ReadonlySet<string> {
  return new Set([
    ...teams.flatMap(({ members }) => members),
    ...grants.flatMap(({ to }) => (to.kind === 'member' ? [to.name] : [])),
  ])
}
