import type * as CloudTrail from '@aws-sdk/client-cloudtrail'
import type * as Iam from '@aws-sdk/client-iam'
import type * as IdentityStore from '@aws-sdk/client-identitystore'
import type * as Kms from '@aws-sdk/client-kms'
import type * as Organizations from '@aws-sdk/client-organizations'
import type * as S3 from '@aws-sdk/client-s3'
import type * as S3Control from '@aws-sdk/client-s3-control'
import type * as SageMaker from '@aws-sdk/client-sagemaker'
import type * as SageMakerRuntime from '@aws-sdk/client-sagemaker-runtime'
import type * as SsoAdmin from '@aws-sdk/client-sso-admin'
import type * as SecretsManager from '@aws-sdk/client-secrets-manager'
import type * as Sts from '@aws-sdk/client-sts'
import type { Call, ServiceName } from '../call.js'
import type { RequestBody } from './request-body.js'
import type { ResponseBody } from './response-body.js'

/** The modules whose commands give the operations of each service their names and types. */
export interface ServiceModules {
  readonly s3: typeof S3
  readonly 's3-control': typeof S3Control
  readonly iam: typeof Iam
  readonly sts: typeof Sts
  readonly sagemaker: typeof SageMaker
  readonly 'sagemaker-runtime': typeof SageMakerRuntime
  readonly kms: typeof Kms
  readonly organizations: typeof Organizations
  readonly 'sso-admin': typeof SsoAdmin
  readonly identitystore: typeof IdentityStore
  readonly cloudtrail: typeof CloudTrail
  readonly secretsmanager: typeof SecretsManager
}

/** Names of the operations of a service, e.g. `CreateUser`. */
export type OperationName<Service extends ServiceName> = {
  [Member in keyof ServiceModules[Service]]: Member extends `${infer Name}Command` ? Name : never
}[keyof ServiceModules[Service]]

type CommandOf<
  Service extends ServiceName,
  Name extends string,
> = `${Name}Command` extends keyof ServiceModules[Service]
  ? ServiceModules[Service][`${Name}Command`] extends new (...args: never[]) => infer Command
    ? Command
    : never
  : never

type CommandInput<Command> = Command extends { readonly input: infer Input } ? Input : never
type CommandOutput<Command> = Command extends {
  resolveMiddleware(
    ...args: never[]
  ): (...args: never[]) => Promise<{ readonly output: infer Output; response: unknown }>
}
  ? Output
  : never

/** Streams are the server's own on this side of the wire. */
type ServerInput<Service extends ServiceName, Input> = Service extends 's3'
  ? Input extends { Body?: unknown }
    ? Omit<Input, 'Body'> & { readonly Body: RequestBody }
    : Input
  : Input
type ServerOutput<Service extends ServiceName, Output> = Service extends 's3'
  ? Output extends { Body?: unknown }
    ? Omit<Output, 'Body' | '$metadata'> & { readonly Body?: ResponseBody }
    : Omit<Output, '$metadata'>
  : Omit<Output, '$metadata'>

/** What an operation is given: the SDK's input type, decoded. */
export type OperationInput<Service extends ServiceName, Name extends OperationName<Service>> = ServerInput<
  Service,
  CommandInput<CommandOf<Service, Name & string>>
>

/** What an operation answers: the SDK's output type without `$metadata`. */
export type OperationOutput<Service extends ServiceName, Name extends OperationName<Service>> = ServerOutput<
  Service,
  CommandOutput<CommandOf<Service, Name & string>>
>

/** What enforcement left for the operation to do. */
export interface Granted {
  /** Items that were refused (DeleteObjects); all others are allowed. */
  readonly deniedItems: ReadonlySet<string>
}

/** The meaning of one operation. Throws `AwsError` for what the client did wrong. */
export type Operation<Input, Output> = (
  input: Input,
  call: Call,
  granted: Granted,
) => Output | Promise<Output>

/** Operations by `service:Name`, as the dispatcher looks them up; inputs have been decoded by their schema. */
export type OperationTable = ReadonlyMap<string, Operation<never, unknown>>

/** The operations of one service, with the SDK's types for each. */
export type ServiceOperations<Service extends ServiceName> = {
  readonly [Name in OperationName<Service> & string]?: Operation<
    OperationInput<Service, Name>,
    OperationOutput<Service, Name>
  >
}

/** Collects the operations of all services. */
export class OperationRegistry {
  readonly table = new Map<string, Operation<never, unknown>>()

  /** Adds operations of one service; an operation that is there already is a mistake in the assembly. */
  add<Service extends ServiceName>(service: Service, operations: ServiceOperations<Service>): this {
    for (const [name, operation] of Object.entries(operations)) {
      const key = `${service}:${name}`
      if (this.table.has(key)) throw new Error(`operation ${key} is registered twice`)
      this.table.set(key, operation as Operation<never, unknown>)
    }
    return this
  }
}
