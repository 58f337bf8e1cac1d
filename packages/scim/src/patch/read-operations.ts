import { type PatchPath, parsePath } from '../filter/parse-path.js'
import { ScimError } from '../scim-error.js'
import { findAttribute } from '../schema/find-attribute.js'
import { fieldOf, type JsonObject } from '../schema/read-resource.js'
import type { ResourceSchema } from '../schema/resource-schemas.js'

/** One step of a PATCH, with the dialects of providers behind it. */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace'
  readonly path: Exclude<PatchPath, { kind: 'dropped' | 'schema' }>
  readonly value: unknown
}

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const maxOperations = 1_000

/**
 * Reads the body of a PATCH (RFC 7644, section 3.5.2) as providers write it: `Add` and `Replace` (Entra ID), an object of
 * values without a path (Okta, Google), and in such an object paths for names. An operation without a path becomes one
 * for each of its values, so that what follows knows one form only.
 */
export function readOperations(body: JsonObject, schema: ResourceSchema): readonly Operation[] {
  const [schemas, listed] = [fieldOf(body, 'schemas'), fieldOf(body, 'operations')]
  if (Array.isArray(schemas) && !schemas.some((id) => String(id).toLowerCase() === patchSchema.toLowerCase()))
    throw new ScimError(400, 'invalidSyntax', `schemas does not name ${patchSchema}`)
  if (!Array.isArray(listed) || listed.length === 0)
    throw new ScimError(400, 'invalidSyntax', 'Operations has to be a list with one operation at least')
  if (listed.length > maxOperations)
    throw new ScimError(400, 'tooMany', `a PATCH has at most ${maxOperations} operations`)
  return listed.flatMap((operation: unknown) => readOperation(operation, schema))
}

function readOperation(operation: unknown, schema: ResourceSchema): readonly Operation[] {
  if (typeof operation !== 'object' || operation === null)
    throw new ScimError(400, 'invalidSyntax', 'an operation has to be an object')
  const [written, path, value] = ['op', 'path', 'value'].map((name) => fieldOf(operation, name))
  const op = typeof written === 'string' ? written.toLowerCase() : undefined
  if (op !== 'add' && op !== 'remove' && op !== 'replace')
    throw new ScimError(400, 'invalidSyntax', 'op has to be add, remove or replace')
  if (path === undefined || path === null || path === '') return readWithoutPath(op, value, schema)
  if (typeof path !== 'string') throw new ScimError(400, 'invalidPath', 'path has to be a text')
  return readWithPath(op, path, value, schema)
}

function readWithPath(
  op: Operation['op'],
  text: string,
  value: unknown,
  schema: ResourceSchema,
): readonly Operation[] {
  const path = parsePath(text, schema)
  if (path.kind === 'attribute') return [{ op, path, value }]
  if (path.kind === 'dropped') return []
  const { definition } = path
  if (op === 'remove') {
    return definition.attributes
      .filter(({ config }) => config.shadow !== true)
      .flatMap(({ name }) => readWithPath(op, `${definition.id}:${name}`, undefined, schema))
  }
  return entriesOf(value).flatMap(([name, inner]) => readNamed(op, `${definition.id}:${name}`, inner, schema))
}

function readWithoutPath(op: Operation['op'], value: unknown, schema: ResourceSchema): readonly Operation[] {
  if (op === 'remove') throw new ScimError(400, 'noTarget', 'remove has to name by path what it removes')
  return entriesOf(value).flatMap(([name, inner]) => readNamed(op, name, inner, schema))
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value)
  throw new ScimError(400, 'invalidValue', 'without the path of one attribute the value has to be an object')
}

/** A value under its name: names that mean nothing here, and those that only the server sets, are passed over. */
function readNamed(
  op: Operation['op'],
  name: string,
  value: unknown,
  schema: ResourceSchema,
): readonly Operation[] {
  const bare = name.split('[')[0] ?? ''
  const found = findAttribute(schema, bare)
  if (found.kind === 'unknown' || found.kind === 'dropped') return []
  if (found.kind === 'attribute' && isOfServer(found.ref.attribute.name)) return []
  return readWithPath(op, name, value, schema)
}

/** Okta names the group's `id` beside a new name. */
function isOfServer(name: string): boolean {
  return name === 'schemas' || name === 'id' || name === 'meta' || name === 'groups'
}
