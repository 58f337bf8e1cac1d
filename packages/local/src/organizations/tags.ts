import type { OrganizationDeps, OrganizationOperations } from './operation.js'
import { getOrganization, getTarget } from './operation.js'
import { constraintViolation, invalidInput } from './errors.js'
import { organizationPage } from './pages.js'
import type { OrganizationTags } from './records.js'

interface TagInput {
  readonly Key: string | undefined
  readonly Value: string | undefined
}

const maximumTags = 50

export const tagOperations = {
  TagResource(input, _call, { tables, write }) {
    return write(() => {
      const id = getTaggable({ tables }, input.ResourceId)
      tables.tags.put([id], readOrganizationTags(input.Tags, tables.tags.get([id])))
      return {}
    })
  },

  UntagResource(input, _call, { tables, write }) {
    return write(() => {
      const id = getTaggable({ tables }, input.ResourceId)
      const gone = new Set(input.TagKeys)
      const left = Object.entries(tables.tags.get([id]) ?? {}).filter(([key]) => !gone.has(key))
      if (left.length === 0) tables.tags.delete([id])
      else tables.tags.put([id], Object.fromEntries(left))
      return {}
    })
  },

  ListTagsForResource(input, _call, { tables }) {
    const id = getTaggable({ tables }, input.ResourceId)
    const all = Object.entries(tables.tags.get([id]) ?? {})
    const { items, ...rest } = organizationPage(all, input, ([key]) => key)
    return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...rest }
  },
} satisfies OrganizationOperations

/** Tags added to those that are there; keys are case-sensitive (Organizations User Guide, "Tagging"). */
export function readOrganizationTags(
  list: readonly TagInput[] | undefined,
  old: OrganizationTags = {},
): OrganizationTags {
  const given = list ?? []
  if (new Set(given.map(({ Key }) => Key)).size < given.length) {
    throw invalidInput('DUPLICATE_TAG_KEY', 'Tag keys must be unique among the tags of one entity.')
  }
  const tags: Record<string, string> = { ...old }
  for (const { Key: key = '', Value: value = '' } of given) {
    if (/^aws:/i.test(key)) {
      throw invalidInput('INVALID_SYSTEM_TAGS_PARAMETER', `The tag key ${key} is reserved for AWS.`)
    }
    tags[key] = value
  }
  if (Object.keys(tags).length > maximumTags) {
    throw constraintViolation('MAX_TAG_LIMIT_EXCEEDED', `An entity has at most ${maximumTags} tags.`)
  }
  return tags
}

/** A root, an account or a policy that is not AWS's. */
function getTaggable({ tables }: Pick<OrganizationDeps, 'tables'>, id: string | undefined): string {
  const policy = id === undefined ? undefined : tables.policies.get([id])
  if (policy?.awsManaged === true) {
    throw invalidInput('IMMUTABLE_POLICY', 'The policy is managed by AWS and cannot be modified.')
  }
  return policy?.id ?? getTarget(getOrganization(tables), id).id
}
