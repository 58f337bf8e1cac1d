import type { Directory } from '../directory.js'
import { applyOperation } from '../patch/apply-operation.js'
import { readOperations } from '../patch/read-operations.js'
import { ScimError } from '../scim-error.js'
import { type JsonObject, readResource } from '../schema/read-resource.js'
import { userSchema } from '../schema/resource-schemas.js'
import type { By, StoredUser } from '../store/stored.js'
import { isUnchanged, requireMatch } from './preconditions.js'
import { renderUser, versionOfUser } from './render.js'
import type { ScimRequest, ScimResponse } from './request.js'
import { readSelection, select } from './selection.js'

export function createUser(
  request: ScimRequest,
  body: JsonObject,
  directory: Directory,
  by: By,
): ScimResponse {
  const user = directory.users.create(readResource(userSchema, body), by)
  return answer(request, user, directory, 201)
}

export function readUser(request: ScimRequest, id: string, directory: Directory): ScimResponse {
  const user = requireUser(id, directory)
  const version = versionOfUser(user, directory)
  if (isUnchanged(request, version)) return { status: 304, headers: { etag: version } }
  return answer(request, user, directory, 200)
}

export function replaceUser(
  request: ScimRequest,
  id: string,
  body: JsonObject,
  directory: Directory,
  by: By,
): ScimResponse {
  const before = requireUser(id, directory)
  requireMatch(request, versionOfUser(before, directory))
  const user = directory.users.replace(before, readResource(userSchema, body), by)
  return answer(request, user, directory, 200)
}

export function patchUser(
  request: ScimRequest,
  id: string,
  body: JsonObject,
  directory: Directory,
  by: By,
): ScimResponse {
  const before = requireUser(id, directory)
  requireMatch(request, versionOfUser(before, directory))
  const attributes = structuredClone(before.attributes)
  for (const operation of readOperations(body, userSchema)) applyOperation(attributes, operation)
  return answer(request, directory.users.replace(before, attributes, by), directory, 200)
}

export function deleteUser(request: ScimRequest, id: string, directory: Directory, by: By): ScimResponse {
  const user = requireUser(id, directory)
  requireMatch(request, versionOfUser(user, directory))
  directory.users.delete(user, by)
  return { status: 204, headers: {} }
}

function requireUser(id: string, { tables }: Directory): StoredUser {
  const user = tables.users.get([id])
  if (user === undefined) throw new ScimError(404, undefined, `there is no user ${JSON.stringify(id)}`)
  return user
}

function answer(request: ScimRequest, user: StoredUser, directory: Directory, status: number): ScimResponse {
  const resource = renderUser(user, directory, request.base)
  const location = `${request.base}/Users/${user.id}`
  return {
    status,
    headers: { etag: versionOfUser(user, directory), ...(status === 201 ? { location } : {}) },
    body: select(resource, readSelection(request.query, userSchema)),
  }
}
