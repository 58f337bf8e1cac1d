import type { AccessQuestion, ContextValue, Policy, PolicyKind, PolicyLayers, Who } from '@ringfence/policy'
import { combinePublicAccessBlocks } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole, AccountUser, NamedPolicy, Unknown } from './account.js'
import { policyOf } from './policy-of.js'
import { identityPoliciesOf, managedPolicyOf, readNamed } from './read-policies.js'

/** A question without the requests that it is about, and what it leaves out because it is not known. */
export interface Layered {
  readonly question: Omit<AccessQuestion, 'within'>
  readonly unknowns: readonly Unknown[]
}

/**
 * What a policy that is not known counts as: `nothing`, or a policy that allows everything and everyone. `anything`: what
 * stands beside policies and allows, ACLs of buckets and grants on keys, counts so as well where it is not known.
 */
export type TakeUnknown = 'nothing' | 'everything' | 'anything'

/** With what all counts that is not known, where these may let somebody in beside policies: nothing more is allowed. */
export function widest(beside: readonly Unknown[]): TakeUnknown {
  return beside.length === 0 ? 'everything' : 'anything'
}

/**
 * The policies around requests of one user, or of the sessions of one role. With a resource: of requests to it, with
 * its own policy (of a role: its trust policy), its access block and its condition keys; without: of requests to what
 * has no policy of its own. Where the account's facts have gaps, `unknowns` has them and `take` says how they count;
 * a proof that nothing is allowed holds in spite of them under `everything`.
 */
export function layersOf(
  account: Account,
  principal: AccountUser | AccountRole,
  resource?: AccountResource | AccountRole,
  take: TakeUnknown = 'nothing',
): Layered {
  const reader = new LayerReader(take)
  const identityPolicies = reader.all(identityPoliciesOf(account, principal), 'identity')
  const { permissionsBoundary: boundary } = principal
  const layers: PolicyLayers = {
    identityPolicies,
    ...(boundary === undefined
      ? {}
      : { permissionsBoundary: reader.all([managedPolicyOf(account, boundary)], 'boundary') }),
    ...serviceControls(account, reader),
    ...aroundResource(account, resource, reader),
  }
  const { uniqueId } = principal
  const who: Who = {
    kind: principal.kind === 'user' ? 'user' : 'session',
    only: [principal.arn],
    ...(uniqueId === undefined ? {} : { uniqueId }),
  }
  const keys = { ...tagKeys(principal, layers), ...keysOf(resource) }
  return finish({ who, layers, resourceAccount: account.account }, keys, reader)
}

/**
 * The policies around requests of principals that the account does not describe. With `inAccount` its service
 * control policies hold for them. They have all the identity and session policies that they could have.
 */
export function layersAroundAny(
  account: Account,
  who: Who,
  inAccount: boolean,
  resource?: AccountResource | AccountRole,
  take: TakeUnknown = 'nothing',
): Layered {
  const reader = new LayerReader(take)
  const layers: PolicyLayers = {
    identityPolicies: [everything('identity')],
    // A session of a federated user has nothing without one.
    ...(who.kind === 'federatedUser' ? { sessionPolicies: [everything('session')] } : {}),
    ...(inAccount ? serviceControls(account, reader) : {}),
    ...aroundResource(account, resource, reader),
  }
  return finish({ who, layers, resourceAccount: account.account }, keysOf(resource), reader)
}

/** The ARNs that requests to a resource have, as patterns of an identity policy. */
export function arnsOf(resource: AccountResource | AccountRole): readonly string[] {
  return resource.kind === 'bucket' ? [resource.arn, `${resource.arn}/*`] : [resource.arn]
}

function finish(
  question: Omit<AccessQuestion, 'within' | 'keys'>,
  keys: Readonly<Record<string, ContextValue | null>>,
  { unknowns }: LayerReader,
): Layered {
  return { question: Object.keys(keys).length === 0 ? question : { ...question, keys }, unknowns }
}

/** Reads policies and collects what is not known. */
class LayerReader {
  readonly unknowns: Unknown[] = []

  constructor(private readonly take: TakeUnknown) {}

  get takesGrants(): boolean {
    return this.take === 'anything'
  }

  all(policies: readonly NamedPolicy[], kind: PolicyKind): Policy[] {
    return policies.flatMap((named) => {
      const read = readNamed(named, kind)
      if ('policy' in read) return [read.policy]
      this.unknowns.push(read.unknown)
      return this.take === 'nothing' ? [] : [everything(kind)]
    })
  }
}

/** What beside its policy may let somebody use a bucket or key, and is not known or not proved about. */
export function grantsBeside(
  { publicAccessBlock, unknowns }: Account,
  resource: AccountResource | AccountRole,
): readonly Unknown[] {
  if (resource.kind === 'key') return unknowns.filter(({ missing }) => missing === 'keyGrants')
  if (resource.kind !== 'bucket') return []
  const { arn, publicAcl = [] } = resource
  const open = unknowns.filter(({ about, missing }) => missing === 'acl' && about === arn)
  const block = combinePublicAccessBlocks(publicAccessBlock, resource.publicAccessBlock)
  if (publicAcl.length === 0 || block.ignorePublicAcls) return open
  const reason = `its ACL grants something to ${publicAcl.join(' and ')}`
  return open.concat({ about: arn, reason, missing: 'acl' })
}

