import { identityPoliciesOf, managedPolicyOf } from '../account/read-policies.js'
import type { Account, NamedPolicy } from '../account/account.js'
import type { DeclaredSecret, DeclaredStore, DeclaredWorld, Holder } from './declared-world.js'
import { endsOf } from './ends.js'
import type { GrantedRegions } from './granted-regions.js'
import type { Prover } from './prover.js'

/**
 * What answers hang on, in short, so that a later check finds the answers of whatever has not changed without looking
 * into it. No line of the file is part of it: lines move.
 */
export interface ContentNumbers {
  /** What every answer hangs on. */
  readonly everywhere: number
  /** A store as it is in the account, and how it is to be encrypted. */
  ofThings(store: DeclaredStore): number
  /** Everything around a store: policies, access blocks, who holds what on it. */
  ofStore(store: DeclaredStore): readonly unknown[]
  /** Everything around the secret that keeps the key of a member. */
  ofSecret(secret: DeclaredSecret): readonly unknown[]
  /** The policies of all who hold what is granted to a subject, and the ends of their access. */
  ofSubject(subject: string): number
  /** One's own policies, and what they should allow. */
  ofPrincipal(declared: string, holder: Holder): readonly unknown[]
  ofDocument(named: NamedPolicy | undefined): number
  /** One's own policies, and the ends of all access. */
  ofHolder(holder: Holder): number
}

export function contentNumbers(
  world: DeclaredWorld,
  prover: Prover,
  regions: GrantedRegions,
): ContentNumbers {
  const { account, administrators, declaration, holdersOf, teamsOf } = world
  const ofDocument = (named: NamedPolicy | undefined): number =>
    named === undefined ? 0 : prover.documentNumber(named)
  const numbersOf = (levels: readonly (readonly NamedPolicy[])[] | undefined): unknown =>
    levels?.map((level) => level.map(ofDocument)) ?? 0
  const everywhere = prover.numberOf('account', account.account, [
    declaration.organization,
    declaration.region,
    declaration.suffix,
    declaration.guardrail,
    administrators.map(({ arn }) => arn),
    account.publicAccessBlock,
    account.managementAccount,
    account.identityProviders,
    reservedRoles(account),
    numbersOf(account.serviceControlPolicies),
    numbersOf(account.resourceControlPolicies),
  ])
  const tags = once(() =>
    prover.numberOf(
      'tags',
      account.account,
      account.users.map(({ arn, tags: own }) => [arn, own]),
    ),
  )
  const ofHolder = memoized((holder: Holder) => {
    const { arn, declared = '', permissionsBoundary } = holder
    const boundary =
      permissionsBoundary === undefined ? 0 : ofDocument(managedPolicyOf(account, permissionsBoundary))
    const policies = identityPoliciesOf(account, holder).map(ofDocument)
    const ends = endsOf(world, declared).after.map(({ key }) => key)
    return prover.numberOf('holder', arn, [holder.tags, boundary, policies, ends])
  })
  const ofSubject = memoized((subject: string) =>
    prover.numberOf('subject', subject, [everywhere, ...holdersOf(subject).map(ofHolder)]),
  )
  const arnsOf = memoized((subject: string) =>
    prover.numberOf(
      'holders',
      subject,
      holdersOf(subject).map(({ arn }) => arn),
    ),
  )
  const granted = memoized((subject: string) =>
    prover.numberOf('granted', subject, regions.contentOf(subject)),
  )
  const ofThings = memoized(({ bucket, id, key, store }: DeclaredStore) =>
    prover.numberOf('store', id, [
      store.encryption,
      bucket && [bucket.arn, ofDocument(bucket.policy), bucket.publicAccessBlock],
      key && [key.arn, key.name, ofDocument(key.policy)],
    ]),
  )
  const mayGoByTags = (named: NamedPolicy | undefined): boolean =>
    named !== undefined && prover.mayGoByTags(named)
  return {
    everywhere,
    ofDocument,
    ofHolder,
    ofSubject,
    ofThings,
    ofStore: (store) => {
      const byTags = mayGoByTags(store.bucket?.policy) || mayGoByTags(store.key?.policy)
      const accesses = store.accesses.flatMap(({ can, subject, under }) => [can, under, arnsOf(subject)])
      return [everywhere, byTags ? tags() : 0, ofThings(store), ...accesses]
    },
    ofSecret: ({ secret, subject }) => [
      everywhere,
      arnsOf(subject),
      secret && [secret.arn, ofDocument(secret.policy)],
    ],
    ofPrincipal: (declared, holder) => {
      const teams = declared.startsWith('member/') ? (teamsOf.get(declared.slice(7)) ?? []) : []
      const ofTeams = teams.map((team) => granted(`team/${team}`))
      return [everywhere, ofHolder(holder), regions.contentOf(declared), ...ofTeams]
    },
  }
}

/** Roles of Identity Center, of whose possible names all others are taken not to exist. */
export function reservedRoles({ roles }: Account): readonly (readonly [string, string])[] {
  return roles.flatMap(({ arn, reservedArn }) =>
    reservedArn === undefined ? [] : [[arn, reservedArn] as const],
  )
}

function memoized<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>()
  return (key) => {
    let value = made.get(key)
    if (value === undefined) made.set(key, (value = make(key)))
    return value
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
