import { invalidInput, limitExceeded } from './errors.js'
import type { Tags } from './records.js'

interface TagInput {
  readonly Key: string | undefined
  readonly Value: string | undefined
}

const maximumTags = 50

/**
 * Tags as AWS takes them: keys of one list are distinct whatever their case, and nobody writes `aws:` tags
 * (IAM User Guide, "Rules for tagging in IAM").
 */
export function readTags(list: readonly TagInput[] | undefined): Tags {
  const tags: Record<string, string> = {}
  const seen = new Set<string>()
  for (const { Key: key, Value: value } of list ?? []) {
    if (key === undefined || key === '' || key.length > 128) {
      throw invalidInput('Tag keys must have between 1 and 128 characters.')
    }
    if ((value ?? '').length > 256) throw invalidInput('Tag values must have at most 256 characters.')
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidInput('User tags cannot be created with the "aws:" prefix.')
    }
    if (seen.has(key.toLowerCase())) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    }
    seen.add(key.toLowerCase())
    tags[key] = value ?? ''
  }
  if (seen.size > maximumTags) throw tooMany()
  return tags
}

/** Adds or overwrites; a key that differs only in case replaces the old one. */
export function addTags(old: Tags, list: readonly TagInput[] | undefined): Tags {
  const added = readTags(list)
  const tags = { ...removeTags(old, Object.keys(added)), ...added }
  if (Object.keys(tags).length > maximumTags) throw tooMany()
  return tags
}

export function removeTags(old: Tags, keys: readonly string[] | undefined): Tags {
  const gone = new Set((keys ?? []).map((key) => key.toLowerCase()))
  return Object.fromEntries(Object.entries(old).filter(([key]) => !gone.has(key.toLowerCase())))
}

/** As answers carry them; absent when there are none. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

function tooMany(): Error {
  return limitExceeded('The number of tags has reached the maximum limit.')
}
