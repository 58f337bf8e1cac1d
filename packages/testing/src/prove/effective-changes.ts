import {
  layersAroundAny,
  layersBeside,
  layersOf,
  principalsOutside,
  type Account,
  type AccountResource,
  type AccountRole,
  type Layered,
} from '@ringfence/check'
import {
  proveNoMore,
  readPolicy,
  type AccessQuestion,
  type Policy,
  type ProveOptions,
  type Who,
} from '@ringfence/policy'

/** A request that two accounts decide otherwise, or why that is not known. */
export interface EffectiveChange {
  readonly change: 'wider' | 'narrower' | 'unknown'
  readonly who: string
  readonly detail: string
}

/** Somebody and the policies around them in an account, for what has a policy of its own and for all the rest. */
interface Asker {
  readonly called: string
  /** As the file has it; else whoever there may be, with any policies. */
  readonly isDeclared: boolean
  readonly layers: (account: Account, resource: AccountResource | AccountRole | undefined) => Layered
}

/**
 * All ways in which what an account allows differs from what another one does: for each declared principal with its
 * own policies, and for whoever else there may be with any, on everything. Both have the same principals and things.
 */
export function* effectiveChanges(
  older: Account,
  newer: Account,
  options: ProveOptions,
): Generator<EffectiveChange> {
  // What the trust policies of roles from elsewhere say is not known.
  const roles = older.roles.filter(({ trust }) => trust.document !== undefined)
  const places: readonly Place[] = [...older.resources, ...roles, 'other keys', undefined]
  for (const asker of askersOf(older))
    for (const place of places) {
      const [before, after] = [older, newer].map((account) => questionOf(asker, account, older, place)) as [
        AccessQuestion,
        AccessQuestion,
      ]
      if (contentOf(before) === contentOf(after)) continue
      const name = `${asker.called} on ${nameOf(place)}`
      yield* compare('wider', name, after, before, options)
      // What nobody was promised may go; services and identity providers were promised roles.
      if (asker.isDeclared || isRole(place)) yield* compare('narrower', name, before, after, options)
    }
}

function* compare(
  change: 'wider' | 'narrower',
  who: string,
  more: AccessQuestion,
  less: AccessQuestion,
  options: ProveOptions,
): Generator<EffectiveChange> {
  const proof = proveNoMore(more, less, options)
  if (proof.proof === 'refuted') yield { change, who, detail: JSON.stringify(proof.request) }
  if (proof.proof === 'unknown') yield { change: 'unknown', who, detail: proof.reason }
}

function askersOf(account: Account): readonly Asker[] {
  const declared = [...account.users, ...account.roles].map((principal): Asker => {
    const same = ({ roles, users }: Account): typeof principal =>
      [...users, ...roles].find(({ arn }) => arn === principal.arn)!
    return {
      called: principal.arn,
      isDeclared: true,
      layers: (of, resource) => layersOf(of, same(of), resource, 'everything'),
    }
  })
  const inside = (['user', 'session', 'federatedUser'] as const).map((kind): Asker => {
    const who = { kind, account: account.account }
    return {
      called: `any ${kind} of the account`,
      isDeclared: false,
      layers: (of, resource) => layersAroundAny(of, who, true, resource, 'everything'),
    }
  })
  const outside = principalsOutside(account).map((beside): Asker => {
    return {
      called: beside.called,
      isDeclared: false,
      layers: (of, resource) => layersBeside(of, beside, resource, 'everything'),
    }
  })
  return [...declared, ...inside, ...outside]
}

function placeIn(account: Account, { arn }: { readonly arn: string }): AccountResource | AccountRole {
  return [...account.resources, ...account.roles].find((place) => place.arn === arn)!
}

/** Something with a policy of its own, keys that are not of the plan, or all the rest. */
type Place = AccountResource | AccountRole | 'other keys' | undefined

function nameOf(place: Place): string {
  return typeof place === 'object' ? place.arn : (place ?? 'everything else')
}

function isRole(place: Place): place is AccountRole {
  return typeof place === 'object' && place.kind === 'role'
}

