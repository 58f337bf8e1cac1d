import type { S3 } from '@aws-sdk/client-s3'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { objectArn } from './arns.js'
import type { Rows } from './requirements.js'
import { keys } from './requirements.js'
import type { ResourceView } from './resource-view.js'
import type { AclInput, WriteInput } from './s3-context.js'
import {
  aclContext,
  existingTagContext,
  lockContext,
  objectTagContext,
  parseCopySource,
  s3Context,
  setsAcl,
  writeContext,
} from './s3-context.js'
import { effectiveEncryption, keyUse } from './s3-encryption.js'

interface Place {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string | undefined
}

interface ObjectInput {
  readonly Bucket?: string | undefined
  readonly Key?: string | undefined
  readonly VersionId?: string | undefined
}

interface TaggingInput extends ObjectInput {
  readonly Tagging?:
    | {
        readonly TagSet?:
          readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined
      }
    | undefined
}

function placeOf(input: ObjectInput): Place {
  return { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
}

function need(
  action: string,
  place: Place,
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  const owner = view.bucket(place.bucket)?.account ?? call.caller.account
  return {
    action,
    resource: objectArn(place.bucket, place.key),
    resourceAccount: owner,
    context: { ...s3Context(call, owner), ...keys({ 's3:VersionId': place.versionId }), ...more },
  }
}

/**
 * An action on an object whose tags count (`s3:ExistingObjectTag/…`); `versioned` is the action that takes
 * its place when the request names a version.
 */
function onObject<Input extends ObjectInput>(
  action: string,
  versioned: string,
  more?: (input: Input, call: Call) => RequestContext,
) {
  return (input: Input, call: Call, view: ResourceView): Requirement[] => {
    const place = placeOf(input)
    const tags = view.object(place.bucket, place.key, place.versionId)?.tags
    const context = { ...existingTagContext(tags), ...more?.(input, call) }
    return [need(place.versionId === undefined ? action : versioned, place, call, view, context)]
  }
}

/** Reading a body takes the object's key too. */
function reading(place: Place, call: Call, view: ResourceView): Requirement[] {
  const object = view.object(place.bucket, place.key, place.versionId)
  const action = place.versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
  return [
    need(action, place, call, view, existingTagContext(object?.tags)),
    ...keyUse('kms:Decrypt', object?.encryption, place, call, view),
  ]
}

/** Writing: what a request sets besides the body takes permissions of its own. */
function writing(
  input: WriteInput & ObjectInput & { readonly BucketKeyEnabled?: boolean | undefined },
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement[] {
  const place = { bucket: input.Bucket ?? '', key: input.Key ?? '' }
  const context = { ...writeContext(input, call), ...more }
  const also = (action: string) => need(action, place, call, view, context)
  const locks = input.ObjectLockMode !== undefined || input.ObjectLockRetainUntilDate !== undefined
  return [
    also('s3:PutObject'),
    ...(setsAcl(input) ? [also('s3:PutObjectAcl')] : []),
    ...(input.Tagging === undefined || input.Tagging === '' ? [] : [also('s3:PutObjectTagging')]),
    ...(locks ? [also('s3:PutObjectRetention')] : []),
    ...(input.ObjectLockLegalHoldStatus === undefined ? [] : [also('s3:PutObjectLegalHold')]),
    ...keyUse('kms:GenerateDataKey', effectiveEncryption(input, place.bucket, view), place, call, view),
  ]
}

/** Parts of an upload go under the key that the upload was begun with. */
function writingPart(
  input: ObjectInput & { readonly UploadId?: string | undefined },
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement[] {
  const place = { bucket: input.Bucket ?? '', key: input.Key ?? '' }
  const upload = view.upload(place.bucket, place.key, input.UploadId ?? '')
  return [
    need('s3:PutObject', place, call, view, more),
    ...keyUse('kms:GenerateDataKey', upload?.encryption, place, call, view),
    ...keyUse('kms:Decrypt', upload?.encryption, place, call, view),
  ]
}

function deleting(place: Place, bypass: boolean | undefined, call: Call, view: ResourceView): Requirement[] {
  const action = place.versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion'
  return [
    need(action, place, call, view),
    ...(bypass === true ? [need('s3:BypassGovernanceRetention', place, call, view)] : []),
  ]
}

/** Objects keep their tags on a copy, which takes the permissions to read and to write them. */
function copying(
  input: WriteInput &
    ObjectInput & {
      readonly CopySource?: string | undefined
      readonly MetadataDirective?: string | undefined
      readonly TaggingDirective?: string | undefined
    },
  call: Call,
  view: ResourceView,
): Requirement[] {
  const source = parseCopySource(input.CopySource)
  const more = keys({
    's3:x-amz-copy-source': input.CopySource?.replace(/^\//, ''),
    's3:x-amz-metadata-directive': input.MetadataDirective,
  })
  const write = writing(input, call, view, more)
  if (source === undefined) return write
  const read = reading(source, call, view)
  const tags = view.object(source.bucket, source.key, source.versionId)?.tags ?? {}
  if (input.TaggingDirective === 'REPLACE' || Object.keys(tags).length === 0) return [...read, ...write]
  const readTags = source.versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging'
  return [
    ...read,
    need(readTags, source, call, view, existingTagContext(tags)),
    ...write,
    need('s3:PutObjectTagging', placeOf(input), call, view, { ...objectTagContext(tags), ...more }),
  ]
}

const tagsOf = (list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined) =>
  Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']))

export const s3ObjectRows = {
  GetObject: (input, call, view) => reading(placeOf(input), call, view),
  HeadObject: (input, call, view) => reading(placeOf(input), call, view),
  SelectObjectContent: (input, call, view) => reading(placeOf(input), call, view),
  GetObjectAttributes: (input, call, view) => {
    const place = placeOf(input)
    const versioned = place.versionId !== undefined
    const tags = view.object(place.bucket, place.key, place.versionId)?.tags
    const action = versioned ? 's3:GetObjectVersionAttributes' : 's3:GetObjectAttributes'
    return [...reading(place, call, view), need(action, place, call, view, existingTagContext(tags))]
  },
  PutObject: (input, call, view) => writing(input, call, view),
  CopyObject: copying,
  CreateMultipartUpload: (input, call, view) => writing(input, call, view),
  UploadPart: (input, call, view) => writingPart(input, call, view),
  UploadPartCopy: (input, call, view) => {
    const source = parseCopySource(input.CopySource)
    const more = keys({ 's3:x-amz-copy-source': input.CopySource?.replace(/^\//, '') })
    return [
      ...(source === undefined ? [] : reading(source, call, view)),
      ...writingPart(input, call, view, more),
    ]
  },
  CompleteMultipartUpload: (input, call, view) =>
    writingPart(
      input,
      call,
      view,
      keys({ 's3:if-match': input.IfMatch, 's3:if-none-match': input.IfNoneMatch }),
    ),
  AbortMultipartUpload: (input, call, view) => [need('s3:AbortMultipartUpload', placeOf(input), call, view)],
  ListParts: (input, call, view) => [need('s3:ListMultipartUploadParts', placeOf(input), call, view)],
  DeleteObject: (input, call, view) => deleting(placeOf(input), input.BypassGovernanceRetention, call, view),
  DeleteObjects: (input, call, view) => {
    const requirements: Requirement[] = []
    for (const [index, { Key, VersionId }] of (input.Delete?.Objects ?? []).entries()) {
      const place = { bucket: input.Bucket ?? '', key: Key ?? '', versionId: VersionId }
      for (const one of deleting(place, input.BypassGovernanceRetention, call, view)) {
        requirements.push({ ...one, item: String(index) })
      }
    }
    return requirements
  },
  GetObjectTagging: onObject('s3:GetObjectTagging', 's3:GetObjectVersionTagging'),
  PutObjectTagging: onObject('s3:PutObjectTagging', 's3:PutObjectVersionTagging', (input: TaggingInput) =>
    objectTagContext(tagsOf(input.Tagging?.TagSet)),
  ),
  DeleteObjectTagging: onObject('s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'),
  GetObjectAcl: onObject('s3:GetObjectAcl', 's3:GetObjectVersionAcl'),
  PutObjectAcl: onObject('s3:PutObjectAcl', 's3:PutObjectVersionAcl', (input: ObjectInput & AclInput) =>
    aclContext(input),
  ),
  GetObjectLegalHold: (input, call, view) => [need('s3:GetObjectLegalHold', placeOf(input), call, view)],
  PutObjectLegalHold: (input, call, view) => [
    need(
      's3:PutObjectLegalHold',
      placeOf(input),
      call,
      view,
      keys({ 's3:object-lock-legal-hold': input.LegalHold?.Status }),
    ),
  ],
  GetObjectRetention: (input, call, view) => [need('s3:GetObjectRetention', placeOf(input), call, view)],
  PutObjectRetention: (input, call, view) => {
    const context = lockContext(
      { ObjectLockMode: input.Retention?.Mode, ObjectLockRetainUntilDate: input.Retention?.RetainUntilDate },
      call,
    )
    const actions = [
      's3:PutObjectRetention',
      ...(input.BypassGovernanceRetention === true ? ['s3:BypassGovernanceRetention'] : []),
    ]
    return actions.map((action) => need(action, placeOf(input), call, view, context))
  },
  RestoreObject: (input, call, view) => [need('s3:RestoreObject', placeOf(input), call, view)],
} satisfies Rows<S3>
