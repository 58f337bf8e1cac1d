import grpc from '@grpc/grpc-js'
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js'
import messages from '@pulumi/pulumi/proto/provider_pb.js'
import statuses from '@pulumi/pulumi/proto/status_pb.js'
import anything from 'google-protobuf/google/protobuf/any_pb.js'
import struct from 'google-protobuf/google/protobuf/struct_pb.js'
import { handlersOf } from './handlers.js'
import { withoutUndefined } from './properties.js'
import { PartlyMade, type Provider } from './provider.js'

/** How long an idle server outlives the process that started it, milliseconds. */
const orphanCheckMs = 500

/** State of a configuration, policies and all, can pass the four MiB that gRPC admits by itself. */
const longestMessageBytes = 64 * 1024 * 1024

/**
 * Serves a provider to the engine on a free loopback port and gives the port. `@pulumi/pulumi/provider` has a server
 * of its own, but that one hands the provider's configuration to nobody.
 */
export async function serveProvider(provider: Provider, version: string): Promise<number> {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': longestMessageBytes,
    'grpc.max_send_message_length': longestMessageBytes,
  })
  let running = 0
  const implementation: grpc.UntypedServiceImplementation = {}
  for (const [name, handler] of Object.entries(handlersOf(provider, version))) {
    const handle = handler as (request: unknown) => unknown
    implementation[name] = (call: { readonly request: unknown }, answer: grpc.sendUnaryData<unknown>) => {
      running += 1
      Promise.resolve()
        .then(() => handle(call.request))
        .then(
          (response) => answer(null, response),
          (error: unknown) => answer(failure(error)),
        )
        .finally(() => (running -= 1))
    }
  }
  server.addService(services.ResourceProviderService, implementation)
  endWithParent(() => running === 0)
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    )
  })
}

/** An engine that was killed cannot end this process, so it ends by itself once it has no call to finish. */
function endWithParent(idle: () => boolean): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent && idle()) process.exit(0)
  }, orphanCheckMs).unref()
}

function failure(error: unknown): Partial<grpc.StatusObject> {
  const code = grpc.status.UNKNOWN
  const details = describe(error instanceof PartlyMade ? error.cause : error)
  if (!(error instanceof PartlyMade)) return { code, details }
  const properties = withoutUndefined(error.state) as Record<string, struct.JavaScriptValue>
  const failed = new messages.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(struct.Struct.fromJavaScript(properties))
    .setReasonsList([details])
  const packed = new anything.Any()
  packed.pack(failed.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed')
  const status = new statuses.Status().setCode(code).setMessage(details).setDetailsList([packed])
  const metadata = new grpc.Metadata()
  metadata.set('grpc-status-details-bin', Buffer.from(status.serializeBinary()))
  return { code, details, metadata }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`
}
