import { AwsError } from '../aws-error.js'
import type { Tags } from '../iam/records.js'

interface KmsTag {
  readonly TagKey: string | undefined
  readonly TagValue: string | undefined
}

/** At most 50 tags, keys distinct and not AWS's own (KMS Developer Guide, "Tags in AWS KMS"). */
export function readKmsTags(list: readonly KmsTag[] | undefined, old: Tags = {}): Tags {
  const tags: Record<string, string> = { ...old }
  for (const { TagKey: key, TagValue: value } of list ?? []) {
    if (
      key === undefined ||
      key === '' ||
      key.length > 128 ||
      /^aws:/i.test(key) ||
      (value ?? '').length > 256
    ) {
      throw new AwsError('TagException', `Invalid tag: ${key ?? ''}`, 400)
    }
    tags[key] = value ?? ''
  }
  if (Object.keys(tags).length > 50) throw new AwsError('TagException', 'Too many tags', 400)
  return tags
}
