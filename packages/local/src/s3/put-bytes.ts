import { createHash } from 'node:crypto'
import type { Call } from '../call.js'
import type { RequestBody } from '../http/request-body.js'
import { startChecksum, checksumAlgorithm } from '../signature/checksum.js'
import { requireBucket } from './actions/bucket-deps.js'
import { putObject } from './actions/put-object.js'
import type { S3Deps } from './deps.js'

export interface PutBytesOptions {
  readonly bucket: string
  readonly key: string
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
  readonly contentType?: string
}

/**
 * Stores an object in process, as the bucket's owner would with every permission: no policy is evaluated, and no
 * client can get here. The bucket's default encryption holds. Errors: `AwsError` as of PutObject.
 */
export async function putBytes(deps: S3Deps, options: PutBytesOptions): Promise<void> {
  const bucket = requireBucket(deps, { Bucket: options.bucket })
  const call: Call = {
    requestId: 'in-process',
    service: 's3',
    operation: 'PutObject',
    region: bucket.region,
    timeMs: deps.nowMs(),
    caller: {
      principal: `arn:aws:iam::${bucket.account}:root`,
      account: bucket.account,
      userId: bucket.account,
    },
    sourceIp: '127.0.0.1',
    secureTransport: true,
    userAgent: '',
    headers: {},
    query: new Map(),
  }
  await putObject(
    deps,
    {
      Bucket: options.bucket,
      Key: options.key,
      Body: localBody(options.body),
      ...(options.contentType === undefined ? {} : { ContentType: options.contentType }),
    },
    call,
  )
}

/** Bytes at hand as the body of a request. */
function localBody(source: PutBytesOptions['body']): RequestBody {
  return {
    // A stream's length is not known beforehand; nothing is declared here that could be wrong.
    declaredSize: source instanceof Uint8Array ? source.length : 0,
    stream: async (sink, wanted = []) => {
      const md5 = createHash('md5')
      const algorithms = wanted.map((name) => checksumAlgorithm(name)).filter((one) => one !== undefined)
      const sums = algorithms.map((algorithm) => [algorithm, startChecksum(algorithm)] as const)
      let size = 0
      for await (const bytes of source instanceof Uint8Array ? [source] : source) {
        size += bytes.length
        md5.update(bytes)
        for (const [, sum] of sums) sum.update(bytes)
        await sink(bytes)
      }
      const checksums: Record<string, string> = {}
      for (const [algorithm, sum] of sums) checksums[algorithm] = await sum.digest()
      return { size, md5: md5.digest('hex'), checksums, declared: [] }
    },
    collect: () => Promise.reject(new Error('a local body is streamed')),
  }
}
