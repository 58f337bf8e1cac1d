import { invalid, notFound, quotaExceeded } from './errors.js'
import type { IdentityCenterDeps, SsoAdminOperations } from './operation.js'
import { getInstance } from './operation.js'
import { page } from './pages.js'
import type { Tags } from '../iam/records.js'
import { findInstance, type IdentityCenterTables, putInstance } from './tables.js'

interface TagInput {
  readonly Key: string | undefined
  readonly Value: string | undefined
}

const maximumTags = 50

export const tagOperations = {
  TagResource(input, call, deps) {
    getInstance(deps.tables, call, findInstance(deps.tables)?.arn)
    return retag(deps, input.ResourceArn, (tags) => readSsoTags(input.Tags, tags))
  },

  UntagResource(input, call, deps) {
    getInstance(deps.tables, call, findInstance(deps.tables)?.arn)
    const gone = new Set(input.TagKeys)
    return retag(deps, input.ResourceArn, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
    )
  },

  ListTagsForResource(input, call, { tables }) {
    getInstance(tables, call, findInstance(tables)?.arn)
    const { items, ...rest } = page(Object.entries(getTags(tables, input.ResourceArn)), input, ([key]) => key)
    return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...rest }
  },
} satisfies SsoAdminOperations

/** Tags added to those that are there. */
export function readSsoTags(list: readonly TagInput[] | undefined, old: Tags = {}): Tags {
  const given = list ?? []
  if (new Set(given.map(({ Key }) => Key)).size < given.length) throw invalid('Tag keys must be unique.')
  const tags: Record<string, string> = { ...old }
  for (const { Key: key = '', Value: value = '' } of given) {
    if (/^aws:/i.test(key)) throw invalid(`The tag key ${key} is reserved for AWS.`)
    tags[key] = value
  }
  if (Object.keys(tags).length > maximumTags) throw quotaExceeded(`At most ${maximumTags} tags.`)
  return tags
}

/** Tags of the instance or of a permission set. */
export function findSsoTags(tables: IdentityCenterTables, arn: string): Tags | undefined {
  const instance = findInstance(tables)
  return instance?.arn === arn ? instance.tags : tables.permissionSets.get([arn])?.tags
}

function getTags(tables: IdentityCenterTables, arn: string | undefined): Tags {
  const tags = findSsoTags(tables, arn ?? '')
  if (tags === undefined) throw notFound(`Could not find the resource ${arn}`)
  return tags
}

function retag(
  { tables, write }: IdentityCenterDeps,
  arn: string | undefined,
  change: (tags: Tags) => Tags,
): Promise<object> {
  return write(() => {
    const tags = change(getTags(tables, arn))
    const instance = findInstance(tables)
    const set = tables.permissionSets.get([arn ?? ''])
    if (set !== undefined) tables.permissionSets.put([set.arn], { ...set, tags })
    else if (instance !== undefined) putInstance(tables, { ...instance, tags })
    return {}
  })
}
