import { type AttributeRef, findAttribute } from '../schema/find-attribute.js'
import type { ResourceSchema } from '../schema/resource-schemas.js'

type Json = Readonly<Record<string, unknown>>

/** Which attributes of a resource are asked for: by `attributes` these, by `excludedAttributes` all but these. */
export interface Selection {
  readonly kind: 'these' | 'allBut'
  readonly refs: readonly AttributeRef[]
}

/** Reads `attributes` and `excludedAttributes` (RFC 7644, section 3.9); the first wins. Unknown names choose nothing. */
export function readSelection(query: URLSearchParams, schema: ResourceSchema): Selection {
  const these = query.get('attributes')
  const names = (these ?? query.get('excludedAttributes') ?? '').split(',')
  const refs = names.flatMap((name) => refsOf(name.trim(), schema))
  return { kind: these === null || these.trim() === '' ? 'allBut' : 'these', refs }
}

function refsOf(name: string, schema: ResourceSchema): readonly AttributeRef[] {
  if (name === '') return []
  const found = findAttribute(schema, name)
  if (found.kind === 'attribute') return [found.ref]
  if (found.kind !== 'schema') return []
  const { id, attributes } = found.definition
  return attributes.map((attribute) => (id === schema.core.id ? { attribute } : { extension: id, attribute }))
}

/** Whether an attribute is sent at all; members of a group need not be read otherwise. */
export function isSelected({ kind, refs }: Selection, name: string): boolean {
  const named = refs.filter((ref) => ref.extension === undefined && ref.attribute.name === name)
  return kind === 'these' ? named.length > 0 : named.every((ref) => ref.sub !== undefined)
}

/** What of a resource is sent. `id` and `schemas` always are. */
export function select(resource: Json, selection: Selection): Json {
  if (selection.kind === 'allBut' && selection.refs.length === 0) return resource
  return Object.fromEntries(
    Object.entries(resource).flatMap(([name, value]) => {
      if (name === 'id' || name === 'schemas') return [[name, value]]
      const kept = name.startsWith('urn:')
        ? selectExtension(name, value as Json, selection)
        : selectValue(undefined, name, value, selection)
      return kept === undefined ? [] : [[name, kept]]
    }),
  )
}

function selectExtension(id: string, values: Json, selection: Selection): Json | undefined {
  const kept = Object.entries(values).flatMap(([name, value]) => {
    const one = selectValue(id, name, value, selection)
    return one === undefined ? [] : [[name, one] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

function selectValue(
  extension: string | undefined,
  name: string,
  value: unknown,
  selection: Selection,
): unknown {
  const { kind, refs } = selection
  const named = refs.filter((ref) => ref.extension === extension && ref.attribute.name === name)
  const isWhole = named.some((ref) => ref.sub === undefined)
  if (kind === 'these' ? isWhole : named.length === 0) return value
  if (kind === 'these' ? named.length === 0 : isWhole) return undefined
  const subs = new Set(named.map((ref) => ref.sub?.name))
  const part = (one: unknown): unknown =>
    Object.fromEntries(Object.entries(one as Json).filter(([sub]) => subs.has(sub) === (kind === 'these')))
  return Array.isArray(value) ? value.map(part) : part(value)
}
