import type { ServiceOperations } from '../../http/operations.js'
import type { S3Deps } from '../deps.js'
import { copyObject } from './copy-object.js'
import { deleteObject, deleteObjects } from './delete-object.js'
import { getObject, headObject } from './get-object.js'
import { completeMultipartUpload } from './multipart-complete.js'
import { listMultipartUploads, listParts } from './multipart-lists.js'
import { uploadPart, uploadPartCopy } from './multipart-parts.js'
import { abortMultipartUpload, createMultipartUpload } from './multipart-uploads.js'
import { getObjectAttributes } from './object-attributes.js'
import { objectSettingOperations } from './object-tagging.js'
import { putObject } from './put-object.js'

/** Every operation on objects and multipart uploads, listings of objects apart. */
export function objectOperations(deps: S3Deps) {
  return {
    PutObject: (input, call) => putObject(deps, input, call),
    GetObject: (input, call) => getObject(deps, input, call),
    HeadObject: (input, call) => headObject(deps, input, call),
    DeleteObject: (input) => deleteObject(deps, input),
    DeleteObjects: (input, call, granted) => deleteObjects(deps, input, call, granted),
    CopyObject: (input, call) => copyObject(deps, input, call),
    GetObjectAttributes: (input, call) => getObjectAttributes(deps, input, call),
    CreateMultipartUpload: (input, call) => createMultipartUpload(deps, input, call),
    UploadPart: (input) => uploadPart(deps, input),
    UploadPartCopy: (input, call) => uploadPartCopy(deps, input, call),
    CompleteMultipartUpload: (input) => completeMultipartUpload(deps, input),
    AbortMultipartUpload: (input) => abortMultipartUpload(deps, input),
    ListParts: (input) => listParts(deps, input),
    ListMultipartUploads: (input) => listMultipartUploads(deps, input),
    ...objectSettingOperations(deps),
  } satisfies ServiceOperations<'s3'>
}
