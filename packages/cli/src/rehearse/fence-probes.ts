import type { PolicyDocument } from '@ringfence/plan'
import { administratorsMay, denied } from './expectations.js'
import type { Expectation, Probe } from './probe.js'
import { resourcesOfType } from './setting.js'
import { publicAclProbe, type StoreRound } from './store-probes.js'

type Request = Pick<Probe, 'service' | 'operation' | 'input'>

/**
 * Attempts to change what protects a store. Whoever may (administrators) or might (the undeclared one) writes
 * every value back that is there, so that the fence stands for the probes that follow, and tries to make the
 * store public. Everyone else is asked to take it down, and for the changes that would do the most harm.
 */
export function fenceProbes(round: StoreRound): readonly Probe[] {
  const { actor, store } = round
  const where = `${store.kind} ${store.name}`
  const may = mayChangeFence(round)
  const powerful = actor.kind === 'administrator' || actor.kind === 'undeclared'
  const changes = rewriteRequests(round).filter(([what]) => powerful || HARMFUL.has(what))
  const publish = fenceProbe(
    round,
    `open ${where} to everybody by its bucket policy`,
    publicPolicyRequest(round),
    denied([store.declaredAt], 'nothing here may be made public, not even by administrators'),
  )
  return [
    ...changes.map(([what, request]) => fenceProbe(round, `change the ${what} of ${where}`, request, may)),
    ...(powerful ? [publish] : []),
    publicAclProbe(round, `make the bucket of ${where} public by its ACL`, 'PutBucketAcl', {}),
    ...(actor.kind === 'administrator' ? [] : removalRequests(round)).map(([what, request]) =>
      fenceProbe(round, `remove the ${what} of ${where}`, request, may),
    ),
  ]
}

/** What opens, empties or locks a store at once. */
const HARMFUL: ReadonlySet<string> = new Set(['bucket policy', 'lifecycle rules', 'key policy'])

function fenceProbe(
  round: StoreRound,
  description: string,
  request: Request,
  expectation: Expectation,
): Probe {
  return {
    actor: round.actor,
    stage: 'fence',
    description,
    ...request,
    transport: 'tls',
    atMs: round.atMs,
    expectation,
  }
}

function mayChangeFence({ actor, store, setting }: StoreRound): Expectation {
  if (actor.kind !== 'administrator')
    return denied([store.declaredAt], 'only administrators may change what protects it')
  return administratorsMay(setting.declaration, actor.name)
}

type Named = readonly [what: string, request: Request]

/** Requests that write back what the plan has put there. */
function rewriteRequests({ setting, store }: StoreRound): readonly Named[] {
  const Bucket = store.bucket
  const s3 = (operation: string, input: Readonly<Record<string, unknown>>): Request => ({
    service: 's3',
    operation,
    input: { Bucket, ...input },
  })
  const policy = resourcesOfType(setting.plan, 's3.BucketPolicy').find(({ bucket }) => bucket === Bucket)
  const lifecycle = resourcesOfType(setting.plan, 's3.BucketLifecycleConfiguration').find(
    ({ bucket }) => bucket === Bucket,
  )
  return [
    ...(policy === undefined
      ? []
      : [named('bucket policy', s3('PutBucketPolicy', { Policy: JSON.stringify(policy.policy) }))]),
    named('public access block', s3('PutPublicAccessBlock', { PublicAccessBlockConfiguration: ALL_BLOCKED })),
    named(
      'object ownership',
      s3('PutBucketOwnershipControls', {
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      }),
    ),
    named('versioning', s3('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } })),
    named(
      'encryption',
      s3('PutBucketEncryption', { ServerSideEncryptionConfiguration: encryption(setting, Bucket) }),
    ),
    named(
      'lifecycle rules',
      s3('PutBucketLifecycleConfiguration', {
        LifecycleConfiguration: lifecycleRules(lifecycle?.abortIncompleteMultipartUploadAfterDays ?? 7),
      }),
    ),
    ...keyRewrites(setting, Bucket),
  ]
}

function named(what: string, request: Request): Named {
  return [what, request]
}

export const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const

function encryption(setting: StoreRound['setting'], bucket: string): unknown {
  const key = resourcesOfType(setting.plan, 's3.BucketServerSideEncryptionConfiguration').find(
    (resource) => resource.bucket === bucket,
  )?.kmsKeyAliasArn
  const byDefault =
    key === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key }
  return {
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: byDefault,
        ...(key === undefined ? {} : { BucketKeyEnabled: true }),
      },
    ],
  }
}

function lifecycleRules(days: number): unknown {
  return {
    Rules: [
      {
        ID: 'abort-incomplete-uploads',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
      },
    ],
  }
}

function keyRewrites(setting: StoreRound['setting'], bucket: string): readonly Named[] {
  const KeyId = setting.keyIds.get(bucket)
  const policy = keyPolicyOf(setting, bucket)
  if (KeyId === undefined || policy === undefined) return []
  return [
    named('key policy', {
      service: 'kms',
      operation: 'PutKeyPolicy',
      input: { KeyId, PolicyName: 'default', Policy: JSON.stringify(policy) },
    }),
  ]
}

function keyPolicyOf(setting: StoreRound['setting'], bucket: string): PolicyDocument | undefined {
  const alias = resourcesOfType(setting.plan, 's3.BucketServerSideEncryptionConfiguration').find(
    (resource) => resource.bucket === bucket,
  )?.kmsKeyAliasArn
  const key = resourcesOfType(setting.plan, 'kms.Alias').find(({ arn }) => arn === alias)?.key
  const made = resourcesOfType(setting.plan, 'kms.Key').find(({ id }) => id === key)
  return made?.policy ?? resourcesOfType(setting.plan, 'kms.KeyPolicy').find((one) => one.key === key)?.policy
}

/** A policy that would let anybody read: S3 refuses it while public policies are blocked. */
function publicPolicyRequest({ store }: StoreRound): Request {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Public',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${store.bucket}/*`,
      },
    ],
  }
  return {
    service: 's3',
    operation: 'PutBucketPolicy',
    input: { Bucket: store.bucket, Policy: JSON.stringify(policy) },
  }
}

/** Requests that would take the fence down, for those of whom each must be refused. */
function removalRequests({ setting, store }: StoreRound): readonly Named[] {
  const s3 = (operation: string): Request => ({
    service: 's3',
    operation,
    input: { Bucket: store.bucket },
  })
  const KeyId = setting.keyIds.get(store.bucket)
  return [
    named('bucket policy', s3('DeleteBucketPolicy')),
    named('public access block', s3('DeletePublicAccessBlock')),
    named('bucket', s3('DeleteBucket')),
    ...(KeyId === undefined
      ? []
      : [
          named('key', {
            service: 'kms',
            operation: 'ScheduleKeyDeletion',
            input: { KeyId, PendingWindowInDays: 30 },
          } satisfies Request),
        ]),
  ]
}
