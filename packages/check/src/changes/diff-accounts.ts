import type { Account, AccountResource, AccountRole, AccountUser } from '../account/account.js'
import { arnsOf, layersOf } from '../account/layers-of.js'
import { layersBeside, type Beside } from '../account/who-else.js'
import { mayReach } from '../answers/access-of.js'
import type { AnswerOptions } from '../answers/answer.js'
import { doingsOn, SIGN_IN, type DoingOn } from '../answers/doings.js'
import type { BesideKnown } from '../answers/beside-known.js'
import { arnsInBucket, type Shape } from '../answers/region.js'
import { strangersOf, type AskedAccount } from '../answers/who-can.js'
import { namesOf, type Names } from '../words/names.js'
import { listWords } from '../words/value-words.js'
import {
  changedGuardrails,
  changedStatements,
  requestsOf,
  type ChangedStatement,
} from './changed-statements.js'
import { identityContent, resourceContent, resourceControlContent, serviceControlContent } from './content.js'
import { differs, findDifference, type Difference, type Take } from './difference.js'
import { pairPrincipals, pairResources, type Pair } from './pairs.js'

/** What somebody, or every principal of a kind, can from now on or no longer. */
export interface AccessChangeProved {
  /** `member ada`, `a user of another account`. */
  readonly who: string
  /** ARN; absent for a kind of principals that neither account describes. */
  readonly principal?: string
  readonly change: 'gains' | 'loses'
  /** `read`, `write`, else actions. */
  readonly can: string
  /** `user-data-a`, `models/chat-base`, else an ARN. */
  readonly on: string
  /** What the file declares it as, if it is declared. */
  readonly declared?: { readonly who?: string; readonly on?: string }
  readonly difference: Exclude<Difference, { readonly found: 'none' }>
}

type Principal = AccountUser | AccountRole
type Thing = AccountResource | AccountRole

/** One side of a comparison. */
interface Side {
  readonly account: Account
  readonly principal?: Principal
  readonly resource?: Thing
}

/**
 * Who gains and who loses what between two accounts, in effect: for each principal of either and every kind that
 * neither describes, whether the one allows requests that the other does not, proved in both directions. What has the
 * same policies in both costs nothing.
 */
export function* diffAccounts(
  older: AskedAccount,
  newer: AskedAccount,
  options: AnswerOptions,
): Generator<AccessChangeProved> {
  const resources = pairResources(older.account, newer.account)
  const compared: Compared = {
    older: older.account,
    newer: newer.account,
    resources,
    known: resources.flatMap(arnsOfPair),
    changed: changedResources(resources, older.account, newer.account),
    guardrails: changedGuardrails(older.account, newer.account),
    options,
  }
  const names = { older: namesOf(older.account), newer: namesOf(newer.account) }
  for (const pair of pairPrincipals(older.account, newer.account)) {
    const asking = pair.newer ?? pair.older!
    const who = (pair.newer ? names.newer : names.older).principal(asking.arn) ?? asking.arn
    for (const change of changesOf(pair, compared))
      yield { who, principal: asking.arn, ...withDeclared(change, asking) }
  }
  yield* changesBeside(older, newer, compared)
}

/** What all principals are compared by. */
interface Compared {
  readonly older: Account
  readonly newer: Account
  readonly resources: readonly Pair<Thing>[]
  /** Their ARNs, as patterns. */
  readonly known: readonly string[]
  readonly changed: ChangedResources
  /** Statements of guardrails. */
  readonly guardrails: readonly ChangedStatement[]
  readonly options: AnswerOptions
}

/** The resources around which something else decides about requests of principals of the account, or of others. */
interface ChangedResources {
  readonly forOwn: ReadonlySet<Pair<Thing>>
  readonly forOthers: ReadonlySet<Pair<Thing>>
}

function changedResources(
  resources: readonly Pair<Thing>[],
  older: Account,
  newer: Account,
): ChangedResources {
  const all = new Set(resources)
  if (resourceControlContent(older) !== resourceControlContent(newer)) return { forOwn: all, forOthers: all }
  const forOthers = new Set(
    resources.filter(
      (pair) =>
        !pair.older ||
        !pair.newer ||
        resourceContent(older, pair.older) !== resourceContent(newer, pair.newer),
    ),
  )
  const isGuarded = serviceControlContent(older) !== serviceControlContent(newer)
  return { forOwn: isGuarded ? all : forOthers, forOthers }
}

