import type { Tags } from '../iam/records.js'
import { invalidParameter } from './errors.js'

interface SecretTag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** At most 50 tags, none of AWS's own (Secrets Manager User Guide, "Tagging secrets"). */
export function readSecretTags(list: readonly SecretTag[] | undefined, old: Tags = {}): Tags {
  const tags: Record<string, string> = { ...old }
  for (const { Key: key = '', Value: value = '' } of list ?? []) {
    if (key === '' || /^aws:/i.test(key)) throw invalidParameter(`Invalid tag: ${key}`)
    tags[key] = value
  }
  if (Object.keys(tags).length > 50) throw invalidParameter('A secret can have 50 tags.')
  return tags
}

export function withoutTags(tags: Tags, names: readonly string[] | undefined): Tags {
  const gone = new Set(names)
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !gone.has(name)))
}

export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
