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
  const places = [...older.resources, ...roles, undefined]
  for (const asker of askersOf(older))
    for (const place of places) {
      const [before, after] = [older, newer].map((account) => {
        const { question } = asker.layers(account, place && placeIn(account, place))
        return Object.assign({}, question, { within: regionOf(older, place, question.who) })
      }) as [AccessQuestion, AccessQuestion]
      if (contentOf(before) === contentOf(after)) continue
      const name = `${asker.called} on ${place?.arn ?? 'everything else'}`
      yield* compare('wider', name, after, before, options)
      // What nobody was promised may go; services and identity providers were promised roles.
      if (asker.isDeclared || place?.kind === 'role') yield* compare('narrower', name, before, after, options)
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

const regions = new WeakMap<Account, Map<string, Policy>>()

/** The requests to one thing, or to all that have no policy of their own. */
function regionOf(account: Account, place: AccountResource | AccountRole | undefined, { kind }: Who): Policy {
  const known = regions.get(account) ?? new Map<string, Policy>()
  regions.set(account, known)
  const asserts = kind === 'provider'
  const name = `${asserts} ${place?.arn}`
  const existing = known.get(name)
  if (existing) return existing
  const all = account.resources.flatMap(arnsOf)
  const Statement = place
    ? { Effect: 'Allow', Action: actionsOn(place, asserts), Resource: arnsOf(place) }
    : { Effect: 'Allow', Action: '*', NotResource: all }
  const read = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'place' })
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
  known.set(name, read.policy)
  return read.policy
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
  return JSON.stringify([layers, keys], (key, value: unknown) =>
    key === 'name' || key === 'span' || key === 'index' || key === 'sid' ? undefined : value,
  )
}
