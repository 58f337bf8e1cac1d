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
  readonly answers: readonly AccessAnswer[]
}

/** What is asked of everybody: an account and, for a declared one, what its file says about members. */
export interface AskedAccount {
  readonly account: Account
  readonly access?: AccessSummary
}

/**
 * Who can do something: every user and role of the account, one after the other, and each kind of principal that it
 * does not describe, with any policies. An answer for each target that they can ask for at all; whoever can ask for none
 * is not told.
 */
export function* whoCan(
  { access, account }: AskedAccount,
  targets: readonly Target[],
  options: AnswerOptions,
): Generator<WhoCan> {
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
  for (const beside of principalsBeside(account, called)) {
    const { kind } = beside.who
    const asked = targets.flatMap((target) => {
      const shape = askedBy(kind, target.shape)
      return shape ? [{ ...target, shape }] : []
    })
    if (asked.length === 0) continue
    yield {
      called: besideWords(beside, called),
      principals: [],
      isBeside: true,
      answers: asked.map((target) =>
        answerOf(
          (take) => layersBeside(account, beside, target.resource, take),
          target.shape,
          lines,
          options,
          grantsTo(kind, account, target),
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

/** What one user, or the sessions of one role, can. */
export function answerOfPrincipal(
  account: Account,
  principal: AccountUser | AccountRole,
  target: Target,
  lines: Lines,
  options: AnswerOptions,
): AccessAnswer {
  return answerOf(
    (take) => layersOf(account, principal, target.resource, take),
    withoutSignIn(target.shape),
    lines,
    options,
    grantsTo(principal.kind, account, target),
  )
}

/** What a subject can, through any of the principals that it may act as: an answer for each, and for each target. */
export function can(
  { account }: AskedAccount,
  subject: Subject,
  targets: readonly Target[],
  options: AnswerOptions,
): readonly AccessAnswer[] {
  const lines = linesOf(account)
  return subject.principals.flatMap((principal) =>
    targets.map((target) => answerOfPrincipal(account, principal, target, lines, options)),
  )
}
