import type { Account, PolicyTypeSummary } from '@aws-sdk/client-organizations'
import { accountNotFound } from './errors.js'
import type { OrganizationOperations } from './operation.js'
import { accountName, getOrganization, getTarget } from './operation.js'
import { organizationPage } from './pages.js'
import { policyType } from './policies.js'
import type { OrganizationRecord } from './records.js'

/** The organization itself, its root and its accounts. */
export const entityOperations = {
  DescribeOrganization(_input, _call, { tables }) {
    const organization = getOrganization(tables)
    const { id, managementAccount } = organization
    return {
      Organization: {
        Id: id,
        Arn: `arn:aws:organizations::${managementAccount}:organization/${id}`,
        FeatureSet: 'ALL',
        MasterAccountArn: getTarget(organization, managementAccount).arn,
        MasterAccountId: managementAccount,
        MasterAccountEmail: emailOf(managementAccount),
        AvailablePolicyTypes: policyTypes(),
      },
    }
  },

  ListRoots(input, _call, { tables }) {
    const organization = getOrganization(tables)
    const { id, arn, name } = getTarget(organization, organization.rootId)
    const roots = [{ Id: id, Arn: arn, Name: name, PolicyTypes: policyTypes() }]
    const { items, ...rest } = organizationPage(roots, input, ({ Id }) => Id)
    return { Roots: items, ...rest }
  },

  ListAccounts(input, _call, { tables }) {
    const organization = getOrganization(tables)
    const { items, ...rest } = organizationPage(organization.members, input, ({ id }) => id)
    return { Accounts: items.map((member) => describeAccount(organization, member)), ...rest }
  },

  DescribeAccount(input, _call, { tables }) {
    const organization = getOrganization(tables)
    const member = organization.members.find(({ id }) => id === input.AccountId)
    if (member === undefined) throw accountNotFound()
    return { Account: describeAccount(organization, member) }
  },
} satisfies OrganizationOperations

function policyTypes(): PolicyTypeSummary[] {
  return [{ Type: policyType, Status: 'ENABLED' }]
}

function emailOf(account: string): string {
  return `${account}@accounts.example`
}

function describeAccount(
  organization: OrganizationRecord,
  { id, joinedMs }: OrganizationRecord['members'][number],
): Account {
  return {
    Id: id,
    Arn: getTarget(organization, id).arn,
    Email: emailOf(id),
    Name: accountName(organization, id),
    Status: 'ACTIVE',
    State: 'ACTIVE',
    Paths: [`${organization.id}/${organization.rootId}/${id}/`],
    JoinedMethod: 'CREATED',
    JoinedTimestamp: new Date(joinedMs),
  }
}
