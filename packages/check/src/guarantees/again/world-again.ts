import type { Declaration, Grant } from '@ringfence/plan'
import type { Account, AccountResource } from '../../account/account.js'
import { isSameDocument } from '../../same/same-document.js'
import { isSameBut } from '../../same/same-fields.js'
import type { DeclaredStore, DeclaredWorld } from '../declared-world.js'
import { accessesOf, grantsBySubject, grantsWithinTeams } from '../declared-world.js'

/**
 * The same as `declaredWorld`, out of the parts of the world before, for the file after an edit of grants and the
 * account that `accountAgain` made. Undefined where something else has changed.
 */
export function worldAgain(
  before: DeclaredWorld,
  declaration: Declaration,
  account: Account,
): DeclaredWorld | undefined {
  const { roles, users } = before.account
  if (account.users !== users || account.roles !== roles) return undefined
  if (!isSameBut(apart, before.declaration, declaration)) return undefined
  const edited = editedIn(before.declaration.grants, declaration.grants)
  const grants = grantsWithinTeams(declaration)
  return {
    ...before,
    // What is the same is the same object.
    declaration: { ...before.declaration, grants: declaration.grants, ended: declaration.ended },
    account,
    grantsTo: grantsBySubject(grants),
    stores: storesAgain(before, declaration, grants, account, edited),
  }
}

const apart: ReadonlySet<keyof Declaration> = new Set(['ended', 'grants'])

/** Grants of both that stand between those that are the same, with their lines, at the start and at the end. */
function editedIn(before: readonly Grant[], now: readonly Grant[]): readonly Grant[] {
  const shorter = Math.min(before.length, now.length)
  let start = 0
  while (start < shorter && isSameDocument(before[start], now[start])) start++
  let end = 0
  while (end < shorter - start && isSameDocument(before.at(-1 - end), now.at(-1 - end))) end++
  return [...before.slice(start, before.length - end), ...now.slice(start, now.length - end)]
}

function storesAgain(
  before: DeclaredWorld,
  declaration: Declaration,
  grants: readonly Grant[],
  account: Account,
  edited: readonly Grant[],
): readonly DeclaredStore[] {
  const names = new Set(edited.map(({ on }) => on.name))
  const accesses = accessesOf(declaration.platforms, grants, names)
  const resources = otherResources(before.account.resources, account.resources)
  return before.stores.map((store): DeclaredStore => {
    const { bucket, id, key } = store
    const isGranted = names.has(store.store.name)
    if (!isGranted && resources.size === 0) return store
    const [newBucket, newKey] = [bucket, key].map((one) => (one && resources.get(one)) ?? one)
    if (!isGranted && newBucket === bucket && newKey === key) return store
    return {
      ...store,
      bucket: newBucket,
      key: newKey,
      accesses: isGranted ? (accesses.get(id) ?? []) : store.accesses,
    }
  })
}

/** What `accountAgain` put in the place of which resource. */
function otherResources(
  before: readonly AccountResource[],
  now: readonly AccountResource[],
): ReadonlyMap<AccountResource, AccountResource> {
  const found = new Map<AccountResource, AccountResource>()
  if (before === now) return found
  for (const [at, one] of before.entries()) if (one !== now[at]) found.set(one, now[at]!)
  return found
}
