import type { Database, Table } from '../call.js'
import type {
  AccessKeyRecord,
  AccountRecord,
  GroupRecord,
  InstanceProfileRecord,
  MfaDeviceRecord,
} from './records.js'
import type {
  OidcProviderRecord,
  PolicyRecord,
  PolicyUse,
  RoleRecord,
  SamlProviderRecord,
  ServiceCredentialRecord,
  SigningCertificateRecord,
  SshKeyRecord,
  UserRecord,
} from './records.js'

/**
 * IAM's tables. Names are unique within an account whatever their case (IAM User Guide, "Name requirements"),
 * so that keys hold the lower-case name and records its spelling.
 */
export interface IamTables {
  readonly accounts: Table<AccountRecord>
  readonly users: Table<UserRecord>
  readonly groups: Table<GroupRecord>
  /** [account, group, user] */
  readonly memberships: Table<true>
  readonly roles: Table<RoleRecord>
  /** [account, ARN] */
  readonly policies: Table<PolicyRecord>
  /** [account, policy ARN, usage, kind, name] */
  readonly policyUses: Table<PolicyUse>
  readonly accessKeys: Table<AccessKeyRecord>
  readonly instanceProfiles: Table<InstanceProfileRecord>
  /** [account, ARN] */
  readonly oidcProviders: Table<OidcProviderRecord>
  /** [account, ARN] */
  readonly samlProviders: Table<SamlProviderRecord>
  /** [account, serial number] */
  readonly mfaDevices: Table<MfaDeviceRecord>
  /** [account, id of the user, id] */
  readonly sshKeys: Table<SshKeyRecord>
  /** [account, id of the user, id] */
  readonly serviceCredentials: Table<ServiceCredentialRecord>
  /** [account, id of the user or the account itself for its root, id] */
  readonly signingCertificates: Table<SigningCertificateRecord>
}

export function openIamTables(database: Database): IamTables {
  return {
    accounts: database.table('iam.accounts'),
    users: database.table('iam.users'),
    groups: database.table('iam.groups'),
    memberships: database.table('iam.memberships'),
    roles: database.table('iam.roles'),
    policies: database.table('iam.policies'),
    policyUses: database.table('iam.policy-uses'),
    accessKeys: database.table('iam.access-keys'),
    instanceProfiles: database.table('iam.instance-profiles'),
    oidcProviders: database.table('iam.oidc-providers'),
    samlProviders: database.table('iam.saml-providers'),
    mfaDevices: database.table('iam.mfa-devices'),
    sshKeys: database.table('iam.ssh-keys'),
    serviceCredentials: database.table('iam.service-credentials'),
    signingCertificates: database.table('iam.signing-certificates'),
  }
}

/** The key of a named entity of an account. */
export function nameKey(account: string, name: string): readonly [string, string] {
  return [account, name.toLowerCase()]
}

/** All records whose key begins with these parts, in key order. */
export function* under<Value>(
  table: Table<Value>,
  parts: readonly string[],
): Generator<{ readonly key: readonly string[]; readonly value: Value }> {
  for (const { key, value } of table.range({ start: parts, end: [...parts, '\uffff'] })) {
    yield { key: key as readonly string[], value }
  }
}
