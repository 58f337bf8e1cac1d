import type { Database, Table } from '../call.js'
import { under } from '../iam/tables.js'
import type { KmsAliasRecord, KmsKeyRecord } from './records.js'

export interface KmsTables {
  /** [account, region, key id] */
  readonly keys: Table<KmsKeyRecord>
  /** [account, region, alias name] */
  readonly aliases: Table<KmsAliasRecord>
  /** [account, region, key id, alias name] */
  readonly aliasesByKey: Table<true>
}

export function openKmsTables(database: Database): KmsTables {
  return {
    keys: database.table('kms.keys'),
    aliases: database.table('kms.aliases'),
    aliasesByKey: database.table('kms.aliases-by-key'),
  }
}

/** A key by id, key ARN, alias name or alias ARN; names without an account are those of the caller's. */
export function findKey(
  tables: KmsTables,
  id: string,
  account: string,
  region: string,
): KmsKeyRecord | undefined {
  if (id.length > 2048) return undefined
  const arn = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key\/|alias\/)(.+)$/.exec(id)
  if (arn !== null) {
    const [, arnRegion = '', arnAccount = '', kind = '', rest = ''] = arn
    return findKey(tables, kind === 'key/' ? rest : `alias/${rest}`, arnAccount, arnRegion)
  }
  if (id.length > 256) return undefined
  if (!id.startsWith('alias/')) return tables.keys.get([account, region, id])
  const alias = tables.aliases.get([account, region, id])
  return alias === undefined ? undefined : tables.keys.get([account, region, alias.keyId])
}

/** Names of a key's aliases, in order. */
export function aliasesOf(tables: KmsTables, key: KmsKeyRecord): string[] {
  return [...under(tables.aliasesByKey, [key.account, key.region, key.id])].map(
    ({ key: path }) => path[3] ?? '',
  )
}
