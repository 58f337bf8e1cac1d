import type { AccessQuestion, ContextValue, Policy, PolicyKind, PolicyLayers, Who } from '@ringfence/policy'
import { combinePublicAccessBlocks } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole, AccountUser, NamedPolicy, Unknown } from './account.js'
import { policyOf } from './policy-of.js'
import { identityPoliciesOf, managedPolicyOf, readNamed } from './read-policies.js'
import { settle, type Asking } from './undecided.js'
import { namingProviders, signedInBeside, signedInTo, type MayBeFrom } from './signed-in.js'

/** A question without the requests that it is about, and what it leaves out because it is not known. */
export interface Layered {
  readonly question: Omit<AccessQuestion, 'within'>
  readonly unknowns: readonly LayerUnknown[]
}

/**
 * `isBounded`: counted as `nothing` it denies all that it may, and allows nothing that it may not, so that what is
 * allowed then is certain. Of what else is not known nobody can tell what it denies.
 */
export interface LayerUnknown extends Unknown {
  readonly isBounded?: true
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
  const kind = principal.kind === 'user' ? 'user' : 'session'
  const reader = new LayerReader(take, { account, kind, isOwn: true, resource })
  const identityPolicies = reader.all(identityPoliciesOf(account, principal), 'identity')
  const { permissionsBoundary: boundary } = principal
  const layers: PolicyLayers = {
    identityPolicies,
    ...(boundary === undefined
      ? {}
      : { permissionsBoundary: reader.all([managedPolicyOf(account, boundary)], 'boundary') }),
    ...serviceControls(account, reader),
    ...aroundResource(
      account,
      resource,
      reader,
      principal.kind === 'role' ? signedInTo(principal) : undefined,
    ),
  }
  const { uniqueId } = principal
  const who: Who = {
    kind,
    only: [principal.arn],
    ...(uniqueId === undefined ? {} : { uniqueId }),
  }
  const keys = {
    ...tagKeys(principal, layers),
    ...organizationKeys(account, true, layers),
    ...keysOf(resource),
  }
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
  const isOwn = inAccount || who.account === account.account
  const reader = new LayerReader(take, { account, kind: who.kind, isOwn, resource })
  const layers: PolicyLayers = {
    identityPolicies: [everything('identity')],
    // A session of a federated user has nothing without one.
    ...(who.kind === 'federatedUser' ? { sessionPolicies: [everything('session')] } : {}),
    ...(inAccount ? serviceControls(account, reader) : {}),
    ...aroundResource(account, resource, reader, who.kind === 'session' ? signedInBeside(who) : undefined),
  }
  const keys = { ...organizationKeys(account, isOwn, layers), ...keysOf(resource) }
  return finish({ who, layers, resourceAccount: account.account }, keys, reader)
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
  readonly unknowns: LayerUnknown[] = []

  constructor(
    private readonly take: TakeUnknown,
    private readonly asking: Asking,
  ) {}

  get takesGrants(): boolean {
    return this.take === 'anything'
  }

  all(policies: readonly NamedPolicy[], kind: PolicyKind): Policy[] {
    return policies.flatMap((named) => {
      const read = readNamed(named, kind)
      if ('unknown' in read) {
        this.unknowns.push(read.unknown)
        return this.take === 'nothing' ? [] : [everything(kind)]
      }
      const { policy, reasons } = settle(read.policy, this.asking, this.take !== 'nothing')
      for (const reason of reasons) this.unknowns.push({ about: named.name, reason, isBounded: true })
      return [policy]
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
  mayBeFrom: MayBeFrom | undefined,
): PolicyLayers {
  const { managementAccount, resourceControlPolicies } = account
  const [read] =
    resource === undefined
      ? []
      : resource.kind === 'role'
        ? reader.all([resource.trust], 'trust')
        : reader.all(resource.policy === undefined ? [] : [resource.policy], 'resource')
  const policy = read && mayBeFrom ? namingProviders(read, mayBeFrom) : read
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
    for (const key of keysAskedFor(policy)) if (key.startsWith(TAG_KEY)) keys[key] = tags.get(key) ?? null
  return keys
}

/** The organization of the account and of who is of it, where some policy asks for it. */
function organizationKeys(
  { organization }: Account,
  isOwn: boolean,
  layers: PolicyLayers,
): Readonly<Record<string, ContextValue>> {
  if (organization === undefined) return {}
  const names = ['aws:resourceorgid', ...(isOwn ? ['aws:principalorgid'] : [])]
  const asked = new Set([...policiesOf(layers)].flatMap(keysAskedFor))
  return Object.fromEntries(names.filter((name) => asked.has(name)).map((name) => [name, organization]))
}

function* policiesOf(layers: PolicyLayers): Generator<Policy> {
  yield* layers.identityPolicies ?? []
  yield* layers.permissionsBoundary ?? []
  if (layers.resourcePolicy !== undefined) yield layers.resourcePolicy
  for (const level of layers.serviceControlPolicies ?? []) yield* level
  for (const level of layers.resourceControlPolicies ?? []) yield* level
}

const keysByPolicy = new WeakMap<Policy, readonly string[]>()

/** Condition keys that a policy asks for, in lower case. */
function keysAskedFor(policy: Policy): readonly string[] {
  let keys = keysByPolicy.get(policy)
  if (keys === undefined) {
    const found = policy.statements.flatMap(({ conditions }) =>
      conditions.map(({ key }) => key.toLowerCase()),
    )
    keysByPolicy.set(policy, (keys = [...new Set(found)]))
  }
  return keys
}