function questionOf(asker: Asker, account: Account, names: Account, place: Place): AccessQuestion {
  const { question } = asker.layers(account, typeof place === 'object' ? placeIn(account, place) : undefined)
  const within = regionOf(names, place, question.who, asker.isDeclared)
  if (place !== 'other keys') return Object.assign({}, question, { within })
  // Their policies leave everything to the account.
  const layers = { ...question.layers, resourcePolicy: delegating(account) }
  return { ...question, layers, within }
}

const delegations = new Map<string, Policy>()

function delegating({ account, partition }: Account): Policy {
  const known = delegations.get(account)
  if (known) return known
  const Principal = { AWS: `arn:${partition}:iam::${account}:root` }
  const Statement = { Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }
  const made = read({ Version: '2012-10-17', Statement }, 'resource')
  delegations.set(account, made)
  return made
}

function read(document: unknown, kind: 'identity' | 'resource'): Policy {
  const result = readPolicy(document, { kind, name: 'place' })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.policy
}

const regions = new WeakMap<Account, Map<string, Policy>>()

/** The requests to a place. Buckets and keys that the plan does not have are nobody's concern but its own members'. */
function regionOf(account: Account, place: Place, { kind }: Who, isDeclared: boolean): Policy {
  const known = regions.get(account) ?? new Map<string, Policy>()
  regions.set(account, known)
  const asserts = kind === 'provider'
  const name = `${asserts} ${isDeclared} ${nameOf(place)}`
  const existing = known.get(name)
  if (existing) return existing
  const made = read(
    { Version: '2012-10-17', Statement: statementOf(account, place, asserts, isDeclared) },
    'identity',
  )
  known.set(name, made)
  return made
}

function statementOf(account: Account, place: Place, asserts: boolean, isDeclared: boolean): object {
  const allow = { Effect: 'Allow' }
  if (typeof place === 'object')
    return { ...allow, Action: actionsOn(place, asserts), Resource: arnsOf(place) }
  const keys = `arn:${account.partition}:kms:*:${account.account}:key/*`
  if (place === undefined) {
    const others = isDeclared ? account.resources.flatMap(arnsOf) : [`arn:${account.partition}:s3:::*`]
    return { ...allow, Action: '*', NotResource: [...others, keys] }
  }
  const aliases = account.resources.flatMap((one) => one.keys?.['kms:ResourceAliases'] ?? [])
  const Condition = { 'ForAllValues:StringNotEquals': { 'kms:ResourceAliases': aliases } }
  const none = { Effect: 'Deny', Action: '*', Resource: '*' }
  return isDeclared ? { ...allow, Action: 'kms:*', Resource: keys, Condition } : none
}

/** What a role's trust policy decides about; all else that is done with a role is up to identity policies. */
const TRUST_ACTIONS = ['sts:AssumeRole', 'sts:SetContext', 'sts:SetSourceIdentity', 'sts:TagSession']

/** These carry an assertion of an identity provider in place of a signature: nobody else sends them. */
const WITH_ASSERTION = ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity']

function actionsOn({ kind }: AccountResource | AccountRole, asserts: boolean): readonly string[] {
  if (kind === 'bucket') return ['s3:*']
  if (kind !== 'role') return ['kms:*']
  return asserts ? [...TRUST_ACTIONS, ...WITH_ASSERTION] : TRUST_ACTIONS
}

function arnsOf({ arn, kind }: AccountResource | AccountRole): string[] {
  return kind === 'bucket' ? [arn, `${arn}/*`] : [arn]
}

function contentOf({ keys, layers }: AccessQuestion): string {
  return JSON.stringify([layers, keys], (_, value: unknown) => (isPolicy(value) ? saidBy(value) : value))
}

function isPolicy(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && 'statements' in value
}

const said = new WeakMap<Policy, string>()

/** What a policy says, whatever it and its statements are called: the same policy is part of many questions. */
function saidBy(policy: Policy): string {
  let text = said.get(policy)
  if (text === undefined) {
    text = JSON.stringify(policy, (key, value: unknown) =>
      key === 'name' || key === 'span' || key === 'index' || key === 'sid' ? undefined : value,
    )
    said.set(policy, text)
  }
  return text
}
