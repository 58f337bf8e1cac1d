import { NormalizedSchema } from '@smithy/core/schema'
import type { ServiceName } from '../call.js'
import { shapeOf, type Shape, type StructShape } from './shape.js'

/** How a service speaks. */
export type Protocol = 'query' | 'restXml' | 'json' | 'restJson'

/** One operation of a service, as the SDK describes it. */
export interface OperationSchema {
  readonly service: ServiceName
  readonly name: string
  readonly protocol: Protocol
  readonly xmlNamespace: string
  /** For REST protocols. */
  readonly http?: { readonly method: string; readonly uri: string; readonly status: number }
  readonly input: StructShape
  readonly output: StructShape
}

export interface ServiceSchema {
  readonly service: ServiceName
  readonly protocol: Protocol
  readonly xmlNamespace: string
  readonly operations: ReadonlyMap<string, OperationSchema>
}

interface ServiceInfo {
  readonly protocol: Protocol
  readonly xmlNamespace: string
  readonly load: () => Promise<object>
}

const services: Readonly<Record<ServiceName, ServiceInfo>> = {
  s3: {
    protocol: 'restXml',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    load: () => import('@aws-sdk/client-s3'),
  },
  's3-control': {
    protocol: 'restXml',
    xmlNamespace: 'http://awss3control.amazonaws.com/doc/2018-08-20/',
    load: () => import('@aws-sdk/client-s3-control'),
  },
  iam: {
    protocol: 'query',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    load: () => import('@aws-sdk/client-iam'),
  },
  sts: {
    protocol: 'query',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    load: () => import('@aws-sdk/client-sts'),
  },
  sagemaker: { protocol: 'json', xmlNamespace: '', load: () => import('@aws-sdk/client-sagemaker') },
  'sagemaker-runtime': {
    protocol: 'restJson',
    xmlNamespace: '',
    load: () => import('@aws-sdk/client-sagemaker-runtime'),
  },
  kms: { protocol: 'json', xmlNamespace: '', load: () => import('@aws-sdk/client-kms') },
  organizations: {
    protocol: 'json',
    xmlNamespace: '',
    load: () => import('@aws-sdk/client-organizations'),
  },
  'sso-admin': { protocol: 'json', xmlNamespace: '', load: () => import('@aws-sdk/client-sso-admin') },
  identitystore: {
    protocol: 'json',
    xmlNamespace: '',
    load: () => import('@aws-sdk/client-identitystore'),
  },
  cloudtrail: { protocol: 'json', xmlNamespace: '', load: () => import('@aws-sdk/client-cloudtrail') },
  secretsmanager: {
    protocol: 'json',
    xmlNamespace: '',
    load: () => import('@aws-sdk/client-secrets-manager'),
  },
}

/** The protocol of a service, known without loading its client. */
export function protocolOf(service: ServiceName): Protocol {
  return services[service].protocol
}

/** The XML namespace of a service, known without loading its client. */
export function xmlNamespaceOf(service: ServiceName): string {
  return services[service].xmlNamespace
}

const loaded = new Map<ServiceName, ServiceSchema>()
const loading = new Map<ServiceName, Promise<ServiceSchema>>()

/** The operations of a service if its client has been loaded already. */
export function loadedSchema(service: ServiceName): ServiceSchema | undefined {
  return loaded.get(service)
}

/** Loads the client of a service once: all of them together take half a second, so only those that are called. */
export function loadSchema(service: ServiceName): Promise<ServiceSchema> {
  let promise = loading.get(service)
  if (promise === undefined) {
    promise = services[service].load().then((module) => {
      const schema = readModule(service, module)
      loaded.set(service, schema)
      return schema
    })
    loading.set(service, promise)
  }
  return promise
}

const operationKind = 9
type RawOperation = readonly [number, string, string, unknown, unknown, unknown]

function readModule(service: ServiceName, module: object): ServiceSchema {
  const { protocol, xmlNamespace } = services[service]
  const operations = new Map<string, OperationSchema>()
  for (const [exported, value] of Object.entries(module)) {
    if (!exported.endsWith('$') || !Array.isArray(value) || value[0] !== operationKind) continue
    const [, , name, traits, input, output] = value as unknown as RawOperation
    const http = (traits as { readonly http?: readonly [string, string, number] }).http
    operations.set(name, {
      service,
      name,
      protocol,
      xmlNamespace,
      ...(http ? { http: { method: http[0], uri: http[1], status: http[2] } } : {}),
      input: structOf(input),
      output: structOf(output),
    })
  }
  return { service, protocol, xmlNamespace, operations }
}

const emptyStruct: StructShape = { type: 'struct', name: '', xmlName: undefined, union: false, members: [] }

function structOf(schema: unknown): StructShape {
  const shape: Shape = shapeOf(NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]))
  return shape.type === 'struct' ? shape : emptyStruct
}