const opened = new WeakMap<Policy, Policy>()

/** The policy, and all that it does not deny. */
function withEverything(policy: Policy | undefined): Policy {
  const all = everything('resource')
  if (policy === undefined) return all
  let made = opened.get(policy)
  if (made === undefined)
    opened.set(policy, (made = { ...policy, statements: [...policy.statements, ...all.statements] }))
  return made
}

const withPrincipal: ReadonlySet<PolicyKind> = new Set(['resource', 'trust', 'resourceControl'])
const allowed = new Map<PolicyKind, Policy>()

/** A policy of the kind that allows everything, to everyone. */
export function everything(kind: PolicyKind): Policy {
  let policy = allowed.get(kind)
  if (policy === undefined) {
    const Statement = {
      Effect: 'Allow',
      Action: kind === 'trust' ? 'sts:*' : '*',
      ...(kind === 'trust' ? {} : { Resource: '*' }),
      ...(withPrincipal.has(kind) ? { Principal: '*' } : {}),
    }
    policy = policyOf(Statement, 'any policy', kind)
    allowed.set(kind, policy)
  }
  return policy
}

function serviceControls(
  { managementAccount, serviceControlPolicies }: Account,
  reader: LayerReader,
): Pick<PolicyLayers, 'serviceControlPolicies' | 'managementAccount'> {
  return {
    ...(serviceControlPolicies === undefined
      ? {}
      : {
          serviceControlPolicies: serviceControlPolicies.map((level) => reader.all(level, 'serviceControl')),
        }),
    ...(managementAccount === undefined ? {} : { managementAccount }),
  }
}

function aroundResource(
  account: Account,
  resource: AccountResource | AccountRole | undefined,
  reader: LayerReader,
): PolicyLayers {
  const { managementAccount, resourceControlPolicies } = account
  const [policy] =
    resource === undefined
      ? []
      : resource.kind === 'role'
        ? reader.all([resource.trust], 'trust')
        : reader.all(resource.policy === undefined ? [] : [resource.policy], 'resource')
  const isOpen = resource !== undefined && reader.takesGrants && grantsBeside(account, resource).length > 0
  const resourcePolicy = isOpen ? withEverything(policy) : policy
  return {
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    ...(resourceControlPolicies === undefined
      ? {}
      : {
          resourceControlPolicies: resourceControlPolicies.map((level) =>
            reader.all(level, 'resourceControl'),
          ),
        }),
    ...(resource?.kind === 'bucket'
      ? {
          publicAccessBlock: combinePublicAccessBlocks(account.publicAccessBlock, resource.publicAccessBlock),
        }
      : {}),
    ...(managementAccount === undefined ? {} : { managementAccount }),
  }
}

function keysOf(resource: AccountResource | AccountRole | undefined): Readonly<Record<string, ContextValue>> {
  return resource === undefined || resource.kind === 'role' ? {} : (resource.keys ?? {})
}

const TAG_KEY = 'aws:principaltag/'

/**
 * The tags of a user, and that it has no other ones that a policy asks for. Sessions can have tags of their own,
 * which take the place of the role's, so of them nothing is said.
 * [IAM User Guide, "Pass session tags in AWS STS"]
 */
function tagKeys(
  principal: AccountUser | AccountRole,
  layers: PolicyLayers,
): Readonly<Record<string, ContextValue | null>> {
  if (principal.kind !== 'user' || principal.tags === undefined) return {}
  const tags = new Map(
    Object.entries(principal.tags).map(([tag, value]) => [`${TAG_KEY}${tag}`.toLowerCase(), value]),
  )
  const keys: Record<string, ContextValue | null> = {}
  for (const policy of policiesOf(layers))
    for (const key of tagKeysOf(policy)) keys[key] = tags.get(key) ?? null
  return keys
}

function* policiesOf(layers: PolicyLayers): Generator<Policy> {
  yield* layers.identityPolicies ?? []
  yield* layers.permissionsBoundary ?? []
  if (layers.resourcePolicy !== undefined) yield layers.resourcePolicy
  for (const level of layers.serviceControlPolicies ?? []) yield* level
  for (const level of layers.resourceControlPolicies ?? []) yield* level
}

const tagKeysByPolicy = new WeakMap<Policy, readonly string[]>()

/** Condition keys about tags of the principal that a policy asks for, in lower case. */
function tagKeysOf(policy: Policy): readonly string[] {
  let keys = tagKeysByPolicy.get(policy)
  if (keys === undefined) {
    const found = new Set<string>()
    for (const { conditions } of policy.statements)
      for (const { key } of conditions)
        if (key.toLowerCase().startsWith(TAG_KEY)) found.add(key.toLowerCase())
    tagKeysByPolicy.set(policy, (keys = [...found]))
  }
  return keys
}
