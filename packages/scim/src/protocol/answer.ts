import type { Directory } from '../directory.js'
import { printError, ScimError } from '../scim-error.js'
import type { JsonObject } from '../schema/read-resource.js'
import { groupSchema, type ResourceSchema, userSchema } from '../schema/resource-schemas.js'
import type { By } from '../store/stored.js'
import { describeSchemas, describeServer, describeTypes } from './discovery.js'
import { createGroup, deleteGroup, patchGroup, readGroup, replaceGroup } from './groups.js'
import { listResources, readSearch } from './list.js'
import type { ScimRequest, ScimResponse } from './request.js'
import { createUser, deleteUser, patchUser, readUser, replaceUser } from './users.js'

/** Answers a request of SCIM 2.0. A change is on the disk, with its line in the journal, before its answer is given. */
export function answerScim(request: ScimRequest, directory: Directory, nowMs: number): ScimResponse {
  try {
    return route(request, directory, { client: request.client, atMs: nowMs })
  } catch (error) {
    if (error instanceof ScimError) return answerError(error)
    throw error
  }
}

export function answerError(error: ScimError): ScimResponse {
  return { status: error.status, headers: error.headers, body: printError(error) }
}

function route(request: ScimRequest, directory: Directory, by: By): ScimResponse {
  const [top = '', id, ...more] = request.path
  if (more.length > 0) throw notFound()
  switch (top) {
    case 'Users':
    case 'Groups':
      if (id === '.search') return search([schemas[top]], request, directory)
      return id === undefined ? ofAll(top, request, directory, by) : ofOne(top, id, request, directory, by)
    case '.search':
      if (id !== undefined) throw notFound()
      return search([userSchema, groupSchema], request, directory)
    case 'ServiceProviderConfig':
      if (id !== undefined) throw notFound()
      return discovered(request, () => describeServer(request.base))
    case 'ResourceTypes':
      return discovered(request, () => describeTypes(request.base, id))
    case 'Schemas':
      return discovered(request, () => describeSchemas(request.base, id))
    case 'Bulk':
    case 'Me':
      throw new ScimError(501, undefined, `/${top} is not served; ServiceProviderConfig tells what is`)
    default:
      throw notFound()
  }
}

type Kind = 'Users' | 'Groups'

function ofAll(kind: Kind, request: ScimRequest, directory: Directory, by: By): ScimResponse {
  if (request.method === 'GET') return list([schemas[kind]], request, request.query, directory)
  if (request.method !== 'POST') throw notAllowed('GET, POST')
  const body = requireObject(request.body)
  const create = kind === 'Users' ? createUser : createGroup
  return directory.transaction(() => create(request, body, directory, by))
}

const schemas = { Users: userSchema, Groups: groupSchema }

function list(
  of: readonly ResourceSchema[],
  { base }: ScimRequest,
  query: URLSearchParams,
  directory: Directory,
): ScimResponse {
  return { status: 200, headers: {}, body: listResources(of, query, directory, base) }
}

/** A query whose filter is too long, or too private, for a path. */
function search(of: readonly ResourceSchema[], request: ScimRequest, directory: Directory): ScimResponse {
  if (request.method !== 'POST') throw notAllowed('POST')
  return list(of, request, readSearch(requireObject(request.body)), directory)
}

function ofOne(kind: Kind, id: string, request: ScimRequest, directory: Directory, by: By): ScimResponse {
  const isUser = kind === 'Users'
  switch (request.method) {
    case 'GET':
      return isUser ? readUser(request, id, directory) : readGroup(request, id, directory)
    case 'PUT': {
      const replace = isUser ? replaceUser : replaceGroup
      const body = requireObject(request.body)
      return directory.transaction(() => replace(request, id, body, directory, by))
    }
    case 'PATCH': {
      const patch = isUser ? patchUser : patchGroup
      const body = requireObject(request.body)
      return directory.transaction(() => patch(request, id, body, directory, by))
    }
    case 'DELETE': {
      const remove = isUser ? deleteUser : deleteGroup
      return directory.transaction(() => remove(request, id, directory, by))
    }
    default:
      throw notAllowed('GET, PUT, PATCH, DELETE')
  }
}

function discovered({ method, query }: ScimRequest, describe: () => unknown): ScimResponse {
  if (method !== 'GET') throw notAllowed('GET')
  // What this server is does not depend on who asks what (RFC 7644, section 4).
  if (query.has('filter')) throw new ScimError(403, undefined, 'what the server can do is not filtered')
  return { status: 200, headers: {}, body: describe() }
}

function requireObject(body: unknown): JsonObject {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject
  throw new ScimError(400, 'invalidSyntax', 'the body has to be a JSON object')
}

function notFound(): ScimError {
  return new ScimError(404, undefined, 'there is nothing here; /Users and /Groups are')
}

function notAllowed(allowed: string): ScimError {
  return new ScimError(405, undefined, `only ${allowed} are understood here`, { allow: allowed })
}
