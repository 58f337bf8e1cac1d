import type { Store } from '../declaration.js'
import { buildFence, fenceLength } from './fence.js'
import { buildKeyPolicy } from './key-policy.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import { storeKey } from './model.js'
import type { PlanWriter } from './plan-writer.js'

/** Days; AWS requires 7 to 30. The longest, because a deleted key takes the data with it. */
const deletionWindowInDays = 30
const abortIncompleteMultipartUploadAfterDays = 7

/** Everything of one dataset or model: its key, its bucket with all settings, and the fence last. */
export function buildStore(store: Store, model: Model, writer: PlanWriter): void {
  const id = storeKey(store)
  const { organization } = model.declaration
  const { bucket, declaredAt } = store
  const arn = model.arns.bucket(store)
  const tags = {
    'ringfence:organization': organization,
    [`ringfence:${store.kind}`]: store.name,
    ...(store.owner === undefined ? {} : { 'ringfence:owner': store.owner }),
  }
  const encrypted = store.encryption === 'kms'
  if (encrypted) buildKey(store, tags, model, writer)
  const exists = model.existing.buckets.has(id)
  const settled = exists ? [] : [`${id}/bucket`]
  if (!exists)
    writer.add({
      type: 's3.Bucket',
      id: `${id}/bucket`,
      // The key is there as long as the bucket: without it the objects could not be read any more.
      dependsOn: encrypted ? [`${id}/key-alias`] : [],
      declaredAt,
      bucket,
      arn,
      tags,
      forceDestroy: store.destroyWithObjects,
    })
  const onBucket = { dependsOn: settled, declaredAt, bucket }
  writer.add({
    ...onBucket,
    type: 's3.BucketPublicAccessBlock',
    id: `${id}/public-access-block`,
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  })
  writer.add({
    ...onBucket,
    type: 's3.BucketOwnershipControls',
    id: `${id}/ownership`,
    objectOwnership: 'BucketOwnerEnforced',
  })
  writer.add({ ...onBucket, type: 's3.BucketVersioning', id: `${id}/versioning`, status: 'Enabled' })
  writer.add({
    ...onBucket,
    type: 's3.BucketServerSideEncryptionConfiguration',
    id: `${id}/encryption`,
    dependsOn: [...settled, ...(encrypted ? [`${id}/key-alias`] : [])],
    algorithm: encrypted ? 'aws:kms' : 'AES256',
    ...(encrypted ? { kmsKeyAliasArn: model.arns.alias(store) } : {}),
  })
  writer.add({
    ...onBucket,
    type: 's3.BucketLifecycleConfiguration',
    id: `${id}/lifecycle`,
    abortIncompleteMultipartUploadAfterDays,
  })
  const fence = buildFence(store, model)
  if (fence === undefined) {
    writer.problem(
      'error',
      'BUCKET_POLICY_TOO_LONG',
      `the bucket policy of ${store.kind} "${store.name}" would have ${fenceLength(store, model)} bytes; S3 allows ${limits.bucketPolicyBytes}`,
      'Grant to teams instead of single members, or to fewer teams and prefixes.',
      declaredAt,
      (model.accessTo.get(id) ?? [])
        .slice(0, 5)
        .map((access) => ({ message: 'one of the grants', span: access.declaredAt })),
    )
    return
  }
  const settings = ['public-access-block', 'ownership', 'versioning', 'encryption', 'lifecycle']
  writer.add({
    ...onBucket,
    type: 's3.BucketPolicy',
    id: `${id}/bucket-policy`,
    // Last: once it stands, only administrators change the settings.
    dependsOn: [...settled, ...settings.map((name) => `${id}/${name}`)],
    policy: writer.document(arn, fence),
  })
}

function buildKey(
  store: Store,
  tags: Readonly<Record<string, string>>,
  model: Model,
  writer: PlanWriter,
): void {
  const id = storeKey(store)
  const arn = model.arns.alias(store)
  const statements = buildKeyPolicy(store, model)
  if (statements === undefined) {
    writer.problem(
      'error',
      'KEY_POLICY_TOO_LONG',
      `the key policy of ${store.kind} "${store.name}" would be longer than the ${limits.keyPolicyBytes} bytes that KMS allows`,
      'Grant to teams instead of single members, or to fewer teams.',
      store.declaredAt,
    )
    return
  }
  const existing = model.existing.keys.get(id)
  const key = existing === undefined ? `${id}/key` : `${id}/key-policy`
  const { declaredAt } = store
  const policy = writer.document(arn, statements)
  if (existing === undefined) {
    writer.add({
      type: 'kms.Key',
      id: key,
      dependsOn: [],
      declaredAt,
      description: `Objects of ${store.kind} ${store.name} of ${model.declaration.organization}`,
      policy,
      enableKeyRotation: true,
      deletionWindowInDays,
      tags,
    })
  } else {
    writer.add({ type: 'kms.KeyPolicy', id: key, dependsOn: [], declaredAt, key: existing, policy })
  }
  writer.add({
    type: 'kms.Alias',
    id: `${id}/key-alias`,
    dependsOn: [key],
    declaredAt,
    name: model.arns.aliasName(store),
    arn,
    key: existing ?? key,
  })
}
