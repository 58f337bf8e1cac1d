import { Agent } from 'node:http'
import type { IAM } from '@aws-sdk/client-iam'
import type { Identitystore } from '@aws-sdk/client-identitystore'
import type { KMS } from '@aws-sdk/client-kms'
import type { Organizations } from '@aws-sdk/client-organizations'
import type { S3 } from '@aws-sdk/client-s3'
import type { S3Control } from '@aws-sdk/client-s3-control'
import type { SageMaker } from '@aws-sdk/client-sagemaker'
import type { SSOAdmin } from '@aws-sdk/client-sso-admin'
import type { SecretsManager } from '@aws-sdk/client-secrets-manager'
import type { STS } from '@aws-sdk/client-sts'
import type { ProviderConfig, ServiceEndpoint } from './provider-config.js'

/** The AWS that the provider is configured for. Clients are loaded when first asked for. */
export interface Aws {
  readonly region: string
  /** The account of the credentials. Rejects where the configuration forbids to ask. */
  accountId(): Promise<string>
  iam(): Promise<IAM>
  identityStore(): Promise<Identitystore>
  kms(): Promise<KMS>
  organizations(): Promise<Organizations>
  s3(): Promise<S3>
  s3Control(): Promise<S3Control>
  sageMaker(): Promise<SageMaker>
  ssoAdmin(): Promise<SSOAdmin>
  secretsManager(): Promise<SecretsManager>
}

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Clients for the endpoints of the configuration. Without credentials: those of the environment or a profile. */
export function connectAws(config: ProviderConfig, credentials?: Credentials): Aws {
  // The SDK would tell every user of Node 20 on stderr that later versions of it will want Node 22.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  // Credentials come from the environment and from files, never from a machine's metadata service.
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true'
  // Whatever host an endpoint names, only this machine is spoken to; the account that S3 Control puts before the
  // host name needs no DNS then.
  const httpAgent = new Agent({
    keepAlive: true,
    lookup: (_hostname, options, callback) => {
      if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
      else callback(null, '127.0.0.1', 4)
    },
  })
  const common = (service: ServiceEndpoint) => ({
    endpoint: endpointOf(config, service),
    region: service === 'iam' || service === 'organizations' ? 'us-east-1' : config.region,
    ...(config.profile === undefined ? {} : { profile: config.profile }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: { httpAgent, connectionTimeout: 5000, requestTimeout: 60_000 },
    maxAttempts: 3,
  })
  const sts = once<STS>(async () => new (await import('@aws-sdk/client-sts')).STS(common('sts')))
  const accountId = once(async () => {
    if (config.skipRequestingAccountId)
      throw new Error('the account id is needed, but the provider has skipRequestingAccountId')
    const { Account: account } = await (await sts()).getCallerIdentity({})
    if (account === undefined) throw new Error('GetCallerIdentity told no account')
    return account
  })
  return {
    region: config.region,
    accountId,
    iam: once(async () => new (await import('@aws-sdk/client-iam')).IAM(common('iam'))),
    identityStore: once(
      async () => new (await import('@aws-sdk/client-identitystore')).Identitystore(common('identitystore')),
    ),
    kms: once(async () => new (await import('@aws-sdk/client-kms')).KMS(common('kms'))),
    organizations: once(
      async () => new (await import('@aws-sdk/client-organizations')).Organizations(common('organizations')),
    ),
    s3: once(
      async () =>
        new (await import('@aws-sdk/client-s3')).S3({
          ...common('s3'),
          forcePathStyle: config.s3UsePathStyle,
        }),
    ),
    s3Control: once(
      async () => new (await import('@aws-sdk/client-s3-control')).S3Control(common('s3control')),
    ),
    ssoAdmin: once(async () => new (await import('@aws-sdk/client-sso-admin')).SSOAdmin(common('ssoadmin'))),
    sageMaker: once(
      async () => new (await import('@aws-sdk/client-sagemaker')).SageMaker(common('sagemaker')),
    ),
    secretsManager: once(
      async () =>
        new (await import('@aws-sdk/client-secrets-manager')).SecretsManager(common('secretsmanager')),
    ),
  }
}

function endpointOf(config: ProviderConfig, service: ServiceEndpoint): string {
  const endpoint = config.endpoints[service]
  if (endpoint === undefined)
    throw new Error(
      `the stand-in is for tests only: it needs an endpoint for ${service} and calls no real AWS`,
    )
  // S3 Control's account in front of an IP address would be no valid URL.
  return service === 's3control' ? endpoint.replace('//127.0.0.1:', '//localhost:') : endpoint
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined
  return () => (made ??= make())
}

/** Whether AWS's answer is one of these error codes. */
export function isAwsError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(error.name)
}

/** The answer, or `undefined` when AWS says by one of the codes that the thing is not there. */
export async function unlessGone<Result>(
  answer: Promise<Result>,
  ...codes: readonly string[]
): Promise<Result | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isAwsError(error, ...codes)) return undefined
    throw error
  }
}

/** All items of all pages. */
export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...(itemsOf(page) ?? []))
  return items
}
