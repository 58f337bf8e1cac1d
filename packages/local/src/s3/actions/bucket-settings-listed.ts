import type * as S3 from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import type { ServiceOperations } from '../../http/operations.js'
import { changeBucket, invalidArgument, malformedXml, requireBucket, withSetting } from './bucket-deps.js'
import type { BucketDeps, BucketInput } from './bucket-deps.js'

/** [API_ListBucketMetricsConfigurations: "a maximum of 100"] */
const pageSize = 100
const maxConfigurations = 1000

type ById<Configuration> = Readonly<Record<string, Configuration>>
interface IdInput extends BucketInput {
  readonly Id?: string | undefined
}
interface Page<Configuration> {
  readonly items: Configuration[]
  readonly rest: {
    readonly IsTruncated: boolean
    readonly ContinuationToken?: string
    readonly NextContinuationToken?: string
  }
}

/**
 * Configurations of which a bucket can have many, each with an id: metrics, analytics, inventory and
 * intelligent tiering. They have no effect here and are given back as they were put.
 */
export function bucketListedOperations(deps: BucketDeps) {
  const metrics = collection<S3.MetricsConfiguration>(deps, 'Metrics')
  const analytics = collection<S3.AnalyticsConfiguration>(deps, 'Analytics')
  const inventory = collection<S3.InventoryConfiguration>(deps, 'Inventory')
  const tiering = collection<S3.IntelligentTieringConfiguration>(deps, 'IntelligentTiering')
  return {
    GetBucketMetricsConfiguration: (input) => ({ MetricsConfiguration: metrics.get(input) }),
    PutBucketMetricsConfiguration: (input) => metrics.put(input, input.MetricsConfiguration),
    DeleteBucketMetricsConfiguration: (input) => metrics.delete(input),
    ListBucketMetricsConfigurations: (input) => {
      const { items, rest } = metrics.list(input)
      return { ...rest, ...(items.length === 0 ? {} : { MetricsConfigurationList: items }) }
    },
    GetBucketAnalyticsConfiguration: (input) => ({ AnalyticsConfiguration: analytics.get(input) }),
    PutBucketAnalyticsConfiguration: (input) => analytics.put(input, input.AnalyticsConfiguration),
    DeleteBucketAnalyticsConfiguration: (input) => analytics.delete(input),
    ListBucketAnalyticsConfigurations: (input) => {
      const { items, rest } = analytics.list(input)
      return { ...rest, ...(items.length === 0 ? {} : { AnalyticsConfigurationList: items }) }
    },
    GetBucketInventoryConfiguration: (input) => ({ InventoryConfiguration: inventory.get(input) }),
    PutBucketInventoryConfiguration: (input) => inventory.put(input, input.InventoryConfiguration),
    DeleteBucketInventoryConfiguration: (input) => inventory.delete(input),
    ListBucketInventoryConfigurations: (input) => {
      const { items, rest } = inventory.list(input)
      return { ...rest, ...(items.length === 0 ? {} : { InventoryConfigurationList: items }) }
    },
    GetBucketIntelligentTieringConfiguration: (input) => ({
      IntelligentTieringConfiguration: tiering.get(input),
    }),
    PutBucketIntelligentTieringConfiguration: (input) =>
      tiering.put(input, input.IntelligentTieringConfiguration),
    DeleteBucketIntelligentTieringConfiguration: (input) => tiering.delete(input),
    ListBucketIntelligentTieringConfigurations: (input) => {
      const { items, rest } = tiering.list(input)
      return { ...rest, ...(items.length === 0 ? {} : { IntelligentTieringConfigurationList: items }) }
    },
  } satisfies ServiceOperations<'s3'>
}

function missing(): AwsError {
  return new AwsError('NoSuchConfiguration', 'The specified configuration does not exist.', 404)
}

function collection<Configuration extends { Id?: string | undefined }>(deps: BucketDeps, name: string) {
  const all = (input: BucketInput): ById<Configuration> =>
    (requireBucket(deps, input).settings[name] as ById<Configuration> | undefined) ?? {}
  const change = async (
    input: BucketInput,
    work: (present: Map<string, Configuration>) => void,
  ): Promise<Record<string, never>> => {
    await changeBucket(deps, input, (bucket) => {
      const present = new Map(
        Object.entries((bucket.settings[name] as ById<Configuration> | undefined) ?? {}),
      )
      work(present)
      return withSetting(bucket, name, present.size === 0 ? undefined : Object.fromEntries(present))
    })
    return {}
  }

  return {
    get: (input: IdInput): Configuration => {
      const found = new Map(Object.entries(all(input))).get(input.Id ?? '')
      if (found === undefined) throw missing()
      return found
    },
    put: (input: IdInput, configuration: Configuration | undefined) => {
      const id = input.Id ?? ''
      if (configuration === undefined) throw malformedXml()
      if (!/^[\w.-]{1,64}$/.test(id)) throw invalidArgument('Invalid configuration id', 'id', id)
      if (configuration.Id !== id) throw invalidArgument('The configuration id does not match', 'id', id)
      return change(input, (present) => {
        if (present.size >= maxConfigurations && !present.has(id))
          throw new AwsError(
            'TooManyConfigurations',
            'You are attempting to create a new configuration but have already reached the 1,000-configuration limit.',
            400,
          )
        present.set(id, configuration)
      })
    },
    delete: (input: IdInput) =>
      change(input, (present) => {
        if (!present.delete(input.Id ?? '')) throw missing()
      }),
    list: (input: BucketInput & { readonly ContinuationToken?: string | undefined }): Page<Configuration> => {
      const entries = Object.entries(all(input)).toSorted(([a], [b]) => (a < b ? -1 : 1))
      const token = input.ContinuationToken
      const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString()
      const rest = entries.filter(([id]) => id > after)
      const page = rest.slice(0, pageSize)
      const last = page.at(-1)?.[0]
      const isTruncated = rest.length > page.length
      return {
        items: page.map(([, configuration]) => configuration),
        rest: {
          IsTruncated: isTruncated,
          ...(token === undefined ? {} : { ContinuationToken: token }),
          ...(isTruncated && last !== undefined
            ? { NextContinuationToken: Buffer.from(last).toString('base64url') }
            : {}),
        },
      }
    },
  }
}
