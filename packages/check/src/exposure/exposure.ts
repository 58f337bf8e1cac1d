import {
  combinePublicAccessBlocks,
  isPublicPolicy,
  proveNothingAllowed,
  type AuthorizationRequest,
  type ProveOptions,
  type Proof,
} from '@ringfence/policy'
import type { Account, AccountResource, AccountRole, AccountUser, Unknown } from '../account/account.js'
import { unknownWords } from '../account/unknown-words.js'
import { arnsOf, grantsBeside, layersOf, type Layered, type TakeUnknown } from '../account/layers-of.js'
import { readNamed } from '../account/read-policies.js'
import { layersBeside, principalsOutside } from '../account/who-else.js'
import { findEscalations, type Escalations } from '../escalation/find-escalations.js'
import { oracleOf } from '../escalation/oracle.js'
import { regionOf } from '../answers/region.js'
import { familiarExamples } from '../words/familiar-examples.js'
import { reachedForOthers } from './acting-for-others.js'
import { openSignInsOf, type OpenSignIn } from './open-sign-ins.js'
import { reached, type Reached } from './reached.js'

/** What an account lays open, and to whom. */
export interface Exposure {
  /** What anybody can reach without credentials from wherever, or what AWS calls public. */
  readonly public: readonly Exposed[]
  /**
   * What principals of other accounts can reach, roles that they can take on, and what anybody can reach from fixed
   * addresses or networks; nothing that is public.
   */
  readonly crossAccount: readonly Exposed[]
  /** Roles that anybody can take on who has an account at an identity provider which is shared by many. */
  readonly signIns: readonly OpenSignIn[]
  readonly buckets: readonly BucketReach[]
  readonly escalations: Escalations
  /** What the account's description leaves out. */
  readonly unknowns: readonly Unknown[]
}

/** Something that is open to somebody, or may be. */
export interface Exposed {
  /** ARN. */
  readonly resource: string
  /** In words: `a role of another account`. */
  readonly who: string
  /** A request that is allowed; absent where there is none to show. */
  readonly request?: AuthorizationRequest
  /** Where there is no request: why it counts nevertheless, or why it is not known. */
  readonly reason?: string
  readonly isKnown: boolean
}

/** What users and roles of the account can do with a bucket: ARNs. */
export interface BucketReach {
  readonly bucket: string
  readonly can: Doing
  readonly who: readonly string[]
  /** Of whom it is not known. */
  readonly perhaps: readonly string[]
}

const DOINGS = {
  read: ['s3:GetObject', 's3:GetObjectVersion'],
  list: ['s3:ListBucket', 's3:ListBucketVersions'],
  write: ['s3:PutObject'],
  delete: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  'change its protection': ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketPublicAccessBlock'],
} as const
/** What somebody can do with a bucket. */
export type Doing = keyof typeof DOINGS

/**
 * Looks through an account, by proofs about all requests: what is public, what crosses accounts, which roles trust
 * whole identity providers, who can reach which bucket, and every chain of steps by which somebody becomes an administrator. `options.cache` is used for all.
 */
export function exposureOf(account: Account, options: ProveOptions): Exposure {
  const settings = { cache: new Map(), examples: familiarExamples(), ...options }
  const oracle = oracleOf(account, (question): Proof => proveNothingAllowed(question, options))
  const open = [...publicOf(account, settings)]
  const isOpen = new Set(open.flatMap(({ isKnown, resource }) => (isKnown ? [resource] : [])))
  return {
    public: open,
    crossAccount: [...crossingOf(account, settings)].filter(({ resource }) => !isOpen.has(resource)),
    signIns: [...openSignInsOf(account, settings)],
    buckets: bucketsOf(account).flatMap((bucket) => reachOf(account, bucket, settings)),
    escalations: findEscalations(account, oracle),
    unknowns: account.unknowns,
  }
}

function bucketsOf({ resources }: Account): readonly AccountResource[] {
  return resources.filter(({ kind }) => kind === 'bucket')
}

function* publicOf(account: Account, options: ProveOptions): Generator<Exposed> {
  for (const resource of account.resources) {
    const isLimited = isLimitedTo(resource)
    for (const one of openTo(account, resource, ['anonymous'], options, grantsBeside(account, resource)))
      if (!isLimited || hangsOnGrants(one, account, resource)) yield one
    // What AWS calls public is said of buckets alone.
    if (resource.kind !== 'bucket') continue
    const isKnown = resource.policy !== undefined && 'policy' in readNamed(resource.policy, 'resource')
    const block = combinePublicAccessBlocks(account.publicAccessBlock, resource.publicAccessBlock)
    if (isKnown && !isLimited && !block.restrictPublicBuckets)
      yield called(resource, 'everybody', 'AWS calls its policy public, and no access block restricts it')
    if (resource.publicAcl && resource.publicAcl.length > 0 && !block.ignorePublicAcls)
      yield called(resource, resource.publicAcl.join(' and '), 'its ACL grants something to them')
  }
}

