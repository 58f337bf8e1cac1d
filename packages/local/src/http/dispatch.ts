import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from '../aws-error.js'
import type { Call, Caller, ServiceName } from '../call.js'
import { authenticationError } from '../signature/authentication-error.js'
import { verifyRequest, type Authentication } from '../signature/verify.js'
import {
  decodeBindings,
  decodeRestBody,
  decodeRpcInput,
  parseForm,
  streamedMember,
  type InputParts,
} from '../wire/decode.js'
import { encodeError } from '../wire/encode-error.js'
import { encodeOutput, type WireResponse } from '../wire/encode.js'
import { MalformedInput, malformedInputError } from '../wire/malformed.js'
import { loadedSchema, loadSchema, type OperationSchema, type ServiceSchema } from '../wire/service-schema.js'
import { redirectToRegion, withRegion } from './bucket-region.js'
import type { AuthorizationTrail, DispatchDeps } from './deps.js'
import { IncomingBody } from './incoming-body.js'
import { routePath } from './route-path.js'
import { routeS3 } from './route-s3.js'
import { emptyVersionId, readS3Address } from './s3-address.js'
import { sendResponse } from './send.js'
import type { Handler } from './server.js'
import { guessService, serviceOfVersion } from './service-of.js'
import { readWireRequest, type WireRequest } from './wire-request.js'

/** Bodies that are read whole: the largest are CompleteMultipartUpload's 10,000 parts and an endpoint's payload. */
const maxBodyBytes = 8 * 1024 * 1024

/** What becomes known about a request on its way; an error answer and the event are made from what there is. */
interface Progress {
  service: ServiceName
  operation: string
  schema: OperationSchema | undefined
  caller: Caller
  authentication: Authentication | undefined
  call: Call | undefined
  input: Record<string, unknown> | undefined
  output: Record<string, unknown> | undefined
  trail: AuthorizationTrail
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly wire: WireRequest
  readonly secureTransport: boolean
  readonly requestId: string
  readonly timeMs: number
  readonly progress: Progress
}

const nobody: Caller = { principal: 'anonymous', account: '', userId: '' }
const noTrail: AuthorizationTrail = []

/**
 * The way of every request: route, authenticate, decode, enforce, act, encode, event. Nothing is allowed that was
 * not decided on by `enforce`, and whatever fails on the way is an error answer and an event.
 */
export function createDispatcher(deps: DispatchDeps): Handler {
  return async (request, response, secureTransport) => {
    const requestId = newRequestId()
    const timeMs = deps.nowMs()
    const progress: Progress = {
      service: 's3',
      operation: 'Unknown',
      schema: undefined,
      caller: nobody,
      authentication: undefined,
      call: undefined,
      input: undefined,
      output: undefined,
      trail: noTrail,
    }
    let wire: WireRequest | undefined
    let error: AwsError | undefined
    let answer: WireResponse
    try {
      wire = readWireRequest(request)
      answer = await serve(deps, { request, response, wire, secureTransport, requestId, timeMs, progress })
    } catch (thrown) {
      error = toAwsError(progress, thrown)
      answer = encodeError(progress.service, error, requestId, wire?.rawPath ?? '/')
    }
    // The SDK sets its clock by this header, so it follows the handed-in one.
    answer.headers['date'] = new Date(timeMs).toUTCString()
    try {
      await sendResponse(request, response, answer)
    } catch (thrown) {
      error = toAwsError(progress, thrown)
      if (response.headersSent) response.destroy()
      else
        await sendResponse(
          request,
          response,
          encodeError(progress.service, error, requestId, wire?.rawPath ?? '/'),
        )
    }
    deps.onOutcome?.({
      call: progress.call ?? makeCall(deps, progress, { request, wire, secureTransport, requestId, timeMs }),
      ...(progress.input === undefined ? {} : { input: progress.input }),
      ...(error === undefined && progress.output !== undefined ? { output: progress.output } : {}),
      ...(error === undefined ? {} : { error }),
      trail: progress.trail,
    })
  }
}

/** 16 digits as S3 has them; UUIDs come from a pool, while each call for random bytes is one of the system's. */
function newRequestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()
}

function internalError(): AwsError {
  return new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500)
}

function toAwsError(progress: Progress, thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown
  if (thrown instanceof MalformedInput)
    return malformedInputError(progress.schema?.protocol ?? 'restXml', thrown.message)
  // A broken invariant: the client gets no more than S3 would tell; the person at the console gets the cause.
  process.emitWarning(thrown instanceof Error ? thrown : String(thrown))
  return internalError()
}

