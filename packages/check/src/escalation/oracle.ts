import type { AccessQuestion, ContextValue, Proof } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole, AccountUser } from '../account/account.js'
import type { LayerUnknown, TakeUnknown } from '../account/layers-of.js'
import { layersOf } from '../account/layers-of.js'
import { readNamed } from '../account/read-policies.js'
import { settle, type Asking } from '../account/undecided.js'
import { unknownWords } from '../account/unknown-words.js'
import type { AccessOracle, Answer, FixedKeys, Subject } from './access-oracle.js'
import type { SignIn } from './offer.js'
import { Refusals } from './refusals.js'
import { keysOfFactor } from './second-factor.js'
import { allowing } from './region.js'
import { matcher } from './text-matcher.js'
import { mentionedTags } from './mentioned.js'
import { statementsOf } from './strengthen.js'

/** Proves that no request of a question is allowed, or finds one that is: `proveNothingAllowed` with its options. */
export type ProveNothingAllowed = (question: AccessQuestion) => Proof

type Question = Omit<AccessQuestion, 'within'>

/**
 * The oracle that asks the prover about the policies of an account. It remembers what it was asked about one and the
 * same subject.
 */
export function oracleOf(account: Account, prove: ProveNothingAllowed): AccessOracle {
  return new ProvingOracle(account, prove)
}

class ProvingOracle implements AccessOracle {
  private readonly remembered = new WeakMap<object, Map<string, Answer>>()
  private readonly questions = new WeakMap<
    Subject,
    Map<string, readonly [Question, readonly LayerUnknown[]]>
  >()
  private readonly withPolicies: readonly AccountResource[]
  private readonly principalTags: readonly string[]
  private readonly refusals: Refusals

  constructor(
    private readonly account: Account,
    private readonly prove: ProveNothingAllowed,
  ) {
    this.withPolicies = account.resources.filter(({ policy }) => policy !== undefined)
    this.refusals = new Refusals(account)
    this.principalTags = mentionedTags(account).ofPrincipals
  }

  can(subject: Subject, action: string, resource: string, keys: FixedKeys = {}): Answer {
    if (this.refusals.isRefused(subject.principal, action)) return { answer: 'no' }
    return withNeeds(this.canAtAll(subject, action, resource, keys), subject)
  }

  private canAtAll(subject: Subject, action: string, resource: string, keys: FixedKeys): Answer {
    return this.once(subject, JSON.stringify([action, resource, keys]), () => {
      const own = this.withPolicies.filter(({ arn }) => meet(arn, resource))
      const [exact] = own
      // Nothing but the one resource, so its policy is always part of the decision.
      if (own.length === 1 && exact?.arn === resource)
        return this.about(subject, exact, action, resource, keys)
      const rest = this.about(subject, undefined, action, resource, keys)
      if (rest.answer === 'yes') return rest
      const answers = own.map((one) => this.about(subject, one, action, one.arn, keys))
      return answers.find(({ answer }) => answer === 'yes') ?? answers.find(isUnknown) ?? rest
    })
  }

  canAssume(subject: Subject, role: AccountRole, action: 'sts:AssumeRole' | 'sts:TagSession'): Answer {
    if (this.refusals.isRefused(subject.principal, action)) return { answer: 'no' }
    const answer = this.once(subject, `${action} ${role.arn}`, () =>
      this.about(subject, role, action, role.arn, {}),
    )
    return withNeeds(answer, subject)
  }

  canServe(service: string, role: AccountRole): Answer {
    const who = { kind: 'service', only: [service] } as const
    const keys = { 'aws:SourceAccount': this.account.account }
    return this.once(role, service, () => this.trusts(role, { who, keys }, 'sts:AssumeRole'))
  }

  canSignIn(signIn: SignIn, role: AccountRole): Answer {
    const { action, claims, provider } = signIn
    const who = { kind: 'provider', only: [provider] } as const
    return this.once(role, JSON.stringify(signIn), () => this.trusts(role, { who, keys: claims }, action))
  }

  canAny(principals: readonly (AccountUser | AccountRole)[], actions: readonly string[]): Answer['answer'] {
    const [first] = principals
    const left =
      first === undefined ? [] : actions.filter((action) => !this.refusals.isRefused(first, action))
    if (first === undefined || left.length === 0) return 'no'
    const { question } = layersOf(this.account, first, undefined, 'everything')
    const { keys: _, ...bare } = question
    const who = { kind: bare.who.kind, only: principals.map(({ arn }) => arn) }
    const plain = answerOf(this.prove({ ...bare, who, within: allowing(left, '*') }))
    if (plain.answer !== 'no') return plain.answer
    const services = new Set(left.map(serviceOf))
    for (const resource of this.withPolicies) {
      if (!services.has(resource.arn.split(':')[2] ?? '')) continue
      const around = layersOf(this.account, first, resource, 'everything').question
      const { answer } = answerOf(this.prove({ ...around, who, within: allowing(left, resource.arn) }))
      if (answer !== 'no') return answer
    }
    return 'no'
  }

