import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import type { Plan } from '@ringfence/plan'
import { type AwsAccess, clientSettings } from './aws-access.js'
import { translateAwsError } from './identify.js'

/** Which buckets cannot be destroyed because they hold something. */
export interface StoredObjects {
  /** Plan ids, such as `dataset/raw`, of buckets that hold objects and may not be destroyed with them. */
  readonly filled: readonly string[]
  /** Those where AWS does not let the deploying identity look. */
  readonly unseen: readonly string[]
}

/**
 * Looks which datasets and models that may not be destroyed with their objects hold any, or old versions of any. The
 * fence lets administrators see names; a policy of the account may not.
 */
export async function findStoredObjects(plan: Plan, access: AwsAccess): Promise<StoredObjects> {
  const client = new S3Client({
    ...clientSettings(access),
    ...(access.endpoint === undefined ? {} : { forcePathStyle: true }),
  })
  const filled: string[] = []
  const unseen: string[] = []
  try {
    for (const resource of plan.resources) {
      if (resource.type !== 's3.Bucket' || resource.forceDestroy) continue
      const store = resource.id.slice(0, resource.id.lastIndexOf('/'))
      const found = await holdsObjects(client, resource.bucket, access)
      if (found === 'unseen') unseen.push(store)
      else if (found) filled.push(store)
    }
    return { filled, unseen }
  } finally {
    client.destroy()
  }
}

async function holdsObjects(
  client: S3Client,
  bucket: string,
  access: AwsAccess,
): Promise<boolean | 'unseen'> {
  try {
    const { Versions, DeleteMarkers } = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 }),
    )
    return (Versions?.length ?? 0) + (DeleteMarkers?.length ?? 0) > 0
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } }
    if (name === 'NoSuchBucket' || $metadata?.httpStatusCode === 404) return false
    if (name === 'AccessDenied' || $metadata?.httpStatusCode === 403) return 'unseen'
    throw translateAwsError(error, access)
  }
}
