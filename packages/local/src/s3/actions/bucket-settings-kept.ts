import type * as S3 from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { AwsError } from '../../aws-error.js'
import type { ServiceOperations } from '../../http/operations.js'
import {
  changeBucket,
  malformedXml,
  requireBucket,
  withSetting,
  type BucketDeps,
  type BucketInput,
} from './bucket-deps.js'

const maxLifecycleRules = 1000
const maxCorsRules = 100
const corsMethods: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])

interface LifecycleSetting {
  readonly rules: readonly S3.LifecycleRule[]
  readonly transitionSize?: S3.TransitionDefaultMinimumObjectSize | undefined
}

/**
 * Sub-resources of a bucket that have no effect here: they are kept and given back as they were put, and the
 * code that S3 has for each is the answer where nothing was.
 */
export function bucketKeptOperations(deps: BucketDeps) {
  const keep = async (input: BucketInput, name: string, value: unknown): Promise<Record<string, never>> => {
    await changeBucket(deps, input, (bucket) => withSetting(bucket, name, value))
    return {}
  }
  const kept = <Value>(input: BucketInput, name: string): Value | undefined =>
    requireBucket(deps, input).settings[name] as Value | undefined
  const required = <Value>(input: BucketInput, name: string, code: string, message: string): Value => {
    const value = kept<Value>(input, name)
    if (value === undefined) throw new AwsError(code, message, 404, { BucketName: input.Bucket ?? '' })
    return value
  }

  return {
    ...lifecycleOperations(deps),
    GetBucketCors: (input) =>
      required<S3.CORSConfiguration>(
        input,
        'Cors',
        'NoSuchCORSConfiguration',
        'The CORS configuration does not exist',
      ),
    PutBucketCors: (input) => keep(input, 'Cors', checkCors(input.CORSConfiguration)),
    DeleteBucketCors: (input) => keep(input, 'Cors', undefined),
    GetBucketWebsite: (input) =>
      required<S3.WebsiteConfiguration>(
        input,
        'Website',
        'NoSuchWebsiteConfiguration',
        'The specified bucket does not have a website configuration',
      ),
    PutBucketWebsite: (input) => keep(input, 'Website', checkWebsite(input.WebsiteConfiguration)),
    DeleteBucketWebsite: (input) => keep(input, 'Website', undefined),
    GetBucketReplication: (input) => ({
      ReplicationConfiguration: required<S3.ReplicationConfiguration>(
        input,
        'Replication',
        'ReplicationConfigurationNotFoundError',
        'The replication configuration was not found',
      ),
    }),
    PutBucketReplication: (input) => {
      if (requireBucket(deps, input).versioning !== 'Enabled')
        throw new AwsError(
          'InvalidRequest',
          "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
          400,
        )
      if (!input.ReplicationConfiguration?.Role || !input.ReplicationConfiguration.Rules?.length)
        throw malformedXml()
      return keep(input, 'Replication', input.ReplicationConfiguration)
    },
    DeleteBucketReplication: (input) => keep(input, 'Replication', undefined),
    GetBucketLogging: (input) => kept<S3.BucketLoggingStatus>(input, 'Logging') ?? {},
    PutBucketLogging: (input) => {
      const bucket = requireBucket(deps, input)
      const enabled = input.BucketLoggingStatus?.LoggingEnabled
      if (enabled === undefined) return keep(input, 'Logging', undefined)
      const target = deps.state.bucket(enabled.TargetBucket ?? '')
      if (target?.account !== bucket.account || target.region !== bucket.region)
        throw new AwsError(
          'InvalidTargetBucketForLogging',
          'The target bucket for logging does not exist, is not owned by you, or does not have the appropriate grants for the log-delivery group.',
          400,
          { TargetBucket: enabled.TargetBucket ?? '' },
        )
      return keep(input, 'Logging', { LoggingEnabled: enabled })
    },
    ...switchOperations(deps, keep, kept),
  } satisfies ServiceOperations<'s3'>
}

type Keep = (input: BucketInput, name: string, value: unknown) => Promise<Record<string, never>>
type Kept = <Value>(input: BucketInput, name: string) => Value | undefined

/** Those that always have a value: acceleration, who pays, notifications, access by tags. */
function switchOperations(deps: BucketDeps, keep: Keep, kept: Kept) {
  return {
    GetBucketAccelerateConfiguration: (input) => kept<S3.AccelerateConfiguration>(input, 'Accelerate') ?? {},
    PutBucketAccelerateConfiguration: (input) => {
      const { name } = requireBucket(deps, input)
      const status = input.AccelerateConfiguration?.Status
      if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
      if (name.includes('.'))
        throw new AwsError(
          'InvalidRequest',
          'S3 Transfer Acceleration is not supported for buckets with periods (.) in their names',
          400,
        )
      return keep(input, 'Accelerate', { Status: status })
    },
    GetBucketRequestPayment: (input) => ({ Payer: kept<S3.Payer>(input, 'RequestPayment') ?? 'BucketOwner' }),
    PutBucketRequestPayment: (input) => {
      const payer = input.RequestPaymentConfiguration?.Payer
      if (payer !== 'BucketOwner' && payer !== 'Requester') throw malformedXml()
      return keep(input, 'RequestPayment', payer)
    },
    GetBucketNotificationConfiguration: (input) =>
      kept<S3.NotificationConfiguration>(input, 'Notification') ?? {},
    PutBucketNotificationConfiguration: (input) =>
      keep(input, 'Notification', withNotificationIds(input.NotificationConfiguration ?? {})),
    GetBucketAbac: (input) => ({ AbacStatus: kept<S3.AbacStatus>(input, 'Abac') ?? { Status: 'Disabled' } }),
    PutBucketAbac: (input) => {
      const status = input.AbacStatus?.Status
      if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml()
      return keep(input, 'Abac', { Status: status })
    },
  } satisfies ServiceOperations<'s3'>
}

