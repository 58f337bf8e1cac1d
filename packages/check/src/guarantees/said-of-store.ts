import type { NamedPolicy } from '../account/account.js'
import type { DeclaredStore, DeclaredWorld } from './declared-world.js'
import type { Said } from './likeness.js'
import { reservedRoles } from './parties.js'
import type { Prover } from './prover.js'
import type { Setting } from './setting.js'

/**
 * All that the answers about a store hang on: its policies, who holds what on it, and what holds for the whole account;
 * so that stores which differ in names alone are looked at once. Undefined where its policies may go by tags: then the
 * answers hang on those of all users.
 */
export function saidOfStore({ prover, world }: Setting, store: DeclaredStore): readonly Said[] | undefined {
  const { accesses, bucket, key } = store
  const policies = [bucket?.policy, key?.policy].filter((policy) => policy !== undefined)
  if (mayGoByTags(prover, store)) return undefined
  const things = [
    store.store.encryption,
    [bucket?.policy, key?.policy].map((policy) => policy !== undefined),
    bucket && [bucket.arn, bucket.publicAccessBlock ?? 0, bucket.keys ?? 0],
    key && [key.arn, key.keys ?? 0],
    accesses.map(({ can, under }) => [can, under]),
  ]
  return [
    ...saidOfAccount(world, prover),
    prover.said(JSON.stringify(things)),
    ...policies.map((policy) => prover.saidOfDocument(policy)),
    ...accesses.map(({ subject }) => saidOfHolders(world, prover, subject)),
  ]
}

/** Whether a policy of the store may go by tags of principals. */
export function mayGoByTags(prover: Prover, { bucket, key }: DeclaredStore): boolean {
  return [bucket?.policy, key?.policy].some((policy) => policy !== undefined && prover.mayGoByTags(policy))
}

/** What every answer hangs on. */
export function saidOfAccount(world: DeclaredWorld, prover: Prover): readonly Said[] {
  const { account, administrators, declaration } = world
  const { account: id, guardrail, organization, region, suffix } = declaration
  const { identityProviders, managementAccount, publicAccessBlock } = account
  const levels = [account.serviceControlPolicies, account.resourceControlPolicies]
  const said = (): string =>
    JSON.stringify([
      [id, guardrail, organization, region, suffix],
      administrators.map(({ arn }) => arn),
      [identityProviders, managementAccount ?? 0, publicAccessBlock ?? 0],
      levels.map((level) => level?.map((policies) => policies.length)),
      // By number, as they are under a path of AWS's own, where no name is written away.
      prover.numberOf(JSON.stringify(reservedRoles(account))),
    ])
  const policies: readonly NamedPolicy[] = levels.flatMap((level) => level?.flat() ?? [])
  return [prover.saidBy(world, said), ...policies.map((policy) => prover.saidOfDocument(policy))]
}

function saidOfHolders({ holdersOf }: DeclaredWorld, prover: Prover, subject: string): Said {
  const holders = holdersOf(subject)
  return prover.saidBy(holders, () => JSON.stringify(holders.map(({ arn }) => arn)))
}
