import type { Statement } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole, AccountUser } from '../account/account.js'
import { layersOf } from '../account/layers-of.js'
import { readNamed } from '../account/read-policies.js'
import { namesOf, type Names } from '../words/names.js'
import { listWords } from '../words/value-words.js'
import { answerOf, linesOf, type AccessAnswer, type AnswerOptions, type Lines } from './answer.js'
import type { Target } from './asked.js'
import { besideKnown, knownArns, requestsAbout, type BesideKnown } from './beside-known.js'
import { doingsOn, SIGN_IN } from './doings.js'
import { identityStatements } from './identity-statements.js'
import { arnsInBucket, mayOverlap, type Shape } from './region.js'
import type { Subject } from './subjects.js'
import type { AskedAccount } from './who-can.js'

/** What a subject can do to one thing: never `no`. */
export interface Access {
  /** `user-data-a`, `models/chat-base`; else an ARN, perhaps with wildcards. */
  readonly on: string
  /** `read`, `change the settings of`; else actions. */
  readonly can: string
  readonly principal: string
  readonly answer: Exclude<AccessAnswer, { readonly answer: 'no' }>
}

/**
 * All that a subject can do: to each bucket, key and other thing with a policy of its own, each kind of doing by
 * itself, and to what has none, each statement by itself.
 */
export function* accessOf(
  { account }: AskedAccount,
  subject: Subject,
  options: AnswerOptions,
): Generator<Access> {
  const lines = linesOf(account)
  const names = namesOf(account)
  for (const principal of subject.principals) {
    for (const resource of [...account.resources, ...account.roles]) {
      if (!mayReach(account, principal, resource)) continue
      for (const { actions, can } of doingsOn(resource).filter((doing) => doing !== SIGN_IN)) {
        const resources = resource.kind === 'bucket' ? arnsInBucket(resource.arn, actions) : [resource.arn]
        const target = { resource, shape: { actions, resources } }
        const answer = ask(account, principal, target, lines, options)
        if (answer) yield { on: names.of(resource), can, principal: principal.arn, answer }
      }
    }
    for (const { leftOut, shape, statement } of ownRequests(account, principal, options)) {
      const answer = shape && ask(account, principal, { shape }, lines, options)
      if (shape && answer)
        yield {
          ...ownWords(shape, names),
          principal: principal.arn,
          answer: throughStatement(answer, statement),
        }
      if (leftOut !== undefined) {
        const unknown = { answer: 'unknown', reasons: [leftOut], ways: [] } as const
        yield { on: ANYTHING, can: LEFT_OUT, principal: principal.arn, answer: unknown }
      }
    }
  }
}

function ask(
  account: Account,
  principal: AccountUser | AccountRole,
  { resource, shape }: Target,
  lines: Lines,
  options: AnswerOptions,
): Access['answer'] | undefined {
  const answer = answerOf((take) => layersOf(account, principal, resource, take), shape, lines, options)
  return answer.answer === 'no' ? undefined : answer
}

/** Without the ways that other statements give to some of the same actions: these are told with them. */
function throughStatement(answer: Access['answer'], statement: Statement): Access['answer'] {
  const ways = answer.ways.filter(({ grants }) => grants.some((grant) => grant.statement === statement))
  return ways.length === 0 ? answer : { ...answer, ways }
}

const SHOWN_ACTIONS = 6

function shownActions(actions: readonly string[]): readonly string[] {
  const rest = actions.length - SHOWN_ACTIONS
  return rest > 1 ? [...actions.slice(0, SHOWN_ACTIONS), `${rest} more actions`] : actions
}

const ANYTHING = 'all that is not named above'
const LEFT_OUT = 'more'

/** Without asking the prover: some statement that allows may be about it, or its own policy may let them in by itself. */
export function mayReach(
  account: Account,
  principal: AccountUser | AccountRole,
  resource: AccountResource | AccountRole,
): boolean {
  const { isUnknown, statements } = identityStatements(account, principal)
  if (isUnknown || resource.kind === 'role') return true
  const read = resource.policy && readNamed(resource.policy, 'resource')
  if (read && 'unknown' in read) return true
  if (read?.policy.statements.some((statement) => mayLetIn(statement, principal))) return true
  return statements.some(
    ({ effect, resource: about }) =>
      effect === 'Allow' &&
      (!about ||
        about.negated ||
        about.patterns.some(({ source }) =>
          [resource.arn, `${resource.arn}/*`].some((arn) => mayOverlap(source, arn)),
        )),
  )
}

/** Whoever lets in the whole account leaves it to policies of the account's own. */
function mayLetIn(
  { effect, principal: named }: Statement,
  { arn, kind }: AccountUser | AccountRole,
): boolean {
  if (effect === 'Deny' || !named) return false
  if (named.negated) return true
  return named.entries.some((entry) => {
    switch (entry.type) {
      case 'user':
      case 'role':
        return entry.source === arn
      case 'session':
        return kind === 'role'
      case 'everyone':
      case 'uniqueId':
        return true
      case 'account':
      case 'federatedUser':
      case 'service':
      case 'federated':
      case 'canonicalUser':
        return false
    }
  })
}

/** What the statements that allow something are about beside what has a policy of its own here. */
function* ownRequests(
  account: Account,
  principal: AccountUser | AccountRole,
  { catalogue }: AnswerOptions,
): Generator<BesideKnown & { readonly statement: Statement }> {
  const known = knownArns(account)
  for (const statement of identityStatements(account, principal).statements) {
    if (statement.effect === 'Deny' || !statement.resource) continue
    yield { ...besideKnown(requestsAbout(statement), known, catalogue.services), statement }
  }
}

function ownWords({ actions, except = [], resources }: Shape, names: Names): Pick<Access, 'on' | 'can'> {
  const shown = resources.map((one) => (one === '*' ? ANYTHING : names.resource(one)))
  const others = except.length > 0 && !shown.includes(ANYTHING) ? ' (others than those above)' : ''
  return {
    on: `${listWords([...new Set(shown)], 'or')}${others}`,
    can: listWords(shownActions(actions), 'and'),
  }
}