async function serve(deps: DispatchDeps, exchange: Exchange): Promise<WireResponse> {
  const guess = guessService(exchange.wire)
  if ('unserved' in guess)
    throw new AwsError('NotImplemented', `The service ${guess.unserved.slice(0, 60)} is not served here`, 501)
  if ('queryProtocol' in guess) return serveRpc(deps, exchange, undefined)
  exchange.progress.service = guess.service
  switch (guess.service) {
    case 's3':
      return serveS3(deps, exchange)
    case 's3-control':
      return serveS3Control(deps, exchange)
    case 'iam':
    case 'sts':
    case 'kms':
    case 'organizations':
    case 'sso-admin':
    case 'identitystore':
    case 'cloudtrail':
    case 'secretsmanager':
    case 'sagemaker':
    case 'sagemaker-runtime':
      return serveRpc(deps, exchange, guess.service)
  }
}

function setRoute(progress: Progress, schema: OperationSchema): void {
  progress.schema = schema
  progress.operation = schema.name
}

function authenticate(deps: DispatchDeps, exchange: Exchange, bodyHash?: string): Authentication {
  const authentication = verifyRequest(exchange.wire, {
    service: exchange.progress.service,
    region: deps.region,
    nowMs: exchange.timeMs,
    credentials: deps.credentials,
    ...(bodyHash === undefined ? {} : { bodyHash }),
  })
  exchange.progress.authentication = authentication
  exchange.progress.caller = authentication.caller
  exchange.progress.call = makeCall(deps, exchange.progress, exchange)
  return authentication
}

/** Global ones, and those whose home may be another region than the account's. */
const anyRegionServices: ReadonlySet<ServiceName> = new Set([
  'iam',
  'sts',
  'organizations',
  'sso-admin',
  'identitystore',
  'cloudtrail',
])

function makeCall(
  deps: DispatchDeps,
  progress: Progress,
  from: Pick<Exchange, 'request' | 'secureTransport' | 'requestId' | 'timeMs'> & {
    readonly wire: WireRequest | undefined
  },
): Call {
  const { authentication, service } = progress
  const anyRegion = anyRegionServices.has(service)
  return {
    requestId: from.requestId,
    service,
    operation: progress.operation,
    region: anyRegion
      ? (authentication?.region ?? 'us-east-1')
      : service === 's3'
        ? (authentication?.region ?? deps.region)
        : deps.region,
    timeMs: from.timeMs,
    caller: progress.caller,
    sourceIp: addressOf(from.request),
    secureTransport: from.secureTransport,
    userAgent: from.wire?.headers['user-agent'] ?? '',
    headers: from.wire?.headers ?? {},
    query: from.wire?.query ?? new Map<string, string>(),
    ...(authentication?.authType === undefined ? {} : { authType: authentication.authType }),
    ...(authentication?.signatureAgeMs === undefined
      ? {}
      : { signatureAgeMs: authentication.signatureAgeMs }),
  }
}

function addressOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
}

async function serveS3(deps: DispatchDeps, exchange: Exchange): Promise<WireResponse> {
  const { wire, progress } = exchange
  const service = loadedSchema('s3') ?? (await loadSchema('s3'))
  const address = readS3Address(wire.host, wire.rawPath)
  const schema = routeS3(service, wire.method, address, wire.query, wire.headers)
  setRoute(progress, schema)
  const authentication = authenticate(deps, exchange)
  redirectToRegion(deps, address.bucket, authentication.region)
  const labels: Record<string, string> = {}
  if (address.bucket !== undefined) labels['Bucket'] = address.bucket
  if (address.key !== undefined) labels['Key'] = address.key
  return serveRest(deps, exchange, schema, labels, authentication)
}

async function serveS3Control(deps: DispatchDeps, exchange: Exchange): Promise<WireResponse> {
  const { wire, progress } = exchange
  const service = await loadSchema('s3-control')
  const route = routePath(service, wire.method, wire.rawPath)
  if (route === undefined) throw unknownOperation(`${wire.method} ${wire.rawPath.slice(0, 100)}`)
  setRoute(progress, route.schema)
  return serveRest(deps, exchange, route.schema, route.labels, authenticate(deps, exchange))
}

function unknownOperation(name: string): AwsError {
  return new AwsError('NotImplemented', `There is no operation ${name}`, 501)
}

/** Headers of these operations speak of the whole object, not of the request's body. */
const objectChecksums = new Set(['CompleteMultipartUpload'])

async function serveRest(
  deps: DispatchDeps,
  exchange: Exchange,
  schema: OperationSchema,
  labels: Readonly<Record<string, string>>,
  authentication: Authentication,
): Promise<WireResponse> {
  const { wire, progress } = exchange
  const bodyHeaders = objectChecksums.has(schema.name) ? withoutChecksums(wire.headers) : wire.headers
  const body = new IncomingBody(exchange.request, exchange.response, bodyHeaders, authentication.payload)
  const input = decodeParameters(schema, { ...wire, labels })
  progress.input = input
  const streamed = streamedMember(schema)
  if (streamed !== undefined && schema.service === 's3') input[streamed.name] = body
  else if (wire.method !== 'GET' && wire.method !== 'HEAD' && wire.method !== 'DELETE')
    decodeRestBody(schema, await body.collect(maxBodyBytes), input)
  else {
    if (authentication.payload.kind !== 'unsigned') await body.collect(maxBodyBytes)
    decodeRestBody(schema, new Uint8Array(0), input)
  }
  return act(deps, exchange, schema, input)
}