function withDeclared(change: Change, { declared }: Principal): Change {
  return declared === undefined ? change : { ...change, declared: { ...change.declared, who: declared } }
}

type Change = Omit<AccessChangeProved, 'who' | 'principal'>

function* changesOf({ newer, older }: Pair<Principal>, compared: Compared): Generator<Change> {
  const { changed, guardrails, known, newer: newAccount, older: oldAccount, options, resources } = compared
  const sides = {
    older: { account: oldAccount, ...(older && { principal: comparable(older, newer) }) },
    newer: { account: newAccount, ...(newer && { principal: comparable(newer, older) }) },
  }
  const isSame = older && newer && identityContent(oldAccount, older) === identityContent(newAccount, newer)
  const statements = isSame === true ? [] : changedStatements(sides.older, sides.newer)
  for (const pair of resources) {
    const isAffected =
      changed.forOwn.has(pair) ||
      (statements.length > 0 &&
        arnsOfPair(pair).some((arn) => statements.some(({ touches }) => touches(arn))))
    if (!isAffected || !reaches(sides, pair)) continue
    yield* changesOn(withResource(sides.older, pair.older), withResource(sides.newer, pair.newer), options)
  }
  const own = requestsOf([...statements, ...guardrails], known, options.catalogue.services)
  yield* changesElsewhere(own, takeOf(sides.older), takeOf(sides.newer), newAccount, options)
}

/** On what has no policy of its own. */
function* changesElsewhere(
  requests: readonly BesideKnown[],
  older: Take | undefined,
  newer: Take | undefined,
  account: Account,
  options: AnswerOptions,
): Generator<Change> {
  for (const { leftOut, shape } of requests) {
    if (shape) yield* bothWays(older, newer, shape, shapeWords(shape, namesOf(account)), options)
    if (leftOut !== undefined)
      yield {
        change: 'gains',
        can: ALL_ACTIONS,
        on: WITHOUT_POLICY,
        difference: { found: 'unknown', reasons: [leftOut] },
      }
  }
}

/** Somebody who was deleted and made again has another unique ID, and is compared all the same. */
function comparable(one: Principal, other: Principal | undefined): Principal {
  if (other === undefined || one.uniqueId === other.uniqueId) return one
  const { uniqueId: _, ...rest } = one
  return rest
}

const SHOWN = 4

function some(items: readonly string[], what: string): string {
  const rest = items.length - SHOWN
  return listWords(rest > 1 ? [...items.slice(0, SHOWN), `${rest} more ${what}`] : items, 'and')
}

/** Of what has no policy of its own: actions by name, and what they are about. */
function shapeWords({ actions, resources }: Shape, names: Names): Pick<Change, 'can' | 'on'> {
  const can = actions.includes('*') ? ALL_ACTIONS : some(actions, 'actions')
  if (resources.includes('*')) return { can, on: WITHOUT_POLICY }
  return { can, on: some(resources.map(names.resource), 'resources') }
}

const ALL_ACTIONS = 'all actions'
const WITHOUT_POLICY = 'what has no policy of its own'

function withResource(side: Side, resource: Thing | undefined): Side {
  return resource ? { ...side, resource } : side
}

function arnsOfPair({ newer, older }: Pair<Thing>): readonly string[] {
  return arnsOf(newer ?? older!)
}

/** Without asking the prover: on one of the sides something may be allowed. */
function reaches(sides: { readonly older: Side; readonly newer: Side }, pair: Pair<Thing>): boolean {
  const one = ({ account, principal }: Side, resource: Thing | undefined): boolean =>
    principal !== undefined && resource !== undefined && mayReach(account, principal, resource)
  return one(sides.older, pair.older) || one(sides.newer, pair.newer)
}

/** A side without a principal, or without the resource that is asked for, allows nothing. */
function takeOf({ account, principal, resource }: Side): Take | undefined {
  return principal && ((unknown) => layersOf(account, principal, resource, unknown))
}

