import type { Statement } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole, AccountUser } from '../account/account.js'
import { layersOf } from '../account/layers-of.js'
import { namesOf } from '../words/names.js'
import { listWords } from '../words/value-words.js'
import { answerOf, linesOf, type AccessAnswer, type AnswerOptions, type Lines } from './answer.js'
import type { Target } from './asked.js'
import { doingsOn, SIGN_IN } from './doings.js'
import { identityStatements } from './identity-statements.js'
import { arnsInBucket, covers, mayOverlap } from './region.js'
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
    for (const { statement, ...target } of ownTargets(account, principal)) {
      const asked = ask(account, principal, target, lines, options)
      const answer = asked && throughStatement(asked, statement)
      const { actions, except = [], resources } = target.shape
      const shown = resources.map((one) => (one === '*' ? ANYTHING : names.resource(one)))
      const on = `${listWords([...new Set(shown)], 'or')}${except.length > 0 && !shown.includes(ANYTHING) ? ' (others than those above)' : ''}`
      if (answer) yield { on, can: listWords(shownActions(actions), 'and'), principal: principal.arn, answer }
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

/** Without asking the prover: some statement that allows may be about it, or its own policy allows somebody. */
export function mayReach(
  account: Account,
  principal: AccountUser | AccountRole,
  resource: AccountResource | AccountRole,
): boolean {
  const { isUnknown, statements } = identityStatements(account, principal)
  if (isUnknown || resource.kind === 'role') return true
  const document = resource.policy?.document as { readonly Statement?: unknown } | undefined
  if (resource.policy && !document) return true
  const own = [document?.Statement ?? []].flat() as readonly { readonly Effect?: unknown }[]
  if (resource.kind !== 'key' && own.some(({ Effect }) => Effect === 'Allow')) return true
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

/** Beyond them what is not described is not told apart from what is. */
const MOST_KNOWN = 200

/** The shapes of the statements that allow something on what has no policy of its own here. */
function* ownTargets(
  account: Account,
  principal: AccountUser | AccountRole,
): Generator<Target & { readonly statement: Statement }> {
  const { statements } = identityStatements(account, principal)
  for (const statement of statements) {
    const { action, effect, resource } = statement
    if (effect === 'Deny' || !resource || resource.negated) continue
    const actions = action.negated ? ['*'] : action.patterns.map(({ source }) => source)
    const asked = resource.patterns.map(({ source }) => source)
    const known = knownArns(account).filter((arn) => asked.some((one) => mayOverlap(one, arn)))
    const resources = asked.filter((one) => !known.some((arn) => covers(arn, one)))
    if (resources.length === 0) continue
    const except = actions.some((one) => /^(?:\*$|s3:|kms:|sts:|secretsmanager:)/i.test(one)) ? known : []
    if (except.length <= MOST_KNOWN) yield { shape: { actions, resources, except }, statement }
    else {
      const others = actions.filter((one) => !/^(?:\*$|s3:|kms:|sts:|secretsmanager:)/i.test(one))
      if (others.length > 0) yield { shape: { actions: others, resources }, statement }
    }
  }
}

/** What is asked about with its own policy. */
function knownArns(account: Account): readonly string[] {
  return account.resources.flatMap(({ arn, kind }) => (kind === 'bucket' ? [arn, `${arn}/*`] : [arn]))
}
