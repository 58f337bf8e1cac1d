import { identityPoliciesOf, managedPolicyOf } from '../account/read-policies.js'
import type { Account, NamedPolicy } from '../account/account.js'
import type { DeclaredSecret, DeclaredStore, DeclaredWorld, Holder } from './declared-world.js'
import { endsOf } from './ends.js'
import type { GrantedRegions } from './granted-regions.js'
import type { Prover } from './prover.js'

/**
 * Short keys of what answers hang on, so that a later check finds the answers of whatever has not changed without
 * looking into it. No line of the file is part of them: lines move.
 */
export interface ContentNumbers {
  /** What every answer hangs on. */
  readonly everywhere: number
  /** A store as it is in the account, and how it is to be encrypted. */
  ofThings(store: DeclaredStore): number
  /** Everything around a store: policies, access blocks, who holds what on it. */
  ofStore(store: DeclaredStore): string
  /** Everything around the secret that keeps the key of a member. */
  ofSecret(secret: DeclaredSecret): string
  /** The policies of all who hold what is granted to a subject, and the ends of their access. */
  ofSubject(subject: string): number
  /** One's own policies, and what they should allow. */
  ofPrincipal(declared: string, holder: Holder): string
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
  const everywhere = prover.numberOf(
    JSON.stringify([
      declaration.organization,
      declaration.account,
      declaration.region,
      declaration.suffix,
      declaration.guardrail,
      administrators.map(({ arn }) => arn),
      account.publicAccessBlock ?? 0,
      account.managementAccount ?? 0,
      account.identityProviders,
      reservedRoles(account),
      numbersOf(account.serviceControlPolicies),
      numbersOf(account.resourceControlPolicies),
    ]),
  )
  const tags = once(() =>
    prover.numberOf(JSON.stringify(account.users.map(({ arn, tags: own }) => [arn, own]))),
  )
  const contentOfHolder = (holder: Holder): unknown => {
    const { arn, declared = '', permissionsBoundary } = holder
    const boundary =
      permissionsBoundary === undefined ? 0 : ofDocument(managedPolicyOf(account, permissionsBoundary))
    const ends = endsOf(world, declared).after.map(({ key }) => key)
    return [arn, holder.tags ?? 0, boundary, identityPoliciesOf(account, holder).map(ofDocument), ...ends]
  }
  const ofHolder = memoized((holder: Holder) => prover.numberOf(JSON.stringify(contentOfHolder(holder))))
  const ofSubject = memoized((subject: string) =>
    prover.numberOf(JSON.stringify([everywhere, holdersOf(subject).map(ofHolder)])),
  )
  const arnsOf = memoized((subject: string) =>
    prover.numberOf(JSON.stringify(holdersOf(subject).map(({ arn }) => arn))),
  )
  const granted = memoized((subject: string) => prover.numberOf(regions.contentOf(subject)))
  const ofThings = memoized(({ bucket, key, store }: DeclaredStore): number =>
    prover.numberOf(
      JSON.stringify([
        store.encryption,
        bucket && [bucket.arn, ofDocument(bucket.policy), bucket.publicAccessBlock ?? 0],
        key && [key.arn, key.name, ofDocument(key.policy)],
      ]),
    ),
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
      const accesses = store.accesses.map(({ can, subject, under }) => [can, under, arnsOf(subject)])
      return JSON.stringify([everywhere, byTags ? tags() : 0, ofThings(store), accesses])
    },
    ofSecret: ({ secret, subject }) =>
      JSON.stringify([everywhere, arnsOf(subject), secret && [secret.arn, ofDocument(secret.policy)]]),
    ofPrincipal: (declared, holder) => {
      const teams = declared.startsWith('member/') ? (teamsOf.get(declared.slice(7)) ?? []) : []
      const subjects = [declared, ...teams.map((team) => `team/${team}`)]
      return [everywhere, ofHolder(holder), ...subjects.map(granted)].join()
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
