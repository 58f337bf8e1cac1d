import type { SecretsManager } from '@aws-sdk/client-secrets-manager'
import type { Call } from '../call.js'
import type { IamTables } from '../iam/tables.js'
import type { OperationsOf } from '../operation-types.js'
import { invalidRequest, notFound } from './errors.js'
import type { SecretRecord } from './records.js'
import type { SecretsManagerTables } from './tables.js'
import { findSecret } from './tables.js'

/** What Secrets Manager's operations work with. */
export interface SecretsManagerDeps {
  readonly tables: SecretsManagerTables
  readonly iam: IamTables
  readonly write: <Result>(work: () => Result) => Promise<Result>
}

export type SecretsManagerOperations = Partial<OperationsOf<SecretsManager, SecretsManagerDeps>>

/** The secret that a request names, also while its deletion is pending; afterwards it is gone. */
export function getSecret(
  { tables }: Pick<SecretsManagerDeps, 'tables'>,
  call: Call,
  id: string | undefined,
): SecretRecord {
  const secret = findSecret(tables, id ?? '', call.caller.account, call.region)
  if (secret === undefined || isGone(secret, call)) throw notFound()
  return secret
}

/** A secret that is not waiting to be deleted. */
export function getLivingSecret(
  deps: Pick<SecretsManagerDeps, 'tables'>,
  call: Call,
  id: string | undefined,
): SecretRecord {
  const secret = getSecret(deps, call, id)
  if (secret.deletionMs === undefined) return secret
  throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
}

export function isGone({ deletionMs }: SecretRecord, { timeMs }: Pick<Call, 'timeMs'>): boolean {
  return deletionMs !== undefined && deletionMs <= timeMs
}

export function putSecret(tables: SecretsManagerTables, secret: SecretRecord): void {
  tables.secrets.put([secret.account, secret.region, secret.name], secret)
}

/** The secret and all of its values. */
export function dropSecret(tables: SecretsManagerTables, secret: SecretRecord): void {
  for (const { id } of secret.versions) tables.values.delete([secret.arn, id])
  tables.secrets.delete([secret.account, secret.region, secret.name])
}

/** What every answer about a secret begins with. */
export function namesOf({ arn, name }: SecretRecord): { readonly ARN: string; readonly Name: string } {
  return { ARN: arn, Name: name }
}
