import { Readable } from 'node:stream'
import * as CloudTrail from '@aws-sdk/client-cloudtrail'
import * as Iam from '@aws-sdk/client-iam'
import * as IdentityStore from '@aws-sdk/client-identitystore'
import * as Kms from '@aws-sdk/client-kms'
import * as Organizations from '@aws-sdk/client-organizations'
import * as S3 from '@aws-sdk/client-s3'
import * as S3Control from '@aws-sdk/client-s3-control'
import * as SageMaker from '@aws-sdk/client-sagemaker'
import * as Runtime from '@aws-sdk/client-sagemaker-runtime'
import * as SsoAdmin from '@aws-sdk/client-sso-admin'
import * as SecretsManager from '@aws-sdk/client-secrets-manager'
import * as Sts from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import type { ServiceName } from '../call.js'
import { routePath } from '../http/route-path.js'
import { routeS3 } from '../http/route-s3.js'
import { readS3Address } from '../http/s3-address.js'
import { sampleStruct } from '../test-server/sample.js'
import { decodeBindings, decodeRestBody, decodeRpcInput, streamedMember } from './decode.js'
import { encodeOutput } from './encode.js'
import { loadSchema, type OperationSchema } from './service-schema.js'

/** A request as the client hands it to its HTTP handler. */
interface SentRequest {
  readonly method: string
  readonly hostname: string
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

interface AnyClient {
  send(command: never): Promise<Record<string, unknown>>
}

const clients: Readonly<Record<ServiceName, readonly [object, new (config: never) => unknown]>> = {
  iam: [Iam, Iam.IAMClient],
  sts: [Sts, Sts.STSClient],
  kms: [Kms, Kms.KMSClient],
  organizations: [Organizations, Organizations.OrganizationsClient],
  'sso-admin': [SsoAdmin, SsoAdmin.SSOAdminClient],
  identitystore: [IdentityStore, IdentityStore.IdentitystoreClient],
  cloudtrail: [CloudTrail, CloudTrail.CloudTrailClient],
  secretsmanager: [SecretsManager, SecretsManager.SecretsManagerClient],
  s3: [S3, S3.S3Client],
  's3-control': [S3Control, S3Control.S3ControlClient],
  sagemaker: [SageMaker, SageMaker.SageMakerClient],
  'sagemaker-runtime': [Runtime, Runtime.SageMakerRuntimeClient],
}

/** Operations that cannot be sampled this way, each with its reason; one that starts to pass fails the test. */
const exceptions: Readonly<Record<string, string>> = {
  's3:CreateSession input': 'directory buckets: no request here can mean it',
  's3:ListDirectoryBuckets input': 'directory buckets: no request here can mean it',
  's3:WriteGetObjectResponse input': 'Object Lambda: no request here can mean it',
  's3:GetObjectAnnotation output': 'the client verifies the sampled checksum',
  's3:SelectObjectContent output': 'event stream, not implemented',
  'sagemaker:DescribeFlowDefinition output': 'a member of JSON text, which the client parses',
  'sagemaker-runtime:InvokeEndpointWithResponseStream output': 'event stream, not implemented',
}

/** Sends one operation through the official client, whose server is `answer`. */
async function send(
  schema: OperationSchema,
  input: Record<string, unknown>,
  answer: (request: SentRequest) => { statusCode: number; headers: Record<string, string>; body: unknown },
): Promise<Record<string, unknown>> {
  const [module, Client] = clients[schema.service]
  const client = new Client({
    region: 'eu-west-1',
    endpoint: 'http://localhost:1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler: { handle: async (request: SentRequest) => ({ response: answer(request) }) },
  } as never) as AnyClient
  const Command = (module as Record<string, new (value: unknown) => never>)[`${schema.name}Command`]
  if (Command === undefined) throw new Error(`no command ${schema.name}`)
  return client.send(new Command(input))
}

function decode(
  schema: OperationSchema,
  request: SentRequest,
  service: Awaited<ReturnType<typeof loadSchema>>,
) {
  const queryPairs = Object.entries(request.query).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, String(one)] as const),
  )
  const query = new Map(queryPairs)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const body = request.body === undefined ? new Uint8Array(0) : Buffer.from(request.body as string)
  if (schema.protocol === 'query' || schema.protocol === 'json') return decodeRpcInput(schema, body, query)
  let labels: Readonly<Record<string, string>>
  if (schema.service === 's3') {
    const address = readS3Address('localhost', request.path)
    expect(routeS3(service, request.method, address, query, headers).name).toBe(schema.name)
    labels = {
      ...(address.bucket ? { Bucket: address.bucket } : {}),
      ...(address.key ? { Key: address.key } : {}),
    }
  } else {
    const route = routePath(service, request.method, request.path)
    expect(route?.schema.name).toBe(schema.name)
    labels = route?.labels ?? {}
  }
  const input = decodeBindings(schema, { headers, query, queryPairs, labels })
  const streamed = streamedMember(schema)
  if (streamed !== undefined) input[streamed.name] = new Uint8Array(body)
  else decodeRestBody(schema, body, input)
  return input
}

/** Plain data with bytes as base64, so that values compare whatever class of bytes they have. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([key, one]) => [key, plain(one)]),
    )
  return value
}

async function checkInput(
  schema: OperationSchema,
  service: Awaited<ReturnType<typeof loadSchema>>,
): Promise<void> {
  const input = sampleStruct(schema.input)
  let decoded: unknown
  await send(schema, input, (request) => {
    decoded = decode(schema, request, service)
    return { statusCode: 400, headers: {}, body: Readable.from([]) }
  }).catch((error: Error & { $metadata?: unknown }) => {
    if (error.$metadata === undefined) throw error
  })
  // Clients add checksums and defaults of their own; what was given has to arrive.
  expect(plain(decoded)).toMatchObject(plain(input) as object)
}

async function checkOutput(schema: OperationSchema): Promise<void> {
  const output = sampleStruct(schema.output)
  const sent: Record<string, unknown> = { ...output }
  for (const member of schema.output.members)
    if (member.shape.type === 'stream') sent[member.name] = [sent[member.name]]
  const answer = encodeOutput(schema, sent, 'REQUEST')
  const body = typeof answer.body === 'string' ? answer.body : Buffer.concat(answer.body as Uint8Array[])
  const { $metadata: _, ...received } = await send(schema, sampleStruct(schema.input), () => ({
    statusCode: answer.status,
    headers: answer.headers,
    body: Readable.from(body.length === 0 ? [] : [Buffer.from(body)]),
  }))
  for (const member of schema.output.members) {
    const value = received[member.name]
    if (member.shape.type !== 'stream') continue
    received[member.name] = await (
      value as { transformToByteArray(): Promise<Uint8Array> }
    ).transformToByteArray()
  }
  expect(plain(received)).toMatchObject(plain(output) as object)
}

describe.each(Object.keys(clients) as ServiceName[])('every operation of %s', (name) => {
  test.each([
    ['input', checkInput],
    ['output', checkOutput],
  ] as const)('%s', async (direction, check) => {
    const service = await loadSchema(name)
    expect(service.operations.size).toBeGreaterThan(2)
    const failed: string[] = []
    const expected: string[] = []
    for (const schema of service.operations.values()) {
      const key = `${name}:${schema.name} ${direction}`
      if (key in exceptions) expected.push(key)
      await check(schema, service).catch((error: Error) =>
        failed.push(`${key}${process.env['ROUND_TRIP_WHY'] ? ` ${error.message.slice(0, 1500)}` : ''}`),
      )
    }
    expect(failed).toEqual(expected)
  })
})