/** Whether the policy by itself lets nobody in, and what stands beside it may. */
function hangsOnGrants(
  { isKnown, reason = '' }: Exposed,
  account: Account,
  resource: AccountResource,
): boolean {
  return !isKnown && grantsBeside(account, resource).some((one) => reason === unknownWords(one))
}

/**
 * Whether AWS would not call the policy public: whom it lets in is limited to fixed addresses, networks or sources.
 * [S3 User Guide, "The meaning of public"]
 */
function isLimitedTo({ policy }: AccountResource): boolean {
  const read = policy && readNamed(policy, 'resource')
  return read !== undefined && 'policy' in read && !isPublicPolicy(read.policy)
}

function called({ arn }: AccountResource, who: string, reason: string): Exposed {
  return { resource: arn, who, reason, isKnown: true }
}

function* crossingOf(account: Account, options: ProveOptions): Generator<Exposed> {
  const outsiders = ['user', 'session', 'root', 'federatedUser', 'canonicalUser']
  for (const resource of [...account.resources, ...account.roles]) {
    yield* openTo(account, resource, outsiders, options, grantsBeside(account, resource))
    if (resource.kind !== 'role' && isLimitedTo(resource))
      yield* openTo(account, resource, ['anonymous'], options, [])
    const found = reachedForOthers(account, resource, actionsOn(resource), options)
    yield* exposed(resource, 'an AWS service that acts for another account', found)
  }
}

/** To which kinds of principals outside of the account something is open. */
function* openTo(
  account: Account,
  resource: AccountResource | AccountRole,
  kinds: readonly string[],
  options: ProveOptions,
  /** What beside its policy may let somebody in. */
  grants: readonly Unknown[],
): Generator<Exposed> {
  const within = regionOf({ actions: actionsOn(resource), resources: arnsOf(resource) })
  for (const beside of principalsOutside(account)) {
    if (!kinds.includes(beside.who.kind)) continue
    const layers = (take: TakeUnknown): Layered => layersBeside(account, beside, resource, take)
    const found = reached(layers, within, options, resource.kind === 'bucket' ? grants : [])
    yield* exposed(resource, beside.called, found)
  }
}

function* exposed({ arn }: { readonly arn: string }, who: string, found: Reached): Generator<Exposed> {
  const told = { resource: arn, who }
  if (found.answer === 'yes') yield { ...told, request: found.request, isKnown: true }
  if (found.answer === 'unknown') yield { ...told, reason: found.reason, isKnown: false }
}

function reachOf(account: Account, bucket: AccountResource, options: ProveOptions): BucketReach[] {
  const all = regionOf({ actions: ['s3:*'], resources: arnsOf(bucket) })
  const closer = new Map<AccountUser | AccountRole, (take: TakeUnknown) => Layered>()
  for (const principal of [...account.users, ...account.roles]) {
    const layers = (take: TakeUnknown): Layered => layersOf(account, principal, bucket, take)
    if (reached(layers, all, options).answer !== 'no') closer.set(principal, layers)
  }
  return Object.entries(DOINGS).flatMap(([can, actions]) => {
    const within = regionOf({ actions, resources: arnsOf(bucket) })
    const answers = Array.from(closer, ([{ arn }, layers]) => {
      return { arn, answer: reached(layers, within, options).answer }
    })
    const of = (wanted: Reached['answer']): string[] =>
      answers.filter(({ answer }) => answer === wanted).map(({ arn }) => arn)
    const reach = { bucket: bucket.arn, can: can as Doing, who: of('yes'), perhaps: of('unknown') }
    return reach.who.length + reach.perhaps.length > 0 ? [reach] : []
  })
}

function actionsOn(resource: AccountResource | AccountRole): readonly string[] {
  if (resource.kind === 'bucket') return ['s3:*']
  if (resource.kind === 'key') return ['kms:*']
  // With an assertion nobody asks but an identity provider, and tags of a session are asked for with it alone.
  return resource.kind === 'role' ? ['sts:AssumeRole'] : ['*']
}
