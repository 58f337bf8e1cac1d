import type { Account, AccountResource, AccountRole, AccountUser } from '../account/account.js'

/** The same thing in two accounts; absent where it is not there. */
export interface Pair<Thing> {
  readonly older?: Thing
  readonly newer?: Thing
}

/** Users and roles of either account by their ARN, those of the newer one first. */
export function pairPrincipals(older: Account, newer: Account): readonly Pair<AccountUser | AccountRole>[] {
  return pair(principalsOf(older), principalsOf(newer), ({ arn }) => arn)
}

/** Resources and roles of either account, by what they are declared as, else by ARN. */
export function pairResources(
  older: Account,
  newer: Account,
): readonly Pair<AccountResource | AccountRole>[] {
  return pair(resourcesOf(older), resourcesOf(newer), (one) => {
    // Keys of a plan share a pattern, and what is declared tells them apart.
    return one.kind === 'key' ? `key ${one.arn} ${one.declared ?? one.name}` : one.arn
  })
}

function principalsOf({ roles, users }: Account): readonly (AccountUser | AccountRole)[] {
  return [...users, ...roles]
}

function resourcesOf({ resources, roles }: Account): readonly (AccountResource | AccountRole)[] {
  return [...resources, ...roles]
}

function pair<Thing>(
  older: readonly Thing[],
  newer: readonly Thing[],
  keyOf: (thing: Thing) => string,
): readonly Pair<Thing>[] {
  const olds = new Map(older.map((one) => [keyOf(one), one]))
  const news = new Map(newer.map((one) => [keyOf(one), one]))
  const pairs = [...news].map(([key, one]): Pair<Thing> => {
    const before = olds.get(key)
    return before === undefined ? { newer: one } : { older: before, newer: one }
  })
  for (const [key, one] of olds) if (!news.has(key)) pairs.push({ older: one })
  return pairs
}
