import type { Complex, Simple } from '../schema/attributes.js'
import { type AttributeRef, byName } from '../schema/find-attribute.js'
import type { Attribute } from '../schema/resource-schemas.js'
import type { Filter, Operator } from './filter.js'

/** A resource as it is sent. */
export type Resource = Readonly<Record<string, unknown>>

/** Whether a filter takes a resource. An attribute with several values counts if one of them does. */
export function matchesFilter(filter: Filter, resource: Resource): boolean {
  return matches(filter, (ref) => valuesAt(resource, ref), entriesOf(resource))
}

/** Whether a filter in brackets takes one entry. */
export function matchesEntry(filter: Filter, entry: Complex): boolean {
  return matches(
    filter,
    ({ sub }) => (sub === undefined ? [] : present([entry[sub.name]])),
    () => [],
  )
}

function matches(
  filter: Filter,
  values: (ref: AttributeRef) => readonly Simple[],
  entries: (ref: AttributeRef) => readonly Complex[],
): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matches(part, values, entries))
    case 'or':
      return filter.parts.some((part) => matches(part, values, entries))
    case 'not':
      return !matches(filter.part, values, entries)
    case 'present':
      return filter.ref !== undefined && values(filter.ref).length > 0
    case 'entry':
      return entries(filter.ref).some((entry) => matchesEntry(filter.filter, entry))
    case 'compare': {
      const { ref, operator, value } = filter
      const found = ref === undefined ? [] : values(ref)
      if (value === null)
        return operator === 'eq' ? found.length === 0 : operator === 'ne' && found.length > 0
      // "Not equal" is what "equal" is not: of several values none may be equal.
      if (operator === 'ne') return !found.some((one) => compares(one, 'eq', value, comparedOf(ref)))
      return found.some((one) => compares(one, operator, value, comparedOf(ref)))
    }
  }
}

/** The attribute whose values are compared: of a complex one its `value`. */
function comparedOf(ref: AttributeRef | undefined): Attribute | undefined {
  if (ref === undefined) return undefined
  return ref.sub ?? byName(ref.attribute.subAttributes ?? [], 'value') ?? ref.attribute
}

function compares(
  found: Simple,
  operator: Exclude<Operator, 'ne'>,
  wanted: Simple | number,
  attribute: Attribute | undefined,
): boolean {
  if (typeof found === 'boolean') return operator === 'eq' && String(found) === String(wanted).toLowerCase()
  const isExact = attribute?.config.caseExact === true
  const [left, right] = [found, String(wanted)].map((text) => (isExact ? text : text.toLowerCase())) as [
    string,
    string,
  ]
  const order =
    attribute?.type === 'dateTime'
      ? Date.parse(left) - Date.parse(right)
      : left < right
        ? -1
        : +(left > right)
  switch (operator) {
    case 'eq':
      return attribute?.type === 'dateTime' ? order === 0 : left === right
    case 'co':
      return left.includes(right)
    case 'sw':
      return left.startsWith(right)
    case 'ew':
      return left.endsWith(right)
    case 'gt':
      return order > 0
    case 'ge':
      return order >= 0
    case 'lt':
      return order < 0
    case 'le':
      return order <= 0
  }
}

function valuesAt(resource: Resource, ref: AttributeRef): readonly Simple[] {
  const source = ref.extension === undefined ? resource : (resource[ref.extension] as Resource | undefined)
  const value = source?.[ref.attribute.name]
  const name = (ref.sub ?? byName(ref.attribute.subAttributes ?? [], 'value'))?.name
  return present(
    (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => {
      if (typeof one !== 'object' || one === null) return one
      // What has no `value`, such as a name, is there where any part of it is.
      return name === undefined ? Object.values(one) : (one as Record<string, unknown>)[name]
    }),
  )
}

function entriesOf(resource: Resource): (ref: AttributeRef) => readonly Complex[] {
  return (ref) => {
    const source = ref.extension === undefined ? resource : (resource[ref.extension] as Resource | undefined)
    const value = source?.[ref.attribute.name]
    return Array.isArray(value) ? (value as Complex[]) : []
  }
}

function present(values: readonly unknown[]): readonly Simple[] {
  return values.filter((value) => typeof value === 'string' || typeof value === 'boolean')
}
