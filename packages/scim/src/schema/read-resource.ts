import { ScimError } from '../scim-error.js'
import { type Attributes, type Values, valuesOf } from './attributes.js'
import { byName, isReadOnly } from './find-attribute.js'
import { readValue } from './read-value.js'
import type { Attribute, ResourceSchema, SchemaDefinition } from './resource-schemas.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** What an object says under a name; names of SCIM have no case (RFC 7643, section 2.1). */
export function fieldOf(object: object, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1]
}

/**
 * Reads a whole resource as POST and PUT send it. What only the server sets (`id`, `meta`, `groups`) and attributes that
 * are not kept are passed over, as RFC 7644 (section 3.3) asks; nothing that access depends on is among them.
 */
export function readResource(schema: ResourceSchema, body: JsonObject): Attributes {
  requireSchema(schema, body)
  const attributes: Attributes = { core: {}, extensions: {} }
  readInto(attributes.core, schema.core, body)
  for (const [name, value] of Object.entries(body)) {
    const named = [schema.core, ...schema.extensions].find(
      ({ id }) => id.toLowerCase() === name.toLowerCase(),
    )
    if (named === undefined || value === null || value === undefined) continue
    if (typeof value !== 'object' || Array.isArray(value))
      throw new ScimError(400, 'invalidValue', `${named.id} has to be an object`)
    const values = valuesOf(attributes, named === schema.core ? undefined : named.id)
    readInto(values, named, value as JsonObject)
  }
  return attributes
}

function readInto(values: Values, definition: SchemaDefinition, body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    const attribute = byName(definition.attributes, name)
    if (attribute === undefined || isServed(attribute)) continue
    const read = readValue(attribute, value)
    if (read !== undefined) values[attribute.name] = read
  }
}

/** Set by the server, or, as members of groups, kept apart. */
export function isServed(attribute: Attribute): boolean {
  return isReadOnly(attribute) || attribute.name === 'schemas' || attribute.name === 'members'
}

function requireSchema(schema: ResourceSchema, body: JsonObject): void {
  const { schemas } = body
  if (schemas === undefined || (Array.isArray(schemas) && schemas.length === 0)) return
  const isNamed =
    Array.isArray(schemas) &&
    schemas.some((id) => typeof id === 'string' && id.toLowerCase() === schema.core.id.toLowerCase())
  if (!isNamed)
    throw new ScimError(400, 'invalidSyntax', `schemas does not name ${schema.core.id}, which belongs here`)
}
