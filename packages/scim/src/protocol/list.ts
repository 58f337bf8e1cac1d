import type { Directory } from '../directory.js'
import type { Filter } from '../filter/filter.js'
import { matchesFilter } from '../filter/match-filter.js'
import { parseFilter } from '../filter/parse-filter.js'
import { ScimError } from '../scim-error.js'
import type { JsonObject } from '../schema/read-resource.js'
import type { ResourceSchema } from '../schema/resource-schemas.js'
import { allOf, candidatesOf, tableOf } from '../store/find.js'
import type { StoredGroup, StoredUser } from '../store/stored.js'
import { type Json, renderGroup, renderUser } from './render.js'
import { isSelected, readSelection, select } from './selection.js'

/** The most that one answer lists. */
export const maxResults = 200
const defaultResults = 100

const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/**
 * Answers a query: all that a filter takes, by pages, in the order of their creation. Of several schemas one after the
 * other; a name that one of them does not have takes nothing of it, and has to be in one at least.
 */
export function listResources(
  schemas: readonly ResourceSchema[],
  query: URLSearchParams,
  directory: Directory,
  base: string,
): Json {
  const startIndex = Math.max(1, readInteger(query, 'startIndex', 1))
  const count = Math.min(maxResults, Math.max(0, readInteger(query, 'count', defaultResults)))
  const filters = filtersOf(schemas, query.get('filter'))
  const resources: Json[] = []
  let totalResults = 0
  for (const [schema, filter] of filters) {
    const skipped = Math.max(0, startIndex - 1 - totalResults)
    const wanted = count - resources.length
    const found =
      filter === undefined
        ? everything(schema, directory, skipped, wanted)
        : filtered(schema, filter, directory, skipped, wanted)
    totalResults += found.total
    const selection = readSelection(query, schema)
    const withMembers = isSelected(selection, 'members')
    resources.push(
      ...found.page.map((one) => select(renderAny(one, directory, base, withMembers), selection)),
    )
  }
  return {
    schemas: [listSchema],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

/** Each schema that a filter can be about, with what it means there; undefined: everything is meant. */
function filtersOf(
  schemas: readonly ResourceSchema[],
  source: string | null,
): readonly (readonly [ResourceSchema, Filter | undefined])[] {
  if (source === null || source.trim() === '') return schemas.map((schema) => [schema, undefined])
  const refusals: ScimError[] = []
  const read = schemas.flatMap((schema): [ResourceSchema, Filter][] => {
    try {
      return [[schema, parseFilter(source, schema)]]
    } catch (error) {
      if (!(error instanceof ScimError)) throw error
      refusals.push(error)
      return []
    }
  })
  if (read.length === 0 && refusals[0] !== undefined) throw refusals[0]
  return read
}

/** The body of a search (RFC 7644, section 3.4.3) as a query. */
export function readSearch(body: JsonObject): URLSearchParams {
  const query = new URLSearchParams()
  for (const name of ['filter', 'startIndex', 'count', 'attributes', 'excludedAttributes']) {
    const value = body[name]
    if (value === undefined || value === null) continue
    const texts = (Array.isArray(value) ? (value as unknown[]) : [value]).map(String)
    query.set(name, texts.join(','))
  }
  return query
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
  const resourceOf = filteredForm(filter, directory)
  const page: (StoredUser | StoredGroup)[] = []
  let total = 0
  for (const one of candidates) {
    if (!matchesFilter(filter, resourceOf(one))) continue
    if (total >= skipped && page.length < count) page.push(one)
    total += 1
  }
  return { total, page }
}

/** A resource as a filter looks at it: who is in which group is read only where it asks for that, since all are read. */
function filteredForm(filter: Filter, directory: Directory): (one: StoredUser | StoredGroup) => Json {
  if (['groups', 'members', 'meta', 'schemas'].some((name) => asksFor(filter, name)))
    return (one) => renderAny(one, directory, '', true)
  return ({ id, attributes }) => ({ id, ...attributes.core, ...attributes.extensions })
}

function asksFor(filter: Filter, name: string): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.some((part) => asksFor(part, name))
    case 'not':
      return asksFor(filter.part, name)
    default:
      return filter.ref?.attribute.name === name
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
  // More than any number of results is as good as any number of results.
  if (/^[+-]?\d{1,100}$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER)
  throw new ScimError(400, 'invalidValue', `${name} has to be a whole number`)
}
