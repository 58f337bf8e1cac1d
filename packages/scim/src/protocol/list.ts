import type { Directory } from '../directory.js'
import type { Filter } from '../filter/filter.js'
import { matchesFilter } from '../filter/match-filter.js'
import { parseFilter } from '../filter/parse-filter.js'
import { ScimError } from '../scim-error.js'
import type { ResourceSchema } from '../schema/resource-schemas.js'
import { allOf, candidatesOf, tableOf } from '../store/find.js'
import type { StoredGroup, StoredUser } from '../store/stored.js'
import { type Json, renderGroup, renderUser } from './render.js'
import { isSelected, readSelection, select } from './selection.js'

/** The most that one answer lists. */
export const maxResults = 200
const defaultResults = 100

const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/** Answers a query: all that a filter takes, by pages, in the order of their creation. */
export function listResources(
  schema: ResourceSchema,
  query: URLSearchParams,
  directory: Directory,
  base: string,
): Json {
  const startIndex = Math.max(1, readInteger(query, 'startIndex', 1))
  const count = Math.min(maxResults, Math.max(0, readInteger(query, 'count', defaultResults)))
  const source = query.get('filter')
  const found =
    source === null || source.trim() === ''
      ? everything(schema, directory, startIndex - 1, count)
      : filtered(schema, parseFilter(source, schema), directory, startIndex - 1, count)
  const selection = readSelection(query, schema)
  const withMembers = isSelected(selection, 'members')
  const resources = found.page.map((one) => select(renderAny(one, directory, base, withMembers), selection))
  return {
    schemas: [listSchema],
    totalResults: found.total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

interface Found {
  readonly total: number
  readonly page: readonly (StoredUser | StoredGroup)[]
}

function everything({ kind }: ResourceSchema, { tables }: Directory, skipped: number, count: number): Found {
  const table = tableOf(kind, tables)
  return { total: table.count(), page: [...table.page(skipped, count)] }
}

function filtered(
  { kind }: ResourceSchema,
  filter: Filter,
  directory: Directory,
  skipped: number,
  count: number,
): Found {
  const { tables } = directory
  const ids = candidatesOf(kind, filter, tables)
  const candidates =
    ids === undefined ? allOf(kind, tables) : ids.flatMap((id) => tableOf(kind, tables).get([id]) ?? [])
  const withMembers = asksForMembers(filter)
  const page: (StoredUser | StoredGroup)[] = []
  let total = 0
  for (const one of candidates) {
    if (!matchesFilter(filter, renderAny(one, directory, '', withMembers))) continue
    if (total >= skipped && page.length < count) page.push(one)
    total += 1
  }
  return { total, page }
}

function asksForMembers(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.some(asksForMembers)
    case 'not':
      return asksForMembers(filter.part)
    default:
      return filter.ref?.attribute.name === 'members'
  }
}

function renderAny(
  one: StoredUser | StoredGroup,
  directory: Directory,
  base: string,
  withMembers: boolean,
): Json {
  return one.kind === 'User'
    ? renderUser(one, directory, base)
    : renderGroup(one, directory, base, withMembers)
}

function readInteger(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name)
  if (text === null || text === '') return otherwise
  if (/^[+-]?\d{1,9}$/.test(text)) return Number(text)
  throw new ScimError(400, 'invalidValue', `${name} has to be a whole number`)
}
