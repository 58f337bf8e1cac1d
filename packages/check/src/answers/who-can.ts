import type { AccessSummary } from '@ringfence/plan'
import type { Account, AccountRole, AccountUser } from '../account/account.js'
import { layersOf } from '../account/layers-of.js'
import { layersBeside, principalsBeside, type Beside } from '../account/who-else.js'
import { namesOf } from '../words/names.js'
import { answerOf, linesOf, type AccessAnswer, type AnswerOptions, type Lines } from './answer.js'
import type { Target } from './asked.js'
import { grantsTo } from './grants-to.js'
import { askedBy, withoutSignIn } from './sign-in.js'
import { federatedMembers, type Subject } from './subjects.js'

/** Somebody, or a kind of principal that the account does not describe, and what they can. */
export interface WhoCan {
  readonly called: string
  /** ARNs; none for a kind of principals. */
  readonly principals: readonly string[]
  /** Not described by the account. */
  readonly isBeside: boolean
  readonly answers: readonly AskedAnswer[]
}

/** What is asked of everybody: an account and, for a declared one, what its file says about members. */
export interface AskedAccount {
  readonly account: Account
  readonly access?: AccessSummary
  /** Of a declared account: the name of the organization, under whose path its users and roles are. */
  readonly organization?: string
}

/**
 * Every kind of principal that the account does not describe. Service-linked roles are AWS's own. Of a declared account
 * nobody else is under its organization's path: making somebody there is changing the fence.
 */
export function strangersOf({ account, organization }: AskedAccount, called: string): readonly Beside[] {
  const own = `arn:${account.partition}:iam::${account.account}:`
  const absent = {
    user: organization === undefined ? [] : [`${own}user/ringfence/${organization}/*`],
    session: [
      'arn:*:iam::*:role/aws-service-role/*',
      ...(organization === undefined ? [] : [`${own}role/ringfence/${organization}/*`]),
    ],
  }
  return principalsBeside(account, called).map((one) => withoutThese(one, absent))
}

function withoutThese(one: Beside, absent: Readonly<Record<'user' | 'session', readonly string[]>>): Beside {
  const { except = [], kind } = one.who
  if (!one.inAccount || (kind !== 'user' && kind !== 'session')) return one
  return { ...one, who: { ...one.who, except: [...except, ...absent[kind]] } }
}

/**
 * Who can do something: every user and role of the account, one after the other, and each kind of principal that it
 * does not describe, with any policies. An answer for each target that they can ask for at all; whoever can ask for none
 * is not told.
 */
export function* whoCan(
  asked: AskedAccount,
  targets: readonly Target[],
  options: AnswerOptions,
): Generator<WhoCan> {
  const { access, account } = asked
  const names = namesOf(account)
  const lines = linesOf(account)
  const federated = federatedMembers(account, access)
  for (const principal of [...account.users, ...account.roles]) {
    const team =
      principal.declared?.startsWith('team/') === true ? principal.declared.slice('team/'.length) : undefined
    const members = team === undefined ? [] : (federated.get(team) ?? [])
    const called = names.principal(principal.arn) ?? principal.arn
    yield {
      called: members.length === 0 ? called : `${called} (${membersWords(members)})`,
      principals: [principal.arn],
      isBeside: false,
      answers: targets.map((target) => answerOfPrincipal(account, principal, target, lines, options)),
    }
  }
  const called = names.describedBy === 'file' ? 'not in the file' : 'not described'
  for (const beside of strangersOf(asked, called)) {
    const { kind } = beside.who
    const possible = targets.flatMap((target) => {
      const shape = askedBy(kind, target.shape)
      return shape ? [{ ...target, shape }] : []
    })
    if (possible.length === 0) continue
    yield {
      called: besideWords(beside, called),
      principals: [],
      isBeside: true,
      answers: possible.map((target) =>
        answerOn(target, () =>
          answerOf(
            (take) => layersBeside(account, beside, target.resource, take),
            target.shape,
            lines,
            options,
            grantsTo(kind, account, target),
          ),
        ),
      ),
    }
  }
}

const SHOWN_MEMBERS = 4

function membersWords(members: readonly string[]): string {
  const rest = members.length - SHOWN_MEMBERS
  return rest > 1 ? `${members.slice(0, SHOWN_MEMBERS).join(', ')} and ${rest} more` : members.join(', ')
}

/** Kinds of principals in words that say whether the account's description leaves them out. */
function besideWords({ called, who }: Beside, leftOut: string): string {
  if (who.kind === 'user' && who.account !== undefined) return `any user of the account who is ${leftOut}`
  if (who.kind === 'session' && who.account !== undefined) return `any role of the account that is ${leftOut}`
  return called
}

/** An answer and, where one question is about several things, which of them it is about. */
export type AskedAnswer = AccessAnswer & { readonly on?: string }

function answerOn({ leftOut, on }: Target, work: () => AccessAnswer): AskedAnswer {
  const answer: AccessAnswer =
    leftOut === undefined ? work() : { answer: 'unknown', reasons: [leftOut], ways: [] }
  return on === undefined ? answer : { ...answer, on }
}

/** What one user, or the sessions of one role, can. */
export function answerOfPrincipal(
  account: Account,
  principal: AccountUser | AccountRole,
  target: Target,
  lines: Lines,
  options: AnswerOptions,
): AskedAnswer {
  return answerOn(target, () =>
    answerOf(
      (take) => layersOf(account, principal, target.resource, take),
      withoutSignIn(target.shape),
      lines,
      options,
      grantsTo(principal.kind, account, target),
    ),
  )
}

/** What a subject can, through any of the principals that it may act as: an answer for each, and for each target. */
export function can(
  { account }: AskedAccount,
  subject: Subject,
  targets: readonly Target[],
  options: AnswerOptions,
): readonly AskedAnswer[] {
  const lines = linesOf(account)
  return subject.principals.flatMap((principal) =>
    targets.map((target) => answerOfPrincipal(account, principal, target, lines, options)),
  )
}
