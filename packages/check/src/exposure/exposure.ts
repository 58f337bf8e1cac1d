import {
  combinePublicAccessBlocks,
  isPublicPolicy,
  proveNothingAllowed,
  type AuthorizationRequest,
  type Policy,
  type ProveOptions,
  type Proof,
} from '@ringfence/policy'
import type { Account, AccountResource, AccountRole, AccountUser, Unknown } from '../account/account.js'
import {
  arnsOf,
  grantsBeside,
  layersOf,
  widest,
  type Layered,
  type TakeUnknown,
} from '../account/layers-of.js'
import { readNamed } from '../account/read-policies.js'
import { layersBeside, principalsOutside } from '../account/who-else.js'
import { findEscalations, type Escalations } from '../escalation/find-escalations.js'
import { oracleOf } from '../escalation/oracle.js'
import { regionOf } from '../answers/region.js'
import { familiarExamples } from '../words/familiar-examples.js'

/** What an account lays open, and to whom. */
export interface Exposure {
  /** What anybody can reach without credentials, or what AWS calls public. */
  readonly public: readonly Exposed[]
  /** What principals of other accounts can reach, roles that they can take on, and nothing that is public. */
  readonly crossAccount: readonly Exposed[]
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

/** Whether some request is allowed, whatever is not known; `unknown` where it hangs on that. */
type Reached =
  | { readonly answer: 'yes'; readonly request: AuthorizationRequest }
  | { readonly answer: 'no' }
  | { readonly answer: 'unknown'; readonly reason: string }

/**
 * Looks through an account, by proofs about all requests: what is public, what crosses accounts, who can reach which
 * bucket, and every chain of steps by which somebody becomes an administrator. `options.cache` is used for all.
 */
export function exposureOf(account: Account, options: ProveOptions): Exposure {
  const settings = { cache: new Map(), examples: familiarExamples(), ...options }
  const oracle = oracleOf(account, (question): Proof => proveNothingAllowed(question, options))
  const open = [...publicOf(account, settings)]
  const isOpen = new Set(open.flatMap(({ isKnown, resource }) => (isKnown ? [resource] : [])))
  return {
    public: open,
    crossAccount: [...crossingOf(account, settings)].filter(({ resource }) => !isOpen.has(resource)),
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
    for (const one of openTo(account, resource, ['anonymous'], options)) yield one
    // What AWS calls public is said of buckets alone.
    if (resource.kind !== 'bucket') continue
    const read = resource.policy && readNamed(resource.policy, 'resource')
    const block = combinePublicAccessBlocks(account.publicAccessBlock, resource.publicAccessBlock)
    if (read && 'policy' in read && isPublicPolicy(read.policy) && !block.restrictPublicBuckets)
      yield called(resource, 'everybody', 'AWS calls its policy public, and no access block restricts it')
    if (resource.publicAcl && resource.publicAcl.length > 0 && !block.ignorePublicAcls)
      yield called(resource, resource.publicAcl.join(' and '), 'its ACL grants something to them')
  }
}

function called({ arn }: AccountResource, who: string, reason: string): Exposed {
  return { resource: arn, who, reason, isKnown: true }
}

function* crossingOf(account: Account, options: ProveOptions): Generator<Exposed> {
  const outsiders = ['user', 'session', 'root', 'federatedUser', 'canonicalUser']
  for (const resource of [...account.resources, ...account.roles])
    yield* openTo(account, resource, outsiders, options)
}

/** To which kinds of principals outside of the account something is open. */
function* openTo(
  account: Account,
  resource: AccountResource | AccountRole,
  kinds: readonly string[],
  options: ProveOptions,
): Generator<Exposed> {
  const within = regionOf({ actions: actionsOn(resource), resources: arnsOf(resource) })
  for (const beside of principalsOutside(account)) {
    if (!kinds.includes(beside.who.kind)) continue
    const layers = (take: TakeUnknown): Layered => layersBeside(account, beside, resource, take)
    const acls = resource.kind === 'bucket' ? grantsBeside(account, resource) : []
    const found = reached(layers, within, options, acls)
    const told = { resource: resource.arn, who: beside.called }
    if (found.answer === 'yes') yield { ...told, request: found.request, isKnown: true }
    if (found.answer === 'unknown') yield { ...told, reason: found.reason, isKnown: false }
  }
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

/** Nothing is open where what is not known allows everything; something is where it allows nothing. */
function reached(
  layers: (take: TakeUnknown) => Layered,
  within: Policy,
  options: ProveOptions,
  /** What beside policies may let somebody in. */
  beside: readonly Unknown[] = [],
): Reached {
  const most = layers(widest(beside))
  const open = proveNothingAllowed({ ...most.question, within }, options)
  if (open.proof === 'proved') return { answer: 'no' }
  if (open.proof === 'refuted' && most.unknowns.length + beside.length === 0)
    return { answer: 'yes', request: open.request }
  const least = proveNothingAllowed({ ...layers('nothing').question, within }, options)
  const [unknown] = most.unknowns
  // What is not known may deny as well, so that even a request that the rest allows is not certain.
  if (least.proof === 'refuted' && unknown === undefined) return { answer: 'yes', request: least.request }
  if (open.proof === 'unknown') return { answer: 'unknown', reason: open.reason }
  const missing = unknown ?? beside[0]
  return { answer: 'unknown', reason: missing ? `${missing.about}: ${missing.reason}` : 'it is not decided' }
}

function actionsOn(resource: AccountResource | AccountRole): readonly string[] {
  if (resource.kind === 'bucket') return ['s3:*']
  if (resource.kind === 'key') return ['kms:*']
  // With an assertion nobody asks but an identity provider.
  return resource.kind === 'role' ? ['sts:AssumeRole', 'sts:TagSession'] : ['*']
}
