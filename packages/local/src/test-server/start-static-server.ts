import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { AwsError } from '../aws-error.js'
import type { Call, Requirement } from '../call.js'
import { createDispatcher } from '../http/dispatch.js'
import type { CredentialLookup, EnforceResult, Outcome } from '../http/deps.js'
import { OperationRegistry } from '../http/operations.js'
import { startServer } from '../http/server.js'
import { s3ControlOperations } from '../s3-control/operations.js'
import { sweepObjectFiles } from '../s3/contents.js'
import type { S3Deps } from '../s3/deps.js'
import { s3Operations } from '../s3/operations.js'
import { S3State } from '../s3/state.js'
import { openDatabase } from '../store/database.js'
import { ObjectFiles } from '../store/object-files.js'

export interface StaticServerOptions {
  /** Kept across starts; without it a temporary folder that `close` removes. */
  readonly folder?: string
  readonly port?: number
  readonly tls?: boolean
  readonly nowMs?: () => number
  readonly legacyBucketDefaults?: boolean
  /** Default: everything is allowed. */
  readonly enforce?: (call: Call, input: Readonly<Record<string, unknown>>) => EnforceResult
  readonly permits?: (call: Call, requirement: Requirement) => boolean
}

export const testAccount = '111122223333'
export const testRegion = 'eu-west-1'
export const testKeys = {
  accessKeyId: 'AKIATESTTESTTEST0001',
  secretAccessKey: 'not-a-secret/only+for+tests',
}
export const testSessionKeys = {
  accessKeyId: 'ASIATESTTESTTEST0002',
  secretAccessKey: 'another-one-for-tests',
  sessionToken: 'token-of-the-tests',
}

const caller = {
  principal: `arn:aws:iam::${testAccount}:user/tester`,
  account: testAccount,
  userId: 'AIDATESTER',
}

const credentials: CredentialLookup = (accessKeyId, token) => {
  if (accessKeyId === testKeys.accessKeyId && token === undefined)
    return { secretAccessKey: testKeys.secretAccessKey, caller: { ...caller, accessKeyId } }
  if (accessKeyId === testSessionKeys.accessKeyId && token === testSessionKeys.sessionToken)
    return { secretAccessKey: testSessionKeys.secretAccessKey, caller: { ...caller, accessKeyId } }
  return {
    error: new AwsError(
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      403,
    ),
  }
}

/**
 * The wire and S3 with two fixed pairs of keys and no policies: what tests and benchmarks of this half of the
 * local AWS run against. `startLocalAws` is the server with IAM.
 */
export async function startStaticServer(options: StaticServerOptions = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ringfence-wire-'))
  const durable = options.folder !== undefined
  const database = openDatabase(join(folder, 'database'), { durable })
  const nowMs = options.nowMs ?? Date.now
  const outcomes: Outcome[] = []
  const deps: S3Deps = {
    state: new S3State(database),
    files: new ObjectFiles(join(folder, 'objects'), { durable }),
    nowMs,
    permits: options.permits ?? (() => true),
    legacyBucketDefaults: options.legacyBucketDefaults ?? false,
    kmsKeyArn: (call, keyId) =>
      keyId?.startsWith('arn:')
        ? keyId
        : `arn:aws:kms:${call.region}:${call.caller.account}:key/${keyId ?? 'managed'}`,
  }
  const swept = sweepObjectFiles(deps)
  const registry = new OperationRegistry()
    .add('s3', s3Operations(deps))
    .add('s3-control', s3ControlOperations(deps))
  const allowAll: EnforceResult = { allowed: true, deniedItems: new Set(), trail: [] }
  const server = await startServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    plainPort: 0,
    tls: options.tls ?? false,
    handle: createDispatcher({
      region: testRegion,
      nowMs,
      credentials,
      enforce: async (call, input) => options.enforce?.(call, input) ?? allowAll,
      operations: registry.table,
      onOutcome: (outcome) => {
        outcomes.push(outcome)
        if (outcomes.length > 100) outcomes.shift()
      },
      bucketRegion: (bucket) => deps.state.bucket(bucket)?.region,
    }),
  })
  const endpoint = `${options.tls ? 'https' : 'http'}://127.0.0.1:${server.port}`
  const s3 = (config: S3ClientConfig = {}): S3Client =>
    new S3Client({
      endpoint,
      region: testRegion,
      credentials: testKeys,
      forcePathStyle: true,
      maxAttempts: 1,
      ...config,
    })
  return {
    ...server,
    endpoint,
    deps,
    outcomes,
    swept,
    operations: registry.table,
    s3,
    close: async () => {
      await server.close()
      await database.close()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type StaticServer = Awaited<ReturnType<typeof startStaticServer>>
