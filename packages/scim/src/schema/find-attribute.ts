import type { Attribute, ResourceSchema, SchemaDefinition } from './resource-schemas.js'

/** Where a value of a resource is. */
export interface AttributeRef {
  /** The id of the extension that has it; undefined: the resource's own schema. */
  readonly extension?: string
  readonly attribute: Attribute
  readonly sub?: Attribute
}

/** What a name in a request stands for. */
export type Found =
  | { readonly kind: 'attribute'; readonly ref: AttributeRef }
  /** The resource's own schema as a whole, or an extension. */
  | { readonly kind: 'schema'; readonly definition: SchemaDefinition }
  /** Of SCIM or of a schema of somebody else, and not kept here. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'unknown' }

/**
 * Finds `userName`, `name.familyName`, `urn:…:User:department`, without regard to case (RFC 7643, section 2.1). scimmy
 * finds them too, but takes any URN that starts like a schema for one of that schema.
 */
export function findAttribute(schema: ResourceSchema, text: string): Found {
  if (!text.toLowerCase().startsWith('urn:')) return findBare(schema, text)
  for (const definition of [schema.core, ...schema.extensions]) {
    const rest = afterSchema(text, definition.id)
    if (rest === undefined) continue
    const isCore = definition === schema.core
    if (rest === '') return { kind: 'schema', definition }
    return findIn(schema, definition, isCore ? undefined : definition.id, rest)
  }
  return { kind: 'dropped' }
}

/** A name without a schema: of the resource's own, or, as Entra ID writes `manager`, of an extension. */
function findBare(schema: ResourceSchema, text: string): Found {
  const found = findIn(schema, schema.core, undefined, text)
  if (found.kind !== 'unknown') return found
  const ofExtensions = schema.extensions.map((definition) => findIn(schema, definition, definition.id, text))
  return ofExtensions.find(({ kind }) => kind !== 'unknown') ?? found
}

/** What follows the id of a schema and a colon; undefined where the text is of another schema. */
function afterSchema(text: string, id: string): string | undefined {
  if (text.slice(0, id.length).toLowerCase() !== id.toLowerCase()) return undefined
  if (text.length === id.length) return ''
  return text[id.length] === ':' ? text.slice(id.length + 1) : undefined
}

function findIn(
  schema: ResourceSchema,
  definition: SchemaDefinition,
  extension: string | undefined,
  text: string,
): Found {
  const [name = '', subName, ...more] = text.split('.')
  const attribute = byName(definition.attributes, name)
  if (attribute === undefined) {
    const isDropped = extension === undefined && schema.dropped.has(name.toLowerCase())
    return { kind: isDropped ? 'dropped' : 'unknown' }
  }
  const of = extension === undefined ? {} : { extension }
  if (subName === undefined) return { kind: 'attribute', ref: { ...of, attribute } }
  const sub = byName(attribute.subAttributes ?? [], subName)
  if (sub === undefined || more.length > 0) return { kind: 'unknown' }
  return { kind: 'attribute', ref: { ...of, attribute, sub } }
}

export function byName(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const wanted = name.toLowerCase()
  return attributes.find((attribute) => attribute.name.toLowerCase() === wanted)
}

/** Whether only the server sets it. */
export function isReadOnly(attribute: Attribute): boolean {
  return attribute.config.mutable === false || attribute.config.mutable === 'readOnly'
}
