import type { Group } from '@aws-sdk/client-identitystore'
import { randomUUID } from 'node:crypto'
import { conflict, notFound } from './errors.js'
import { readAttributes, readIdentifier, textOf } from './attributes.js'
import type { IdentityStoreOperations } from './operation.js'
import { checkStore, getGroup } from './operation.js'
import { page } from './pages.js'
import type { StoreGroupRecord } from './records.js'
import { all, type IdentityCenterTables } from './tables.js'

export const groupOperations = {
  CreateGroup(input, call, { tables, write }) {
    return write(() => {
      const IdentityStoreId = checkStore(tables, call, input.IdentityStoreId)
      const group: StoreGroupRecord = {
        id: randomUUID(),
        displayName: input.DisplayName ?? '',
        ...(input.Description === undefined ? {} : { description: input.Description }),
      }
      checkName(tables, group)
      tables.groups.put([group.id], group)
      return { GroupId: group.id, IdentityStoreId }
    })
  },

  DescribeGroup(input, call, { tables }) {
    const store = checkStore(tables, call, input.IdentityStoreId)
    return describe(getGroup(tables, input.GroupId), store)
  },

  UpdateGroup(input, call, { tables, write }) {
    const changed = readAttributes(input.Operations, ['displayName', 'description'])
    return write(() => {
      checkStore(tables, call, input.IdentityStoreId)
      const { description, ...group } = getGroup(tables, input.GroupId)
      const nextDescription = changed.has('description') ? textOf(changed.get('description')) : description
      const next: StoreGroupRecord = {
        ...group,
        displayName: textOf(changed.get('displayName')) ?? group.displayName,
        ...(nextDescription === undefined ? {} : { description: nextDescription }),
      }
      checkName(tables, next)
      tables.groups.put([next.id], next)
      return {}
    })
  },

  /** Its memberships go with it; assignments to it stay, and let nobody in. */
  DeleteGroup(input, call, { tables, write }) {
    return write(() => {
      checkStore(tables, call, input.IdentityStoreId)
      const { id } = getGroup(tables, input.GroupId)
      for (const one of all(tables.memberships)) if (one.group === id) tables.memberships.delete([one.id])
      tables.groups.delete([id])
      return {}
    })
  },

  ListGroups(input, call, { tables }) {
    const store = checkStore(tables, call, input.IdentityStoreId)
    const [filter] = input.Filters ?? []
    const found = all(tables.groups).filter(
      ({ displayName }) => filter === undefined || displayName === filter.AttributeValue,
    )
    const { items, ...rest } = page(found, input, ({ id }) => id)
    return { Groups: items.map((group) => describe(group, store)), ...rest }
  },

  GetGroupId(input, call, { tables }) {
    const IdentityStoreId = checkStore(tables, call, input.IdentityStoreId)
    const { value } = readIdentifier(input.AlternateIdentifier, ['displayName'])
    const group = all(tables.groups).find(({ displayName }) => displayName === value)
    if (group === undefined) throw notFound('GROUP not found.')
    return { GroupId: group.id, IdentityStoreId }
  },
} satisfies IdentityStoreOperations

function checkName(tables: IdentityCenterTables, { displayName, id }: StoreGroupRecord): void {
  if (all(tables.groups).some((other) => other.id !== id && other.displayName === displayName))
    throw conflict('Duplicate GroupDisplayName')
}

function describe({ description, displayName, id }: StoreGroupRecord, IdentityStoreId: string): Group {
  return {
    IdentityStoreId,
    GroupId: id,
    DisplayName: displayName,
    ...(description === undefined ? {} : { Description: description }),
  }
}
