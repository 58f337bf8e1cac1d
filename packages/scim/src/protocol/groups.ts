import type { Directory } from '../directory.js'
import { applyOperation } from '../patch/apply-operation.js'
import { memberChangeOf, readMembers } from '../patch/member-changes.js'
import { readOperations } from '../patch/read-operations.js'
import { ScimError } from '../scim-error.js'
import { fieldOf, type JsonObject, readResource } from '../schema/read-resource.js'
import { groupSchema } from '../schema/resource-schemas.js'
import type { By, StoredGroup } from '../store/stored.js'
import { isUnchanged, requireMatch } from './preconditions.js'
import { renderGroup, versionOfGroup } from './render.js'
import type { ScimRequest, ScimResponse } from './request.js'
import { isSelected, readSelection, select } from './selection.js'

export function createGroup(
  request: ScimRequest,
  body: JsonObject,
  directory: Directory,
  by: By,
): ScimResponse {
  const members = readMembers(fieldOf(body, 'members'))
  const changes = members === undefined ? [] : [members]
  const group = directory.groups.create(readResource(groupSchema, body), changes, by)
  return answer(request, group, directory, 201)
}

export function readGroup(request: ScimRequest, id: string, directory: Directory): ScimResponse {
  const group = requireGroup(id, directory)
  const version = versionOfGroup(group)
  if (isUnchanged(request, version)) return { status: 304, headers: { etag: version } }
  return answer(request, group, directory, 200)
}

/** A PUT that says nothing of members leaves them as they are (RFC 7644, section 3.5.1, permits it). */
export function replaceGroup(
  request: ScimRequest,
  id: string,
  body: JsonObject,
  directory: Directory,
  by: By,
): ScimResponse {
  const before = requireGroup(id, directory)
  requireMatch(request, versionOfGroup(before))
  const members = readMembers(fieldOf(body, 'members'))
  const changes = members === undefined ? [] : [members]
  const group = directory.groups.replace(before, readResource(groupSchema, body), changes, by)
  return answer(request, group, directory, 200)
}

/** Answers without a body, unless attributes are asked for: a group may have thousands of members. */
export function patchGroup(
  request: ScimRequest,
  id: string,
  body: JsonObject,
  directory: Directory,
  by: By,
): ScimResponse {
  const before = requireGroup(id, directory)
  requireMatch(request, versionOfGroup(before))
  const attributes = structuredClone(before.attributes)
  const changes = readOperations(body, groupSchema).flatMap((operation) => {
    if (operation.path.ref.attribute.name === 'members') return [memberChangeOf(operation)]
    applyOperation(attributes, operation)
    return []
  })
  const group = directory.groups.replace(before, attributes, changes, by)
  if (request.query.has('attributes')) return answer(request, group, directory, 200)
  return { status: 204, headers: { etag: versionOfGroup(group) } }
}

export function deleteGroup(request: ScimRequest, id: string, directory: Directory, by: By): ScimResponse {
  const group = requireGroup(id, directory)
  requireMatch(request, versionOfGroup(group))
  directory.groups.delete(group, by)
  return { status: 204, headers: {} }
}

function requireGroup(id: string, { tables }: Directory): StoredGroup {
  const group = tables.groups.get([id])
  if (group === undefined) throw new ScimError(404, undefined, `there is no group ${JSON.stringify(id)}`)
  return group
}

function answer(
  request: ScimRequest,
  group: StoredGroup,
  directory: Directory,
  status: number,
): ScimResponse {
  const selection = readSelection(request.query, groupSchema)
  const resource = renderGroup(group, directory, request.base, isSelected(selection, 'members'))
  const location = `${request.base}/Groups/${group.id}`
  return {
    status,
    headers: { etag: versionOfGroup(group), ...(status === 201 ? { location } : {}) },
    body: select(resource, selection),
  }
}
