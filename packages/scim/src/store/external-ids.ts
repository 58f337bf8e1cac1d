import { ScimError } from '../scim-error.js'
import { textOf } from '../schema/attributes.js'
import type { StoredGroup, StoredUser } from './stored.js'
import type { Tables } from './tables.js'

const maxLength = 256

/** Ids of the resources that a provider has this id for. */
export function idsByExternalId(
  tables: Tables,
  kind: 'User' | 'Group',
  externalId: string,
): readonly string[] {
  // No key of the database is longer, not even one to look for.
  if (externalId.length > maxLength) return []
  return [...tables.externalIds.under([kind, externalId])].map(({ key }) => String(key[2]))
}

/** Keeps the index of the ids that providers have for their resources. They need not be unique. */
export function indexExternalId(
  tables: Tables,
  now: StoredUser | StoredGroup | undefined,
  before: StoredUser | StoredGroup | undefined,
): void {
  const old = before && textOf(before.attributes, 'externalId')
  if (before !== undefined && old !== undefined) tables.externalIds.delete([before.kind, old, before.id])
  const given = now && textOf(now.attributes, 'externalId')
  if (now === undefined || given === undefined) return
  if (given.length > maxLength)
    throw new ScimError(400, 'invalidValue', `externalId is longer than ${maxLength} characters`)
  tables.externalIds.put([now.kind, given, now.id], true)
}
