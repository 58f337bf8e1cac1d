import plugin from '@pulumi/pulumi/proto/plugin_pb.js'
import messages from '@pulumi/pulumi/proto/provider_pb.js'
import struct from 'google-protobuf/google/protobuf/struct_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import { secretValue, withoutMarks, withoutUndefined, type Properties } from './properties.js'
import type { Difference, Fault, Provider } from './provider.js'

type CheckRequest = InstanceType<typeof messages.CheckRequest>
type ConfigureRequest = InstanceType<typeof messages.ConfigureRequest>
type CreateRequest = InstanceType<typeof messages.CreateRequest>
type DeleteRequest = InstanceType<typeof messages.DeleteRequest>
type DiffRequest = InstanceType<typeof messages.DiffRequest>
type InvokeRequest = InstanceType<typeof messages.InvokeRequest>
type PropertyDiff = InstanceType<typeof messages.PropertyDiff>
type ReadRequest = InstanceType<typeof messages.ReadRequest>
type Struct = InstanceType<typeof struct.Struct>
type UpdateRequest = InstanceType<typeof messages.UpdateRequest>

/** The calls of Pulumi's provider protocol that the stand-in answers, from message to message. */
export function handlersOf(provider: Provider, version: string) {
  return {
    checkConfig: (request: CheckRequest) =>
      checked(request.getNews(), provider.checkConfig(read(request.getNews()))),
    // Whatever changes in the configuration, the resources stay: their physical names do not depend on it.
    diffConfig: () => new messages.DiffResponse(),
    configure: async (request: ConfigureRequest) => {
      await provider.configure(read(request.getArgs()))
      // Secrets come unmarked; the engine keeps the marks of inputs by their names.
      return new messages.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(true)
    },
    check: (request: CheckRequest) =>
      checked(request.getNews(), provider.check(request.getUrn(), read(request.getNews()))),
    diff: (request: DiffRequest) => {
      const ignored = request.getIgnorechangesList()
      const found = provider.diff(request.getUrn(), read(request.getOlds()), read(request.getNews()), ignored)
      return diffResponse(found.differences, found.deleteBeforeReplace)
    },
    create: async (request: CreateRequest) => {
      const urn = request.getUrn()
      const inputs = read(request.getProperties())
      const response = new messages.CreateResponse()
      if (request.getPreview()) return response.setProperties(written(provider.previewCreate(urn, inputs)))
      const { id, state } = await provider.create(urn, inputs)
      return response.setId(id).setProperties(stateOf(provider, urn, state))
    },
    read: async (request: ReadRequest) => {
      const urn = request.getUrn()
      const known = read(request.getProperties())
      const state = await provider.read(urn, request.getId(), known)
      // An empty id tells that the thing is gone.
      if (state === undefined) return new messages.ReadResponse()
      const inputs = provider.inputsOf(urn, state, read(request.getInputs()))
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(stateOf(provider, urn, state))
        .setInputs(written(inputs))
    },
    update: async (request: UpdateRequest) => {
      const urn = request.getUrn()
      const state = read(request.getOlds())
      const inputs = read(request.getNews())
      const next = request.getPreview()
        ? provider.previewUpdate(urn, state, inputs)
        : await provider.update(urn, request.getId(), state, inputs)
      return new messages.UpdateResponse().setProperties(stateOf(provider, urn, next))
    },
    delete: async (request: DeleteRequest) => {
      await provider.delete(request.getUrn(), request.getId(), read(request.getProperties()))
      return new empty.Empty()
    },
    invoke: async (request: InvokeRequest) => {
      const answer = await provider.invoke(request.getTok(), read(request.getArgs()))
      return new messages.InvokeResponse().setReturn(written(answer))
    },
    cancel: () => new empty.Empty(),
    attach: () => new empty.Empty(),
    getPluginInfo: () => new plugin.PluginInfo().setVersion(version),
    getSchema: () =>
      new messages.GetSchemaResponse().setSchema(JSON.stringify({ name: 'aws', version, resources: {} })),
  }
}

/** State for the wire, with its secrets marked. */
export function stateOf(provider: Provider, urn: string, state: Properties): Struct {
  const secrets = provider.secretsOf(urn)
  const marked = Object.entries(state).map(([name, value]) => [
    name,
    value !== undefined && secrets.includes(name) ? secretValue(value) : value,
  ])
  return written(Object.fromEntries(marked))
}

function read(message: Struct | undefined): Properties {
  return message === undefined ? {} : (withoutMarks(message.toJavaScript()) as Properties)
}

function written(properties: Properties): Struct {
  return struct.Struct.fromJavaScript(withoutUndefined(properties) as Record<string, struct.JavaScriptValue>)
}

function checked(inputs: Struct | undefined, faults: readonly Fault[]) {
  const failures = faults.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property).setReason(reason),
  )
  return new messages.CheckResponse().setInputs(inputs).setFailuresList(failures)
}

function diffResponse(differences: readonly Difference[], deleteBeforeReplace: boolean) {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges
  const response = new messages.DiffResponse()
    .setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(differences.filter(({ replaces }) => replaces).map(({ argument }) => argument))
    .setDiffsList(differences.map(({ argument }) => argument))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true)
  for (const difference of differences)
    response.getDetaileddiffMap().set(difference.argument, propertyDiff(difference))
  return response
}

function propertyDiff({ kind, replaces }: Difference): PropertyDiff {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind
  const kinds = replaces
    ? { add: ADD_REPLACE, delete: DELETE_REPLACE, update: UPDATE_REPLACE }
    : { add: ADD, delete: DELETE, update: UPDATE }
  return new messages.PropertyDiff().setKind(kinds[kind])
}