function* changesOn(older: Side, newer: Side, options: AnswerOptions): Generator<Change> {
  const resource = newer.resource ?? older.resource
  if (!resource) return
  const account = newer.resource ? newer.account : older.account
  const take = (side: Side): Take | undefined => (side.resource ? takeOf(side) : undefined)
  const doings = doingsOn(resource).filter((doing) => doing !== SIGN_IN)
  yield* perDoing(resource, account, doings, take(older), take(newer), options)
}

/** The changes on one resource, each kind of doing by itself; asked as a whole first. */
function* perDoing(
  resource: Thing,
  account: Account,
  doings: readonly DoingOn[],
  older: Take | undefined,
  newer: Take | undefined,
  options: AnswerOptions,
): Generator<Change> {
  const arns = arnsOf(resource)
  const service = resource.arn.split(':')[2] ?? '*'
  const asked = resource.kind === 'role' ? doings.flatMap(({ actions }) => actions) : [`${service}:*`]
  const whole: Shape = { actions: asked, resources: arns }
  const on = namesOf(account).of(resource)
  const isUnchanged =
    differs(newer, older, whole, options) === 'none' && differs(older, newer, whole, options) === 'none'
  if (isUnchanged) return
  const declared = resource.declared === undefined ? {} : { declared: { on: resource.declared } }
  let isTold = false
  for (const { actions, can } of doings) {
    const resources = resource.kind === 'bucket' ? arnsInBucket(resource.arn, actions) : arns
    for (const change of bothWays(older, newer, { actions, resources }, { can, on, ...declared }, options)) {
      isTold = true
      yield change
    }
  }
  // Actions that AWS is not known to have may have it one day, and a policy may speak of them.
  if (!isTold)
    yield* bothWays(older, newer, whole, { can: 'use with other actions', on, ...declared }, options)
}

function* bothWays(
  older: Take | undefined,
  newer: Take | undefined,
  shape: Shape,
  words: Pick<Change, 'can' | 'on' | 'declared'>,
  options: AnswerOptions,
): Generator<Change> {
  const gained = findDifference(newer, older, shape, options)
  if (gained.found !== 'none') yield { change: 'gains', ...words, difference: gained }
  const lost = findDifference(older, newer, shape, options)
  if (lost.found !== 'none') yield { change: 'loses', ...words, difference: lost }
}

/**
 * Kinds of principals that neither account describes: on resources whose policies changed and, where guardrails for
 * them did, on the rest.
 */
function* changesBeside(
  older: AskedAccount,
  newer: AskedAccount,
  { changed, guardrails, known, options }: Compared,
): Generator<AccessChangeProved> {
  const called =
    namesOf(newer.account).describedBy === 'file' ? 'that is not in the file' : 'that is not described'
  const olds = strangersOf(older, called)
  const elsewhere = requestsOf(guardrails, known, options.catalogue.services)
  for (const [index, one] of strangersOf(newer, called).entries()) {
    const beside = neitherDescribes(one, olds[index])
    const take =
      (account: Account, own?: Thing): Take =>
      (unknown) =>
        layersBeside(account, beside, own, unknown)
    for (const pair of beside.inAccount ? changed.forOwn : changed.forOthers) {
      const resource = pair.newer ?? pair.older!
      const account = pair.newer ? newer.account : older.account
      const doings = doingsOn(resource).filter(
        (doing) => (doing === SIGN_IN) === (beside.who.kind === 'provider'),
      )
      const [before, after] = [
        pair.older && take(older.account, pair.older),
        pair.newer && take(newer.account, pair.newer),
      ]
      for (const change of perDoing(resource, account, doings, before, after, options))
        yield { who: beside.called, ...change }
    }
    if (!beside.inAccount) continue
    const [before, after] = [take(older.account), take(newer.account)]
    for (const change of changesElsewhere(elsewhere, before, after, newer.account, options))
      yield { who: beside.called, ...change }
  }
}

function neitherDescribes(newer: Beside, older: Beside | undefined): Beside {
  const except = [...new Set([...(newer.who.except ?? []), ...(older?.who.except ?? [])])]
  return except.length === 0 ? newer : { ...newer, who: { ...newer.who, except } }
}
