import { randomUUID } from 'node:crypto'
import type { LocalCredentials } from './local-aws.js'
import { newAccessKey, putAccessKey } from './iam/access-keys.js'
import { putAccount } from './iam/account.js'
import type { AccessKeyRecord } from './iam/records.js'
import { under } from './iam/tables.js'
import { putAlias } from './kms/aliases.js'
import { s3ManagedKeyPolicy } from './kms/default-key-policy.js'
import { newKeyRecord } from './kms/keys.js'
import { putKey } from './kms/operation.js'
import type { KmsKeyRecord } from './kms/records.js'
import { foundOrganization } from './organizations/found-organization.js'
import type { Services } from './services.js'

/**
 * The root user's credentials of an account. An account that does not exist is made, with the KMS key that
 * AWS manages for S3; one that exists keeps its root key, so that restarts change nothing.
 */
export async function ensureAccount(
  { database, state }: Pick<Services, 'database' | 'state'>,
  account: string,
  region: string,
  nowMs: number,
): Promise<LocalCredentials> {
  if (!/^\d{12}$/.test(account)) throw new RangeError(`an account has 12 digits: ${account}`)
  return database.transaction(() => {
    if (state.iam.accounts.get([account]) === undefined) {
      putAccount(state.iam, { id: account, createdMs: nowMs })
    }
    if (state.kms.aliases.get([account, region, 'alias/aws/s3']) === undefined) {
      putManagedKey(state.kms, account, region, nowMs)
    }
    const keys = [...under(state.iam.accessKeys, [])].map(({ value }) => value)
    const present = keys.find((key) => key.account === account && key.user === undefined)
    const key = present ?? newAccessKey(account, undefined, nowMs)
    if (present === undefined) putAccessKey(state.iam, key)
    return credentialsOf(key)
  })
}

/**
 * The root user's credentials of the organization's management account, which is made if there is none, with the
 * organization; `member` is the account that it governs.
 */
export async function ensureManagementAccount(
  services: Pick<Services, 'database' | 'state'>,
  member: string,
  region: string,
  nowMs: number,
): Promise<LocalCredentials> {
  const id = managementAccountOf(member)
  const root = await ensureAccount(services, id, region, nowMs)
  const { database, state } = services
  await database.transaction(() => foundOrganization(state.organizations, id, member, nowMs))
  return root
}

/** Fixed, so that a plan's rehearsal needs to ask nobody. */
export function managementAccountOf(member: string): string {
  return member === '999999999999' ? '888888888888' : '999999999999'
}

export function credentialsOf({ id, secret }: AccessKeyRecord): LocalCredentials {
  return { accessKeyId: id, secretAccessKey: secret }
}

function putManagedKey(kms: Services['state']['kms'], account: string, region: string, nowMs: number): void {
  const key: KmsKeyRecord = {
    ...newKeyRecord(account, region, randomUUID(), nowMs),
    description: 'Default key that protects my S3 objects when no other key is defined',
    policy: s3ManagedKeyPolicy(account, region),
    manager: 'AWS',
  }
  putKey(kms, key)
  putAlias(kms, {
    account,
    region,
    name: 'alias/aws/s3',
    arn: `arn:aws:kms:${region}:${account}:alias/aws/s3`,
    keyId: key.id,
    createdMs: nowMs,
    updatedMs: nowMs,
  })
}