  /** Whether a trust policy by itself lets somebody in who is no user or role. */
  private trusts(role: AccountRole, asking: Pick<Question, 'who' | 'keys'>, action: string): Answer {
    const read = readNamed(role.trust, 'trust')
    if ('unknown' in read) return { answer: 'unknown', reason: unknownWords(read.unknown) }
    const { account } = this
    const of: Asking = { account, kind: asking.who.kind, isOwn: false, resource: role }
    const ask = (most: boolean): readonly [Answer, string | undefined] => {
      const { policy, reasons } = settle(read.policy, of, most)
      const layers = { resourcePolicy: policy }
      const within = allowing([action], role.arn)
      const proof = this.prove({ ...asking, layers, resourceAccount: account.account, within })
      return [answerOf(proof), reasons[0]]
    }
    const [known, reason] = ask(false)
    if (reason === undefined || known.answer === 'yes') return known
    const [most] = ask(true)
    return most.answer === 'no'
      ? most
      : { answer: 'unknown', reason: unknownWords({ about: role.trust.name, reason }) }
  }

  private about(
    subject: Subject,
    resource: AccountResource | AccountRole | undefined,
    action: string,
    pattern: string,
    keys: FixedKeys,
  ): Answer {
    const within = allowing([action], pattern)
    const ask = (take: TakeUnknown): readonly [Answer, readonly LayerUnknown[]] => {
      const [question, gaps] = this.question(subject, resource, take)
      return [answerOf(this.prove({ ...question, within, keys: { ...question.keys, ...keys } })), gaps]
    }
    const [known, gaps] = ask('nothing')
    const [gap] = gaps
    if (gap === undefined) return known
    const mayDeny = gaps.find(({ isBounded }) => isBounded !== true)
    if (known.answer === 'yes')
      return mayDeny === undefined ? known : { ...known, unless: unknownWords(mayDeny) }
    const [most] = ask('everything')
    return most.answer === 'no' ? most : { answer: 'unknown', reason: unknownWords(gap) }
  }

  /** The policies around requests of a subject, and what of them is not known. */
  private question(
    subject: Subject,
    resource: AccountResource | AccountRole | undefined,
    take: TakeUnknown,
  ): readonly [Question, readonly LayerUnknown[]] {
    let known = this.questions.get(subject)
    if (known === undefined) this.questions.set(subject, (known = new Map()))
    const key = `${take} ${resource?.arn ?? ''}`
    let found = known.get(key)
    if (found === undefined) {
      const { question, unknowns } = layersOf(this.account, subject.principal, resource, take)
      found = [this.adapt(subject, question), unknowns]
      known.set(key, found)
    }
    return found
  }

  /** Says who is meant by a name that is still to be picked, and which tags are fixed. */
  private adapt({ factor, freeTags, principal }: Subject, question: Question): Question {
    const { kind, arn } = principal
    const who = arn.includes('*')
      ? {
          kind: question.who.kind,
          account: this.account.account,
          only: [arn],
          except: (kind === 'user' ? this.account.users : this.account.roles).map((one) => one.arn),
        }
      : question.who
    const keys: Record<string, ContextValue | null> = {
      ...question.keys,
      ...(factor === undefined ? {} : keysOfFactor[factor]),
    }
    const isFixed = principal.kind === 'role' && principal.tags !== undefined && !letsTagSessions(principal)
    const tags = new Map(
      Object.entries(principal.tags ?? {}).map(([tag, value]) => [tag.toLowerCase(), value]),
    )
    for (const tag of this.principalTags) {
      const key = `aws:principaltag/${tag}`
      if (freeTags?.has(tag) === true) delete keys[key]
      else if (isFixed) keys[key] = tags.get(tag) ?? null
    }
    return { ...question, who, keys }
  }

  private once(about: object, key: string, find: () => Answer): Answer {
    let known = this.remembered.get(about)
    if (known === undefined) this.remembered.set(about, (known = new Map()))
    let answer = known.get(key)
    if (answer === undefined) known.set(key, (answer = find()))
    return answer
  }
}

/** Nobody knows whether the caller has the second factor that it may take. */
function withNeeds(answer: Answer, { factor, principal: { kind, name } }: Subject): Answer {
  if (factor !== 'perhaps' || answer.answer !== 'yes') return answer
  return { ...answer, needs: `a way to be ${kind}/${name} with MFA` }
}

function isUnknown(answer: Answer): boolean {
  return answer.answer === 'unknown'
}

function answerOf(proof: Proof): Answer {
  if (proof.proof === 'proved') return { answer: 'no' }
  if (proof.proof === 'refuted') return { answer: 'yes', resource: proof.request.resource }
  return { answer: 'unknown', reason: proof.reason }
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'))
}

/** Whether a trust policy says anything about tags of sessions; else nobody but AWS sets them. */
function letsTagSessions({ trust }: AccountRole): boolean {
  if (trust.document === undefined) return true
  return statementsOf(trust).some(
    ({ Action, NotAction }) =>
      NotAction !== undefined ||
      [Action].flat().some((one) => typeof one === 'string' && /[*?]|:tagsession$/i.test(one)),
  )
}

/** Whether some text is of both patterns, of which one at most has to have stars for it to be exact. */
function meet(one: string, other: string): boolean {
  if (one === other || other === '*') return true
  if (other.includes('*')) return matcher(other).test(one) || (one.includes('*') && matcher(one).test(other))
  return one.includes('*') && matcher(one).test(other)
}
