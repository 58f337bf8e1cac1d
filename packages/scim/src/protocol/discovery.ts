import { ScimError } from '../scim-error.js'
import { groupSchema, type ResourceSchema, userSchema } from '../schema/resource-schemas.js'
import { maxResults } from './list.js'
import type { Json } from './render.js'

const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const core = 'urn:ietf:params:scim:schemas:core:2.0'
const resources = [userSchema, groupSchema]

/** What this server can do (RFC 7643, section 5). */
export function describeServer(base: string): Json {
  return {
    schemas: [`${core}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token that `ringfence scim token create` makes',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}

/** The kinds of resources, or one of them. */
export function describeTypes(base: string, name: string | undefined): Json {
  const types = resources.map((schema) => describeType(schema, base))
  return name === undefined ? listOf(types) : one(types, ({ id }) => id === name, name)
}

function describeType({ kind, endpoint, core: definition, extensions }: ResourceSchema, base: string): Json {
  return {
    schemas: [`${core}:ResourceType`],
    id: kind,
    name: kind,
    description: definition.description,
    endpoint,
    schema: definition.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${kind}` },
  }
}

/** The schemas, or one of them. */
export function describeSchemas(base: string, id: string | undefined): Json {
  const definitions = resources.flatMap(({ core: own, extensions }) => [[own], extensions].flat())
  const schemas = definitions.map(
    // scimmy's attributes turn into what is sent when they are printed.
    (definition) => JSON.parse(JSON.stringify(definition.describe(`${base}/Schemas`))) as Json,
  )
  if (id === undefined) return listOf(schemas)
  return one(schemas, (schema) => String(schema['id']).toLowerCase() === id.toLowerCase(), id)
}

function one(all: readonly Json[], isMeant: (resource: Json) => boolean, name: string): Json {
  const found = all.find(isMeant)
  if (found === undefined) throw new ScimError(404, undefined, `there is no ${JSON.stringify(name)}`)
  return found
}

function listOf(all: readonly Json[]): Json {
  return {
    schemas: [listSchema],
    totalResults: all.length,
    startIndex: 1,
    itemsPerPage: all.length,
    Resources: all,
  }
}
