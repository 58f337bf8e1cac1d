import type { Tag } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import { malformedXml } from './bucket-deps.js'

const maxTags = 50

/**
 * The tags of a bucket as a record. Errors: `InvalidTag`, `BadRequest` for more than 50.
 * [Billing guide, "User-defined tag restrictions"]
 */
export function parseTagSet(tagSet: readonly Tag[]): Readonly<Record<string, string>> {
  if (tagSet.length > maxTags)
    throw new AwsError('BadRequest', `Bucket tag count cannot be greater than ${maxTags}`, 400)
  const tags = new Map<string, string>()
  for (const { Key, Value } of tagSet) {
    if (Key === undefined || Value === undefined) throw malformedXml()
    if (tags.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', Key)
    if (Key === '' || [...Key].length > 128 || !isTagText(Key))
      throw invalidTag('The TagKey you have provided is invalid', Key)
    if ([...Value].length > 256 || !isTagText(Value))
      throw invalidTag('The TagValue you have provided is invalid', Key)
    if (Key.toLowerCase().startsWith('aws:'))
      throw invalidTag('System tags cannot be added/updated by requester', Key)
    tags.set(Key, Value)
  }
  return Object.fromEntries(tags)
}

/** Letters, white space, digits and `_ . : / = + - @`. */
function isTagText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)
}

function invalidTag(message: string, key: string): AwsError {
  return new AwsError('InvalidTag', message, 400, { TagKey: key })
}

/** The record as S3 lists it. */
export function printTagSet(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
