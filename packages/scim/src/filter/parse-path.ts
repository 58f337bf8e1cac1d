import { ScimError } from '../scim-error.js'
import { type AttributeRef, byName, findAttribute } from '../schema/find-attribute.js'
import type { ResourceSchema, SchemaDefinition } from '../schema/resource-schemas.js'
import type { Filter } from './filter.js'
import { FilterReader, hasEntries } from './parse-filter.js'
import { readTokens } from './tokens.js'

/** What an operation of a PATCH is about (RFC 7644, section 3.5.2). */
export type PatchPath =
  | { readonly kind: 'attribute'; readonly ref: AttributeRef; readonly filter?: Filter }
  | { readonly kind: 'schema'; readonly definition: SchemaDefinition }
  | { readonly kind: 'dropped' }

/** Parses `emails[type eq "work"].value` and the like; what the schema does not have is refused. */
export function parsePath(source: string, schema: ResourceSchema): PatchPath {
  try {
    return read(source, schema)
  } catch (error) {
    // A filter that is wrong inside of a path makes the path wrong.
    if (!(error instanceof ScimError)) throw error
    throw new ScimError(400, 'invalidPath', `${JSON.stringify(source.slice(0, 200))}: ${error.detail}`)
  }
}

function read(source: string, schema: ResourceSchema): PatchPath {
  const reader = new FilterReader(readTokens(source))
  const name = reader.word()
  const found = findAttribute(schema, name)
  if (found.kind === 'unknown')
    throw new ScimError(400, 'invalidPath', `a ${schema.kind} has no attribute ${name}`)
  // What follows the name of something that is not kept does not matter either.
  if (found.kind === 'dropped') return found
  if (found.kind === 'schema') {
    reader.end()
    return found
  }
  const { ref } = found
  if (reader.next?.kind !== '[') {
    reader.end()
    return { kind: 'attribute', ref }
  }
  if (ref.sub !== undefined || !hasEntries(ref.attribute))
    throw new ScimError(400, 'invalidPath', `${name} has one value: there is nothing to choose in brackets`)
  const filter = reader.readBrackets(ref, 0)
  if (reader.take('.') === undefined) {
    reader.end()
    return { kind: 'attribute', ref, filter }
  }
  const subName = reader.word()
  reader.end()
  const sub = byName(ref.attribute.subAttributes ?? [], subName)
  if (sub === undefined)
    throw new ScimError(400, 'invalidPath', `${ref.attribute.name} has no sub-attribute ${subName}`)
  return { kind: 'attribute', ref: { ...ref, sub }, filter }
}
