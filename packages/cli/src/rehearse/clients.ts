import { Agent } from 'node:http'
import type { LocalCredentials } from '@ringfence/local'

/** The services that clients of the AWS SDK speak to. */
export type ClientService =
  's3' | 's3-control' | 'iam' | 'sts' | 'sagemaker' | 'sagemaker-runtime' | 'kms' | 'secretsmanager'

/** As whom, and over which port. */
export interface ClientTarget {
  /** Equal for requests that may share a client: same credentials, same endpoint, same clock. */
  readonly id: string
  readonly endpoint: string
  readonly region: string
  readonly credentials: LocalCredentials | 'anonymous'
  /** How far the clock that signatures follow is ahead of this machine's, milliseconds. */
  readonly clockOffsetMs: number
}

export interface Clients {
  /**
   * Sends one operation, named as the SDK's command without `Command`, and gives its output without the body of
   * an object, which is read and dropped. Rejects with the SDK's errors.
   */
  send(
    target: ClientTarget,
    service: ClientService,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<unknown>
  /** Forgets the clients so far; the connections stay. */
  reset(): void
  close(): Promise<void>
}

/** What all client packages of the SDK have in common, as far as it is used here. */
interface SdkClient {
  send(command: object): Promise<object>
  destroy(): void
}
type SdkModule = Readonly<Record<string, unknown>>

/** Loaded when first used: together they take half a second. */
const modules: Readonly<Record<ClientService, { name: string; load: () => Promise<SdkModule> }>> = {
  s3: { name: 'S3Client', load: () => import('@aws-sdk/client-s3') },
  's3-control': { name: 'S3ControlClient', load: () => import('@aws-sdk/client-s3-control') },
  iam: { name: 'IAMClient', load: () => import('@aws-sdk/client-iam') },
  sts: { name: 'STSClient', load: () => import('@aws-sdk/client-sts') },
  sagemaker: { name: 'SageMakerClient', load: () => import('@aws-sdk/client-sagemaker') },
  'sagemaker-runtime': {
    name: 'SageMakerRuntimeClient',
    load: () => import('@aws-sdk/client-sagemaker-runtime'),
  },
  kms: { name: 'KMSClient', load: () => import('@aws-sdk/client-kms') },
  secretsmanager: {
    name: 'SecretsManagerClient',
    load: () => import('@aws-sdk/client-secrets-manager'),
  },
}

/** Official clients of the AWS SDK, one for each target and service, over kept connections. */
export function createClients(): Clients {
  // The SDK would tell every user of Node 20 on stderr that later versions of it will want Node 22.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  // Every host name is this machine: no request of a rehearsal can leave it, and the account that S3 Control
  // puts before the host name needs no DNS.
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 32,
    lookup: (_hostname, options, callback) => {
      if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
      else callback(null, '127.0.0.1', 4)
    },
  })
  const clients = new Map<string, SdkClient>()
  const clientOf = async (target: ClientTarget, service: ClientService): Promise<SdkClient> => {
    const id = `${service} ${target.id}`
    const known = clients.get(id)
    if (known !== undefined) return known
    const { name, load } = modules[service]
    const Client = (await load())[name] as new (options: object) => SdkClient
    const client = new Client(clientOptions(target, service, agent))
    clients.set(id, client)
    return client
  }
  return {
    send: async (target, service, operation, input) => {
      const client = await clientOf(target, service)
      const Command = (await modules[service].load())[`${operation}Command`] as
        (new (input: object) => object) | undefined
      if (Command === undefined) throw new Error(`the SDK's ${service} client has no ${operation}`)
      return withoutBody(await client.send(new Command(input)))
    },
    reset: () => clients.clear(),
    close: async () => {
      clients.clear()
      agent.destroy()
    },
  }
}

/** All that the SDK would otherwise take from the user's environment and files is given. */
function clientOptions(target: ClientTarget, service: ClientService, agent: Agent): object {
  const anonymous = target.credentials === 'anonymous'
  return {
    endpoint: service === 's3-control' ? namedEndpoint(target.endpoint) : target.endpoint,
    region: target.region,
    credentials: anonymous ? { accessKeyId: 'none', secretAccessKey: 'none' } : target.credentials,
    ...(anonymous ? { signer: { sign: async (request: unknown) => request } } : {}),
    systemClockOffset: target.clockOffsetMs,
    requestHandler: { httpAgent: agent, connectionTimeout: 5000, requestTimeout: 30_000 },
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    userAgentAppId: 'ringfence-rehearse',
    ...(service === 's3'
      ? {
          forcePathStyle: true,
          followRegionRedirects: false,
          disableS3ExpressSessionAuth: true,
          disableMultiregionAccessPoints: true,
          useArnRegion: false,
          requestChecksumCalculation: 'WHEN_SUPPORTED',
          responseChecksumValidation: 'WHEN_SUPPORTED',
        }
      : {}),
    ...(service === 's3-control' ? { useArnRegion: false } : {}),
  }
}

/** S3 Control's account in front of an IP address would be no valid URL. */
function namedEndpoint(endpoint: string): string {
  return endpoint.replace('//127.0.0.1:', '//localhost:')
}

/** A body that nobody reads would keep its connection. */
async function withoutBody(output: object): Promise<object> {
  if (!('Body' in output)) return output
  const { Body: body, ...rest } = output
  if (typeof body === 'object' && body !== null && 'transformToByteArray' in body)
    await (body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray()
  return rest
}