/** A header or parameter that cannot be read is S3's `InvalidArgument`; a body is `MalformedXML`. */
function decodeParameters(schema: OperationSchema, parts: InputParts): Record<string, unknown> {
  try {
    const input = decodeBindings(schema, parts)
    if (schema.service === 's3' && input['VersionId'] === '') throw emptyVersionId()
    return input
  } catch (thrown) {
    if (thrown instanceof MalformedInput) throw new AwsError('InvalidArgument', thrown.message, 400)
    throw thrown
  }
}

function withoutChecksums(headers: WireRequest['headers']): WireRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-')))
}

async function serveRpc(
  deps: DispatchDeps,
  exchange: Exchange,
  known: ServiceName | undefined,
): Promise<WireResponse> {
  const { wire, progress } = exchange
  // The error answers of an unsigned request of unknown version are STS's.
  progress.service = known ?? 'sts'
  const incoming = new IncomingBody(exchange.request, exchange.response, wire.headers, { kind: 'unsigned' })
  const body = await incoming.collect(maxBodyBytes)
  const action = queryAction(progress.service, wire, body)
  progress.service = known ?? serviceOfVersion(action.version) ?? 'sts'
  const service = await loadSchema(progress.service)
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const route = routeRpc(service, wire, action.name)
  if (route === undefined) {
    authenticate(deps, exchange, bodyHash)
    throw unknownAction(progress.service, action.name)
  }
  setRoute(progress, route.schema)
  authenticate(deps, exchange, bodyHash)
  progress.input =
    service.protocol === 'restJson'
      ? decodeRestBody(route.schema, body, decodeBindings(route.schema, { ...wire, labels: route.labels }))
      : decodeRpcInput(route.schema, body, wire.query)
  return act(deps, exchange, route.schema, progress.input)
}

/** The action and version of a query request; the operation of a JSON one. */
function queryAction(
  service: ServiceName,
  wire: WireRequest,
  body: Uint8Array,
): { readonly name: string; readonly version: string | undefined } {
  if (service !== 'iam' && service !== 'sts')
    return { name: (wire.headers['x-amz-target'] ?? '').split('.')[1] ?? '', version: undefined }
  const form = new Map(body.length > 0 ? parseForm(Buffer.from(body).toString('latin1')) : wire.queryPairs)
  return { name: form.get('Action') ?? '', version: form.get('Version') }
}

function routeRpc(
  service: ServiceSchema,
  wire: WireRequest,
  name: string,
): { readonly schema: OperationSchema; readonly labels: Readonly<Record<string, string>> } | undefined {
  if (service.protocol === 'restJson') return routePath(service, wire.method, wire.rawPath)
  const schema = service.operations.get(name)
  return schema === undefined ? undefined : { schema, labels: {} }
}

function unknownAction(service: ServiceName, name: string): AwsError {
  const shown = name.slice(0, 100)
  if (service === 'iam' || service === 'sts')
    return new AwsError('InvalidAction', `Could not find operation ${shown}`, 400)
  return new AwsError('UnknownOperationException', `There is no operation ${shown}`, 400)
}

async function act(
  deps: DispatchDeps,
  exchange: Exchange,
  schema: OperationSchema,
  input: Record<string, unknown>,
): Promise<WireResponse> {
  const { progress } = exchange
  const { call } = progress
  if (call === undefined) throw new Error('a request is decided on after it was authenticated')
  const operation = deps.operations.get(`${schema.service}:${schema.name}`)
  if (operation === undefined) {
    if (call.caller.principal === 'anonymous')
      throw authenticationError(schema.service, 'missing', 'Request is missing Authentication Token')
    throw new AwsError('NotImplemented', `${schema.name} of ${schema.service} is not implemented here`, 501)
  }
  const decision = await deps.enforce(call, input)
  progress.trail = decision.trail
  if (!decision.allowed)
    throw schema.name === 'HeadBucket' ? withRegion(deps, decision.error, input['Bucket']) : decision.error
  const output = (await operation(input as never, call, { deniedItems: decision.deniedItems })) as
    Record<string, unknown> | undefined
  progress.output = output ?? {}
  const answer = encodeOutput(schema, progress.output, exchange.requestId)
  const partial = schema.service === 's3' && progress.output['ContentRange'] !== undefined
  return partial ? { ...answer, status: 206 } : answer
}
