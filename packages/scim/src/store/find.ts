import type { Filter } from '../filter/filter.js'
import { lookOf } from '../names/to-ascii.js'
import { teamNameOf } from '../names/team-name.js'
import { idsByExternalId } from './external-ids.js'
import type { StoredGroup, StoredUser } from './stored.js'
import type { Tables } from './tables.js'

/**
 * Ids among which everything is that a filter takes, by an index; undefined where none helps, so that all have to be
 * looked at. Providers ask for one person or group by name or id before they make it.
 */
export function candidatesOf(
  kind: 'User' | 'Group',
  filter: Filter,
  tables: Tables,
): readonly string[] | undefined {
  switch (filter.kind) {
    case 'and':
      for (const part of filter.parts) {
        const found = candidatesOf(kind, part, tables)
        if (found !== undefined) return found
      }
      return undefined
    case 'or': {
      const parts = filter.parts.map((part) => candidatesOf(kind, part, tables))
      if (parts.some((part) => part === undefined)) return undefined
      return [...new Set(parts.flatMap((part) => part ?? []))].toSorted()
    }
    case 'compare': {
      const { ref, operator, value } = filter
      if (operator !== 'eq' || typeof value !== 'string' || ref === undefined || ref.sub !== undefined)
        return undefined
      return ref.extension === undefined ? byIndex(kind, ref.attribute.name, value, tables) : undefined
    }
    default:
      return undefined
  }
}

function byIndex(
  kind: 'User' | 'Group',
  name: string,
  value: string,
  tables: Tables,
): readonly string[] | undefined {
  switch (name) {
    case 'id':
      return [value]
    case 'externalId':
      return idsByExternalId(tables, kind, value)
    case 'userName':
      return idsOf(tables.userNames.get([value.toLowerCase()]))
    case 'displayName':
      return kind === 'Group' ? idsOf(tables.teamNames.get([lookOf(teamOf(value))])) : undefined
    default:
      return undefined
  }
}

const idsOf = (id: string | undefined): readonly string[] => (id === undefined ? [] : [id])

/** No group has a name that no team can have. */
function teamOf(displayName: string): string {
  try {
    return teamNameOf(displayName)
  } catch {
    return ''
  }
}

/** Those of one kind, in the order of their creation. */
export function allOf(kind: 'User' | 'Group', tables: Tables): Iterable<StoredUser | StoredGroup> {
  return tableOf(kind, tables).page(0, Number.MAX_SAFE_INTEGER)
}

export function tableOf(kind: 'User' | 'Group', tables: Tables) {
  return kind === 'User' ? tables.users : tables.groups
}
