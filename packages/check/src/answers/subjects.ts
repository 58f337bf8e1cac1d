import type { AccessSummary } from '@ringfence/plan'
import { didYouMean, nameHint } from '@ringfence/policy'
import type { Account, AccountRole, AccountUser } from '../account/account.js'
import type { Names } from '../words/names.js'

/** Somebody who is asked about: a user, or whoever may act as one of the roles. */
export interface Subject {
  /** `member ada`, `the role of team product`. */
  readonly called: string
  /** Empty for a member without any way in. */
  readonly principals: readonly (AccountUser | AccountRole)[]
}

/** What could not be asked, with what to do about it. */
export interface Problem {
  readonly code: 'MEMBER_UNKNOWN' | 'ACTION_UNKNOWN' | 'RESOURCE_UNKNOWN'
  readonly message: string
  readonly hint?: string
}

/** The members of teams that have neither a user nor a role of their own, by team: they act as the team's role. */
export function federatedMembers(
  account: Account,
  access: AccessSummary | undefined,
): ReadonlyMap<string, readonly string[]> {
  const own = new Set([...account.users, ...account.roles].flatMap(({ declared }) => declared ?? []))
  return new Map(
    Object.entries(access?.teams ?? {}).map(([team, members]) => [
      team,
      members.filter((name) => !own.has(`member/${name}`)),
    ]),
  )
}

/**
 * Finds whom a text names: a member (`ada`, `member/ada`), `team/product` (its role), `platform/training`, `role/NAME`
 * or `user/NAME` of AWS, or an ARN.
 */
export function findSubject(
  text: string,
  account: Account,
  names: Names,
  access?: AccessSummary,
): { readonly subject: Subject } | { readonly problem: Problem } {
  const all = [...account.users, ...account.roles]
  const of = (principals: readonly (AccountUser | AccountRole)[]): { readonly subject: Subject } => ({
    subject: { called: names.principal(principals[0]!.arn) ?? principals[0]!.arn, principals },
  })
  const exact = all.filter(
    ({ arn, declared, kind, name }) =>
      arn === text || (declared !== 'administrator' && declared === text) || `${kind}/${name}` === text,
  )
  if (exact.length > 0) return of(exact.slice(0, 1))
  const name = text.startsWith('member/') ? text.slice('member/'.length) : text
  const member = all.find(({ declared }) => declared === `member/${name}`)
  if (member) return of([member])
  if (access !== undefined && Object.hasOwn(access.members, name)) {
    const teams = Object.entries(access.teams).filter(([, members]) => members.includes(name))
    const roles = teams.flatMap(([team]) => all.filter(({ declared }) => declared === `team/${team}`))
    return { subject: { called: `member ${name}`, principals: roles } }
  }
  const named = all.filter((one) => one.name === text)
  if (named.length === 1) return of(named)
  return { problem: unknownSubject(text, account, access, named.length > 1) }
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function unknownSubject(
  text: string,
  account: Account,
  access: AccessSummary | undefined,
  several: boolean,
): Problem {
  if (several)
    return {
      code: 'MEMBER_UNKNOWN',
      message: `${JSON.stringify(text)} is the name of a user and of a role`,
      hint: `user/${text} or role/${text}`,
    }
  const known = [
    ...Object.keys(access?.members ?? {}),
    ...[...account.users, ...account.roles].flatMap(({ declared, kind, name }) =>
      declared === undefined || declared === 'administrator' ? [`${kind}/${name}`] : [declared],
    ),
  ]
  const hint = didYouMean(text, known.map(lastPart)) ?? nameHint(text, known)
  return {
    code: 'MEMBER_UNKNOWN',
    message: `there is no member, team, platform, user or role ${JSON.stringify(text)}`,
    ...(hint === undefined ? {} : { hint }),
  }
}
