import type { KMS } from '@aws-sdk/client-kms'
import type { CompiledPolicy } from '@ringfence/policy'
import type { Call } from '../call.js'
import type { IamTables } from '../iam/tables.js'
import type { AnyOperation, OperationsOf } from '../operation-types.js'
import { disabled, invalidState, notFound, validation } from './errors.js'
import type { KmsKeyRecord } from './records.js'
import type { KmsTables } from './tables.js'
import { findKey } from './tables.js'

/** What KMS's operations work with. */
export interface KmsDeps {
  readonly tables: KmsTables
  readonly iam: IamTables
  readonly write: <Result>(work: () => Result) => Promise<Result>
  /** Whether a key policy would still let the caller change it (the lockout safety check). */
  readonly mayPutKeyPolicy: (call: Call, keyArn: string, policy: CompiledPolicy) => boolean
}

export type KmsOperations = Partial<OperationsOf<KMS, KmsDeps>>
export type AnyKmsOperation = AnyOperation<KmsDeps>

export function required<Value>(value: Value | undefined, member: string): Value {
  if (value !== undefined) return value
  throw validation(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

/** The key that a request names, in whatever state. */
export function getKey(deps: Pick<KmsDeps, 'tables'>, call: Call, id: string | undefined): KmsKeyRecord {
  const wanted = required(id, 'keyId')
  const key = findKey(deps.tables, wanted, call.caller.account, call.region)
  if (key !== undefined) return key
  const arn = wanted.startsWith('arn:')
    ? wanted
    : `arn:aws:kms:${call.region}:${call.caller.account}:${wanted.startsWith('alias/') ? wanted : `key/${wanted}`}`
  throw notFound(wanted.includes('alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`)
}

/** A key that is not waiting to be deleted. */
export function getLivingKey(
  deps: Pick<KmsDeps, 'tables'>,
  call: Call,
  id: string | undefined,
): KmsKeyRecord {
  const key = getKey(deps, call, id)
  if (key.state === 'PendingDeletion') throw invalidState(`${key.arn} is pending deletion.`)
  return key
}

/** A key that encrypts and decrypts. */
export function getUsableKey(
  deps: Pick<KmsDeps, 'tables'>,
  call: Call,
  id: string | undefined,
): KmsKeyRecord {
  const key = getLivingKey(deps, call, id)
  if (key.state === 'Disabled') throw disabled(key.arn)
  return key
}

export function putKey(tables: KmsTables, key: KmsKeyRecord): void {
  tables.keys.put([key.account, key.region, key.id], key)
}
