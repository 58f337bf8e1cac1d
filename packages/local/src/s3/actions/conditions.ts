import { AwsError } from '../../aws-error.js'
import type { ObjectRecord } from '../records.js'

/** The conditions of a read. */
export interface ReadConditions {
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  readonly ifModifiedSince?: Date | undefined
  readonly ifUnmodifiedSince?: Date | undefined
}

/** What failed: nothing, a precondition (412), or the client has the object already (304). */
export type ConditionResult = 'met' | 'failed' | 'notModified'

/**
 * Evaluates conditions in the order of RFC 9110: an ETag condition makes the date condition of its kind
 * irrelevant. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function checkConditions(record: ObjectRecord, conditions: ReadConditions): ConditionResult {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, record.etag)) return 'failed'
  } else if (ifUnmodifiedSince !== undefined && record.modifiedMs > ifUnmodifiedSince.getTime())
    return 'failed'
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, record.etag) ? 'notModified' : 'met'
  if (ifModifiedSince !== undefined && record.modifiedMs <= ifModifiedSince.getTime()) return 'notModified'
  return 'met'
}

/** `*`, or a list of ETags with or without quotes. */
export function matchesEtag(header: string, etag: string): boolean {
  return header.split(',').some((one) => {
    const trimmed = one
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1')
    return trimmed === '*' || trimmed === etag
  })
}

export function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    {
      Condition: condition,
    },
  )
}

interface WriteConditions {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}

/**
 * Conditions of a write on what is there now: `If-None-Match: *` and `If-Match: "etag"`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(
  current: ObjectRecord | undefined,
  input: WriteConditions,
  key: string,
): void {
  const present = current?.deleteMarker === undefined ? current : undefined
  if (input.IfNoneMatch !== undefined) {
    if (input.IfNoneMatch !== '*')
      throw new AwsError(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
        501,
        {
          Header: 'If-None-Match',
        },
      )
    if (present !== undefined) throw preconditionFailed('If-None-Match')
  }
  if (input.IfMatch === undefined) return
  if (present === undefined)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })
  if (!matchesEtag(input.IfMatch, present.etag)) throw preconditionFailed('If-Match')
}
