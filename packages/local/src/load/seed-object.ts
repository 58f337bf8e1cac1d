import { randomUUID } from 'node:crypto'
import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import type { OperationTable } from '../http/operations.js'
import { rootArn } from '../iam/identifiers.js'
import type { LocalAws } from '../local-aws.js'
import type { Services } from '../services.js'
import { MemoryBody } from './memory-body.js'

type SeedObject = Parameters<LocalAws['putObject']>[0]

/**
 * Stores an object in the name of its bucket's owner without asking any policy: a fence may keep everybody out
 * who could fill it. In-process only; the bucket's default encryption holds.
 */
export async function seedObject(
  deps: {
    readonly operations: OperationTable
    readonly services: Pick<Services, 'state'>
    readonly region: string
    readonly nowMs: () => number
  },
  { bucket, key, body, contentType }: SeedObject,
): Promise<void> {
  const owner = deps.services.state.s3.bucket(bucket)?.account
  if (owner === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404)
  const put = deps.operations.get('s3:PutObject')
  if (put === undefined) throw new Error('there is no s3:PutObject')
  const call: Call = {
    requestId: randomUUID(),
    service: 's3',
    operation: 'PutObject',
    region: deps.region,
    timeMs: deps.nowMs(),
    caller: { principal: rootArn(owner), account: owner, userId: owner },
    sourceIp: '127.0.0.1',
    secureTransport: true,
    userAgent: 'ringfence',
    headers: {},
    query: new Map(),
    authType: 'REST-HEADER',
  }
  const input = {
    Bucket: bucket,
    Key: key,
    Body: new MemoryBody(body),
    ...(contentType === undefined ? {} : { ContentType: contentType }),
  }
  await put(input as never, call, { deniedItems: new Set() })
}
