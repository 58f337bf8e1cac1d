import type { ProviderArgs } from '@pulumi/aws/provider.js'
import { unknownName } from './kinds.js'
import { hasUnknown, isObject, type Properties } from './properties.js'

/** The services for which the configuration can name an endpoint, as the provider spells them. */
const services = [
  'iam',
  'identitystore',
  'kms',
  'organizations',
  's3',
  's3control',
  'sagemaker',
  'secretsmanager',
  'ssoadmin',
  'sts',
] as const
export type ServiceEndpoint = (typeof services)[number]

/** What the provider is configured with. */
export interface ProviderConfig {
  readonly region: string
  readonly profile?: string
  readonly endpoints: Readonly<Partial<Record<ServiceEndpoint, string>>>
  /** Empty: any account. */
  readonly allowedAccountIds: readonly string[]
  readonly skipCredentialsValidation: boolean
  readonly skipRequestingAccountId: boolean
  readonly s3UsePathStyle: boolean
}

/** Only these are understood. Keys of access are taken from the environment or a profile, so that no state holds one. */
const names = [
  'region',
  'profile',
  'endpoints',
  'allowedAccountIds',
  'skipCredentialsValidation',
  'skipMetadataApiCheck',
  'skipRequestingAccountId',
  'skipRegionValidation',
  's3UsePathStyle',
] as const satisfies readonly (keyof ProviderArgs)[]

/** What is wrong with a configuration; values that are not known yet are refused too. */
export function faultsOfConfig(inputs: Properties): { property: string; reason: string }[] {
  return Object.entries(inputs).flatMap(([property, value]) => {
    // The engine tells the provider's version by an input of that name.
    if (property === 'version' || value === undefined) return []
    if (!names.some((name) => name === property)) return [{ property, reason: unknownName(property, names) }]
    if (hasUnknown(value)) return [{ property, reason: 'must be known before anything is deployed' }]
    return []
  })
}

/** Reads a configuration whose lists, objects and booleans come as JSON text. Throws on what it cannot take. */
export function readConfig(inputs: Properties): ProviderConfig {
  const [fault] = faultsOfConfig(inputs)
  if (fault !== undefined) throw new Error(`${fault.property}: ${fault.reason}`)
  const region = inputs['region']
  if (typeof region !== 'string' || region === '') throw new Error('region: is missing')
  const profile = inputs['profile']
  return {
    region,
    ...(typeof profile === 'string' && profile !== '' ? { profile } : {}),
    endpoints: readEndpoints(decoded(inputs['endpoints'])),
    allowedAccountIds: strings('allowedAccountIds', decoded(inputs['allowedAccountIds'])),
    skipCredentialsValidation: boolean('skipCredentialsValidation', inputs),
    skipRequestingAccountId: boolean('skipRequestingAccountId', inputs),
    s3UsePathStyle: boolean('s3UsePathStyle', inputs),
  }
}

function readEndpoints(value: unknown): ProviderConfig['endpoints'] {
  const endpoints: Partial<Record<ServiceEndpoint, string>> = {}
  if (value !== undefined && !Array.isArray(value)) throw new Error('endpoints: must be a list')
  for (const block of value ?? []) {
    for (const [service, url] of Object.entries(isObject(block) ? block : {})) {
      const known = services.find((name) => name === service)
      if (known === undefined) throw new Error(`endpoints: ${unknownName(service, services)}`)
      if (typeof url !== 'string' || !isLoopback(url))
        throw new Error(
          `endpoints.${service}: the stand-in is for tests only and speaks to this machine alone`,
        )
      endpoints[known] = url
    }
  }
  return endpoints
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}

function decoded(value: unknown): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value
}

function strings(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value
  throw new Error(`${name}: must be a list of strings`)
}

function boolean(name: (typeof names)[number], inputs: Properties): boolean {
  const value = decoded(inputs[name])
  if (value === undefined || value === null) return false
  if (typeof value === 'boolean') return value
  throw new Error(`${name}: must be a boolean`)
}