function lifecycleOperations(deps: BucketDeps) {
  return {
    GetBucketLifecycleConfiguration: (input) => {
      const { name, settings } = requireBucket(deps, input)
      const setting = settings['Lifecycle'] as LifecycleSetting | undefined
      if (setting === undefined)
        throw new AwsError(
          'NoSuchLifecycleConfiguration',
          'The lifecycle configuration does not exist',
          404,
          { BucketName: name },
        )
      return {
        Rules: [...setting.rules],
        TransitionDefaultMinimumObjectSize: setting.transitionSize ?? 'all_storage_classes_128K',
      }
    },
    PutBucketLifecycleConfiguration: async (input) => {
      const setting: LifecycleSetting = {
        rules: checkLifecycle(input.LifecycleConfiguration?.Rules),
        transitionSize: input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K',
      }
      await changeBucket(deps, input, (bucket) => withSetting(bucket, 'Lifecycle', setting))
      return { TransitionDefaultMinimumObjectSize: setting.transitionSize }
    },
    DeleteBucketLifecycle: async (input) => {
      await changeBucket(deps, input, (bucket) => withSetting(bucket, 'Lifecycle', undefined))
      return {}
    },
  } satisfies ServiceOperations<'s3'>
}

/** The rules, each with an id. [API_PutBucketLifecycleConfiguration, API_LifecycleRule] */
function checkLifecycle(rules: readonly S3.LifecycleRule[] = []): S3.LifecycleRule[] {
  if (rules.length === 0 || rules.length > maxLifecycleRules) throw malformedXml()
  const ids = new Set<string>()
  return rules.map((rule) => {
    const { ID, Status, Filter, Prefix, ...actions } = rule
    if (Status !== 'Enabled' && Status !== 'Disabled') throw malformedXml()
    if ((Filter === undefined) === (Prefix === undefined)) throw malformedXml()
    if (Object.values(actions).every((action) => action === undefined))
      throw new AwsError('InvalidRequest', 'At least one action needs to be specified in a rule', 400)
    const id = ID === undefined || ID === '' ? idOf(rule) : ID
    if (id.length > 255)
      throw new AwsError('InvalidArgument', 'ID length should not exceed allowed limit of 255', 400)
    if (ids.has(id))
      throw new AwsError(
        'InvalidArgument',
        `Rule ID must be unique. Found same ID for more than one rule`,
        400,
      )
    ids.add(id)
    return { ...rule, ID: id }
  })
}

function checkCors(configuration: S3.CORSConfiguration | undefined): S3.CORSConfiguration {
  const rules = configuration?.CORSRules ?? []
  if (rules.length === 0 || rules.length > maxCorsRules) throw malformedXml()
  for (const { AllowedMethods, AllowedOrigins } of rules) {
    if (!AllowedMethods?.length || !AllowedOrigins?.length) throw malformedXml()
    const unknown = AllowedMethods.find((method) => !corsMethods.has(method))
    if (unknown !== undefined)
      throw new AwsError(
        'InvalidRequest',
        `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`,
        400,
      )
  }
  return { CORSRules: rules }
}

function checkWebsite(configuration: S3.WebsiteConfiguration | undefined): S3.WebsiteConfiguration {
  const { ErrorDocument, IndexDocument, RedirectAllRequestsTo, RoutingRules } = configuration ?? {}
  if (RedirectAllRequestsTo !== undefined) {
    const others = [ErrorDocument, IndexDocument, RoutingRules].some((element) => element !== undefined)
    if (others || !RedirectAllRequestsTo.HostName) throw malformedXml()
  } else if (!IndexDocument?.Suffix) throw malformedXml()
  return configuration ?? {}
}

function named<Item extends { Id?: string | undefined }>(items: readonly Item[]): Item[] {
  return items.map((item) => Object.assign({}, item, { Id: item.Id ?? idOf(item) }))
}

/** S3 gives every configuration an id where the client gave none. */
function withNotificationIds(configuration: S3.NotificationConfiguration): S3.NotificationConfiguration {
  const { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations } = configuration
  return {
    ...configuration,
    ...(TopicConfigurations === undefined ? {} : { TopicConfigurations: named(TopicConfigurations) }),
    ...(QueueConfigurations === undefined ? {} : { QueueConfigurations: named(QueueConfigurations) }),
    ...(LambdaFunctionConfigurations === undefined
      ? {}
      : { LambdaFunctionConfigurations: named(LambdaFunctionConfigurations) }),
  }
}

/** An id that follows from the rule, in the form of those that S3 makes up. */
function idOf(rule: unknown): string {
  return createHash('sha256').update(JSON.stringify(rule)).digest('base64url').slice(0, 48)
}
