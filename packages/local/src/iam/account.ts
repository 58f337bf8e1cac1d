import type { PasswordPolicy } from '@aws-sdk/client-iam'
import { alreadyExists, noSuchEntity } from './errors.js'
import type { IamOperations } from './operation.js'
import { required } from './operation.js'
import type { AccountRecord } from './records.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'

/** The account itself: alias, password policy, summary, and lists of what cannot be made here. */
export const accountOperations = {
  CreateAccountAlias(input, call, { tables, write }) {
    const alias = required(input.AccountAlias, 'accountAlias')
    return write(() => {
      for (const { value } of under(tables.accounts, [])) {
        if (value.alias === alias && value.id !== call.caller.account) {
          throw alreadyExists(`The account alias ${alias} already exists.`)
        }
      }
      putAccount(tables, { ...getAccount(tables, call.caller.account), alias })
      return {}
    })
  },

  DeleteAccountAlias(input, call, { tables, write }) {
    return write(() => {
      const { alias, ...account } = getAccount(tables, call.caller.account)
      if (alias !== input.AccountAlias) {
        throw noSuchEntity(`The account alias ${input.AccountAlias} cannot be found.`)
      }
      putAccount(tables, account)
      return {}
    })
  },

  ListAccountAliases(_input, call, { tables }) {
    const { alias } = getAccount(tables, call.caller.account)
    return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false }
  },

  UpdateAccountPasswordPolicy(input, call, { tables, write }) {
    const given = Object.entries(input).filter(([, value]) => value !== undefined)
    const passwordPolicy = Object.fromEntries(given) as Record<string, number | boolean>
    return write(() => {
      putAccount(tables, { ...getAccount(tables, call.caller.account), passwordPolicy })
      return {}
    })
  },

  GetAccountPasswordPolicy(_input, call, { tables }) {
    const { passwordPolicy } = getAccount(tables, call.caller.account)
    if (passwordPolicy === undefined) throw noPasswordPolicy(call.caller.account)
    const PasswordPolicy: PasswordPolicy = {
      MinimumPasswordLength: 6,
      RequireSymbols: false,
      RequireNumbers: false,
      RequireUppercaseCharacters: false,
      RequireLowercaseCharacters: false,
      AllowUsersToChangePassword: false,
      ...passwordPolicy,
      ExpirePasswords: passwordPolicy['MaxPasswordAge'] !== undefined,
    }
    return { PasswordPolicy }
  },

  DeleteAccountPasswordPolicy(_input, call, { tables, write }) {
    return write(() => {
      const { passwordPolicy, ...account } = getAccount(tables, call.caller.account)
      if (passwordPolicy === undefined) throw noPasswordPolicy(call.caller.account)
      putAccount(tables, account)
      return {}
    })
  },

  GetAccountSummary: (_input, call, { tables }) => ({ SummaryMap: summary(tables, call.caller.account) }),

  ListServerCertificates: () => ({ ServerCertificateMetadataList: [], IsTruncated: false }),
} satisfies IamOperations

export function getAccount(tables: IamTables, id: string): AccountRecord {
  const account = tables.accounts.get([id])
  if (account === undefined) throw new Error(`account ${id} does not exist`)
  return account
}

export function putAccount(tables: IamTables, account: AccountRecord): void {
  tables.accounts.put([account.id], account)
}

function noPasswordPolicy(account: string): Error {
  return noSuchEntity(`The Password Policy with domain name ${account} cannot be found.`)
}

function count(items: Iterable<unknown>): number {
  return [...items].length
}

/** Counts and quotas (API Reference, GetAccountSummary). */
function summary(tables: IamTables, account: string): Record<string, number> {
  const devices = [...under(tables.mfaDevices, [account])]
  const policies = [...under(tables.policies, [account])]
  const rootKeys = [...under(tables.accessKeys, [])].some(
    ({ value }) => value.account === account && value.user === undefined,
  )
  return {
    Users: count(under(tables.users, [account])),
    UsersQuota: 5000,
    Groups: count(under(tables.groups, [account])),
    GroupsQuota: 300,
    Roles: count(under(tables.roles, [account])),
    RolesQuota: 1000,
    Policies: policies.length,
    PoliciesQuota: 1500,
    PolicyVersionsInUse: policies.reduce((sum, { value }) => sum + value.versions.length, 0),
    PolicyVersionsInUseQuota: 10_000,
    InstanceProfiles: count(under(tables.instanceProfiles, [account])),
    InstanceProfilesQuota: 1000,
    Providers: count(under(tables.oidcProviders, [account])) + count(under(tables.samlProviders, [account])),
    MFADevices: devices.length,
    MFADevicesInUse: devices.filter(({ value }) => value.user !== undefined).length,
    AccountMFAEnabled: 0,
    AccountAccessKeysPresent: rootKeys ? 1 : 0,
    AccountSigningCertificatesPresent:
      count(under(tables.signingCertificates, [account, account])) > 0 ? 1 : 0,
    ServerCertificates: 0,
    ServerCertificatesQuota: 20,
    SigningCertificatesPerUserQuota: 2,
    AccessKeysPerUserQuota: 2,
    GroupsPerUserQuota: 10,
    VersionsPerPolicyQuota: 5,
    PolicySizeQuota: 6144,
    UserPolicySizeQuota: 2048,
    GroupPolicySizeQuota: 5120,
    RolePolicySizeQuota: 10_240,
    AssumeRolePolicySizeQuota: 2048,
    AttachedPoliciesPerUserQuota: 10,
    AttachedPoliciesPerGroupQuota: 10,
    AttachedPoliciesPerRoleQuota: 10,
    GlobalEndpointTokenVersion: 1,
  }
}
