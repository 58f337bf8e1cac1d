import { AwsError } from '../aws-error.js'
import type { Tags } from '../iam/records.js'

interface TagInput {
  readonly Key: string | undefined
  readonly Value: string | undefined
}

/** At most 50 tags that are not AWS's own (SageMaker API Reference, AddTags). */
export function readSageMakerTags(list: readonly TagInput[] | undefined, old: Tags = {}): Tags {
  const tags: Record<string, string> = { ...old }
  for (const { Key: key, Value: value } of list ?? []) {
    if (key === undefined || key === '' || key.length > 128 || (value ?? '').length > 256) {
      throw new AwsError('ValidationException', `Invalid tag: ${key ?? ''}`, 400)
    }
    if (/^aws:/i.test(key)) {
      throw new AwsError('ValidationException', 'Tag keys that start with aws: are reserved.', 400)
    }
    tags[key] = value ?? ''
  }
  if (Object.keys(tags).length > 50) throw new AwsError('ValidationException', 'More than 50 tags.', 400)
  return tags
}
