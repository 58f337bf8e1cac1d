/** Where and as whom AWS is called. What is missing comes from the environment, as for every AWS client. */
export interface AwsAccess {
  readonly region: string
  readonly profile?: string
  readonly endpoint?: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}

/** Who calls AWS, as GetCallerIdentity tells it. */
export interface CallerIdentity {
  readonly account: string
  readonly arn: string
  /** What time it is for AWS, epoch milliseconds; undefined where its answer did not tell. */
  readonly answeredAtMs?: number
}

/** What a client of the AWS SDK is made with. */
export function clientSettings(access: AwsAccess) {
  // Node 20 is what ringfence promises to run on; the SDK's advice is for who chooses its version.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const { region, profile, endpoint, credentials } = access
  return {
    region,
    maxAttempts: 3,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  }
}
