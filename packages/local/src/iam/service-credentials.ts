import { randomBytes } from 'node:crypto'
import type { ServiceSpecificCredential, ServiceSpecificCredentialMetadata } from '@aws-sdk/client-iam'
import type { Call } from '../call.js'
import { credentialsOf, newStatus, type Owner } from './credentials.js'
import { limitExceeded, noSuchEntity, validationError } from './errors.js'
import { newId } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { getUser, namedOrCalling, required } from './operation.js'
import { page } from './pages.js'
import type { ServiceCredentialRecord, UserRecord } from './records.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'

/** Of one user for one service (API Reference, CreateServiceSpecificCredential). */
const maximumCredentials = 2

const dayMs = 24 * 60 * 60_000

/** Who takes such credentials: by user name and password, or as an API key, which may expire. */
const services: Readonly<Record<string, 'password' | 'apiKey'>> = {
  'bedrock.amazonaws.com': 'apiKey',
  'cassandra.amazonaws.com': 'password',
  'codecommit.amazonaws.com': 'password',
  'logs.amazonaws.com': 'apiKey',
}

/** Credentials for services that do not exist here: they can be had, and taken away. */
export const serviceCredentialOperations = {
  CreateServiceSpecificCredential(input, call, { tables, write }) {
    const service = required(input.ServiceName, 'serviceName')
    const kind = kindOf(service)
    const days = input.CredentialAgeDays
    if (days !== undefined && kind !== 'apiKey') {
      throw validationError(`Credentials of ${service} do not expire: credentialAgeDays cannot be set.`)
    }
    return write(() => {
      const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
      const others = credentialsOf(tables.serviceCredentials, ownerOf(user)).filter(
        (one) => one.service === service,
      )
      if (others.length >= maximumCredentials) {
        throw limitExceeded(
          `Cannot exceed quota for ServiceSpecificCredentialsPerUser: ${maximumCredentials}`,
        )
      }
      const credential: ServiceCredentialRecord = {
        id: newId('ACCA'),
        status: 'Active',
        createdMs: call.timeMs,
        service,
        alias: freeAlias(
          user,
          others.map(({ alias }) => alias),
        ),
        ...(days === undefined ? {} : { expiresMs: call.timeMs + days * dayMs }),
      }
      put(tables, user, credential)
      return { ServiceSpecificCredential: describeWithSecret(user, credential, call) }
    })
  },

  ListServiceSpecificCredentials(input, call, { tables }) {
    if (input.ServiceName !== undefined) kindOf(input.ServiceName)
    const found = usersOf(tables, call, input).flatMap((user) =>
      credentialsOf(tables.serviceCredentials, ownerOf(user))
        .filter(({ service }) => service === (input.ServiceName ?? service))
        .map((credential) => ({ user, credential })),
    )
    const { items, ...rest } = page(found, input, ({ credential }) => credential.id)
    const ServiceSpecificCredentials = items.map(({ user, credential }) => describe(user, credential, call))
    return { ServiceSpecificCredentials, ...rest }
  },

  UpdateServiceSpecificCredential(input, call, { tables, write }) {
    return write(() => {
      const { user, credential } = owned(tables, call, input)
      put(tables, user, { ...credential, status: newStatus(input.Status) })
      return {}
    })
  },

  ResetServiceSpecificCredential(input, call, { tables }) {
    const { user, credential } = owned(tables, call, input)
    return { ServiceSpecificCredential: describeWithSecret(user, credential, call) }
  },

  DeleteServiceSpecificCredential(input, call, { tables, write }) {
    return write(() => {
      const { user, credential } = owned(tables, call, input)
      tables.serviceCredentials.delete([...ownerOf(user), credential.id])
      return {}
    })
  },
} satisfies IamOperations

function kindOf(service: string): 'password' | 'apiKey' {
  const kind = services[service]
  if (kind !== undefined) return kind
  // The code that AWS answers with, where its reference says NotSupportedService.
  throw noSuchEntity(`No such service ${service} is supported for Service Specific Credentials`)
}

function ownerOf({ account, id }: UserRecord): Owner {
  return [account, id]
}

function usersOf(
  tables: IamTables,
  call: Call,
  { AllUsers, UserName }: { readonly AllUsers?: boolean | undefined; readonly UserName?: string | undefined },
): readonly UserRecord[] {
  const { account } = call.caller
  if (AllUsers !== true) return [getUser(tables, account, namedOrCalling(UserName, call))]
  if (UserName !== undefined) throw validationError('allUsers and userName cannot be specified together.')
  return [...under(tables.users, [account])].map(({ value }) => value)
}

function put(tables: IamTables, user: UserRecord, credential: ServiceCredentialRecord): void {
  tables.serviceCredentials.put([...ownerOf(user), credential.id], credential)
}

function owned(
  tables: IamTables,
  call: Call,
  input: {
    readonly UserName?: string | undefined
    readonly ServiceSpecificCredentialId: string | undefined
  },
): { readonly user: UserRecord; readonly credential: ServiceCredentialRecord } {
  const user = getUser(tables, call.caller.account, namedOrCalling(input.UserName, call))
  const id = required(input.ServiceSpecificCredentialId, 'serviceSpecificCredentialId')
  const credential = tables.serviceCredentials.get([...ownerOf(user), id])
  if (credential === undefined) throw noSuchEntity(`No such credential ${id} exists`)
  return { user, credential }
}

/** `jane-at-111122223333`, and `jane+1-at-111122223333` for the second one. */
function freeAlias({ account, name }: UserRecord, taken: readonly string[]): string {
  const [first, second] = [`${name}-at-${account}`, `${name}+1-at-${account}`]
  return taken.includes(first) ? second : first
}

function describe(
  user: UserRecord,
  { alias, createdMs, expiresMs, id, service, status }: ServiceCredentialRecord,
  call: Call,
): ServiceSpecificCredentialMetadata {
  const isOver = expiresMs !== undefined && expiresMs <= call.timeMs
  return {
    UserName: user.name,
    ServiceName: service,
    ServiceSpecificCredentialId: id,
    Status: isOver ? 'Expired' : status,
    CreateDate: new Date(createdMs),
    ...(kindOf(service) === 'password' ? { ServiceUserName: alias } : { ServiceCredentialAlias: alias }),
    ...(expiresMs === undefined ? {} : { ExpirationDate: new Date(expiresMs) }),
  }
}

/** With a secret that is new, and told this once. AWS's have 60 characters, the last of which is `=`. */
function describeWithSecret(
  user: UserRecord,
  credential: ServiceCredentialRecord,
  call: Call,
): ServiceSpecificCredential {
  const secret = randomBytes(44).toString('base64')
  return {
    ...describe(user, credential, call),
    ...(kindOf(credential.service) === 'password'
      ? { ServicePassword: secret }
      : { ServiceCredentialSecret: secret }),
  }
}
