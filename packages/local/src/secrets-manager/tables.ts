import type { Database, Table } from '../call.js'
import type { SecretRecord, SecretValueRecord } from './records.js'

export interface SecretsManagerTables {
  /** [account, region, name] */
  readonly secrets: Table<SecretRecord>
  /** [ARN, version id] */
  readonly values: Table<SecretValueRecord>
}

export function openSecretsManagerTables(database: Database): SecretsManagerTables {
  return {
    secrets: database.table('secretsmanager.secrets'),
    values: database.table('secretsmanager.values'),
  }
}

/** A name is at most that long (API Reference, CreateSecret). */
const maximumName = 512

/**
 * A secret by name, by ARN, or by ARN without the characters that AWS added. A name that looks like one with
 * such characters is taken as a name first (API Reference, `SecretId`).
 */
export function findSecret(
  tables: SecretsManagerTables,
  id: string,
  account: string,
  region: string,
): SecretRecord | undefined {
  const arn = /^arn:aws:secretsmanager:([a-z0-9-]+):(\d{12}):secret:(.+)$/.exec(id)
  if (arn === null) return named(tables, id, account, region)
  const [, arnRegion = '', arnAccount = '', rest = ''] = arn
  const whole = named(tables, rest, arnAccount, arnRegion)
  if (whole !== undefined) return whole
  const suffixed = named(tables, rest.replace(/-[A-Za-z0-9]{6}$/, ''), arnAccount, arnRegion)
  return suffixed?.arn === id ? suffixed : undefined
}

function named(
  tables: SecretsManagerTables,
  name: string,
  account: string,
  region: string,
): SecretRecord | undefined {
  return name === '' || name.length > maximumName ? undefined : tables.secrets.get([account, region, name])
}
