import type { SageMaker } from '@aws-sdk/client-sagemaker'
import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import { under } from '../iam/tables.js'
import type { AnyOperation, OperationsOf } from '../operation-types.js'
import type { SageMakerKind } from './arns.js'
import { sageMakerArn } from './arns.js'
import type { SageMakerRecord, SageMakerTables } from './tables.js'
import { readSageMakerTags } from './tags.js'

/** What SageMaker's operations work with. */
export interface SageMakerDeps {
  readonly tables: SageMakerTables
  readonly write: <Result>(work: () => Result) => Promise<Result>
  /** Whether the role exists and its trust policy lets SageMaker take it for the caller's account. */
  readonly canAssume: (call: Call, roleArn: string) => boolean
}

export type SageMakerOperations = Partial<OperationsOf<SageMaker, SageMakerDeps>>
export type AnySageMakerOperation = AnyOperation<SageMakerDeps>

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message, 400)
}

export function required<Value>(value: Value | undefined, member: string): Value {
  if (value !== undefined) return value
  throw validation(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

const names: Readonly<Record<SageMakerKind, RegExp>> = {
  'training-job': /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
  model: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
  'endpoint-config': /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
  endpoint: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
  project: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/,
}

/** Writes a new resource with its tags. Inside a transaction. */
export function createResource(
  deps: SageMakerDeps,
  call: Call,
  kind: SageMakerKind,
  options: {
    readonly name: string
    readonly input: { readonly Tags?: Parameters<typeof readSageMakerTags>[0] }
  },
): SageMakerRecord {
  const { account } = call.caller
  const { name, input } = options
  if (!names[kind].test(name)) {
    throw validation(
      `1 validation error detected: Value '${name}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${names[kind].source}`,
    )
  }
  const arn = sageMakerArn(call, kind, name)
  if (deps.tables.resources.get([account, call.region, kind, name]) !== undefined) throw inUse(kind, arn)
  const { Tags, ...rest } = input
  const record: SageMakerRecord = {
    kind,
    account,
    region: call.region,
    name,
    arn,
    input: rest,
    createdMs: call.timeMs,
    updatedMs: call.timeMs,
    createdBy: call.caller.principal,
  }
  deps.tables.resources.put([account, call.region, kind, name], record)
  const tags = readSageMakerTags(Tags)
  if (Object.keys(tags).length > 0) deps.tables.tags.put([arn], tags)
  return record
}

export function getResource(
  deps: Pick<SageMakerDeps, 'tables'>,
  call: Call,
  kind: SageMakerKind,
  name: string | undefined,
): SageMakerRecord {
  const wanted = required(name, 'name')
  const record = findResource(deps, call, kind, wanted)
  if (record !== undefined) return record
  if (kind === 'training-job') throw validation('Requested resource not found.')
  throw validation(`Could not find ${kind.replace('-', ' ')} "${sageMakerArn(call, kind, wanted)}".`)
}

export function findResource(
  { tables }: Pick<SageMakerDeps, 'tables'>,
  call: Call,
  kind: SageMakerKind,
  name: string,
): SageMakerRecord | undefined {
  return name.length > 256 ? undefined : tables.resources.get([call.caller.account, call.region, kind, name])
}

export function putResource({ tables }: SageMakerDeps, record: SageMakerRecord): void {
  tables.resources.put([record.account, record.region, record.kind, record.name], record)
}

export function deleteResource(
  deps: SageMakerDeps,
  call: Call,
  kind: SageMakerKind,
  name: string | undefined,
): Promise<object> {
  return deps.write(() => {
    const { arn, account, region, name: found } = getResource(deps, call, kind, name)
    deps.tables.resources.delete([account, region, kind, found])
    deps.tables.tags.delete([arn])
    return {}
  })
}

/** What lists of all kinds are asked. */
export interface ListInput {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly NameContains?: string | undefined
  readonly CreationTimeAfter?: Date | undefined
  readonly CreationTimeBefore?: Date | undefined
  readonly SortBy?: string | undefined
  readonly SortOrder?: string | undefined
}

/** One page of the resources of a kind, newest first unless asked otherwise. */
export function listResources(
  { tables }: Pick<SageMakerDeps, 'tables'>,
  call: Call,
  kind: SageMakerKind,
  input: ListInput,
  wanted: (record: SageMakerRecord) => boolean = () => true,
): { readonly items: SageMakerRecord[]; readonly NextToken?: string } {
  const all = [...under(tables.resources, [call.caller.account, call.region, kind])].map(({ value }) => value)
  const matching = all.filter(
    (record) =>
      record.name.includes(input.NameContains ?? '') &&
      record.createdMs > (input.CreationTimeAfter?.getTime() ?? -Infinity) &&
      record.createdMs < (input.CreationTimeBefore?.getTime() ?? Infinity) &&
      wanted(record),
  )
  const by = (record: SageMakerRecord) =>
    input.SortBy === 'Name' ? record.name : `${String(record.createdMs).padStart(16, '0')} ${record.name}`
  const direction = (input.SortOrder ?? 'Descending') === 'Ascending' ? 1 : -1
  matching.sort((a, b) => (by(a) < by(b) ? -direction : direction))
  const start = readToken(input.NextToken)
  const items = matching.slice(start, start + Math.max(1, Math.min(input.MaxResults ?? 10, 100)))
  const next = start + items.length
  return next < matching.length
    ? { items, NextToken: Buffer.from(`${next}`).toString('base64url') }
    : { items }
}

function readToken(token: string | undefined): number {
  if (token === undefined) return 0
  const start = Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(start) || start < 0) throw validation('Invalid pagination token.')
  return start
}

/** SageMaker takes the role at once, so one that it cannot take is refused at once. */
export function checkRole(deps: SageMakerDeps, call: Call, roleArn: string): void {
  if (deps.canAssume(call, roleArn)) return
  throw validation(
    `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`,
  )
}

function inUse(kind: SageMakerKind, arn: string): AwsError {
  if (kind === 'training-job') {
    const text = `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`
    return new AwsError('ResourceInUse', text, 400)
  }
  return validation(`Cannot create already existing ${kind.replace('-', ' ')} "${arn}".`)
}
