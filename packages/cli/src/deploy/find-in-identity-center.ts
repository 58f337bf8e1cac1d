import { Identitystore } from '@aws-sdk/client-identitystore'
import { paginateListPermissionSets, SSOAdmin } from '@aws-sdk/client-sso-admin'
import type { StateResource } from '@ringfence/pulumi/deploy'
import { type AwsAccess, clientSettings } from './aws-access.js'

type Inputs = Readonly<Record<string, unknown>>

/**
 * The id of a thing of Identity Center whose creation was interrupted, as AWS's provider writes ids; undefined where there
 * is none, or where making it again does no harm.
 */
export async function findInIdentityCenter(
  { type, inputs = {} }: StateResource,
  access: AwsAccess,
): Promise<string | undefined> {
  switch (type) {
    case 'aws:ssoadmin/permissionSet:PermissionSet':
      return withClient(new SSOAdmin(clientSettings(access)), (sso) => findPermissionSet(sso, inputs))
    case 'aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment': {
      const policy = inputs['customerManagedPolicyReference'] as Inputs
      return [policy['name'], policy['path'], inputs['permissionSetArn'], inputs['instanceArn']].join(',')
    }
    case 'aws:ssoadmin/accountAssignment:AccountAssignment': {
      const names = [
        'principalId',
        'principalType',
        'targetId',
        'targetType',
        'permissionSetArn',
        'instanceArn',
      ]
      return names.map((name) => inputs[name]).join(',')
    }
    default:
      return withClient(new Identitystore(clientSettings(access)), (store) =>
        findInStore(store, type, inputs),
      )
  }
}

async function findPermissionSet(sso: SSOAdmin, inputs: Inputs): Promise<string | undefined> {
  const InstanceArn = text(inputs, 'instanceArn')
  for await (const { PermissionSets } of paginateListPermissionSets({ client: sso }, { InstanceArn })) {
    for (const PermissionSetArn of PermissionSets ?? []) {
      const { PermissionSet } = await sso.describePermissionSet({ InstanceArn, PermissionSetArn })
      if (PermissionSet?.Name === inputs['name']) return `${PermissionSetArn},${InstanceArn}`
    }
  }
  return undefined
}

async function findInStore(store: Identitystore, type: string, inputs: Inputs): Promise<string | undefined> {
  const IdentityStoreId = text(inputs, 'identityStoreId')
  const by = (AttributePath: string, AttributeValue: string) => ({
    IdentityStoreId,
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  })
  const id = await idInStore()
  return id === undefined ? undefined : `${IdentityStoreId}/${id}`

  async function idInStore(): Promise<string | undefined> {
    try {
      switch (type) {
        case 'aws:identitystore/group:Group':
          return (await store.getGroupId(by('displayName', text(inputs, 'displayName')))).GroupId
        case 'aws:identitystore/user:User':
          return (await store.getUserId(by('userName', text(inputs, 'userName')))).UserId
        case 'aws:identitystore/groupMembership:GroupMembership': {
          const MemberId = { UserId: text(inputs, 'memberId') }
          const GroupId = text(inputs, 'groupId')
          return (await store.getGroupMembershipId({ IdentityStoreId, GroupId, MemberId })).MembershipId
        }
        default:
          return undefined
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
      throw error
    }
  }
}

function text(inputs: Inputs, name: string): string {
  const value = inputs[name]
  return typeof value === 'string' ? value : ''
}

async function withClient<Client extends { destroy(): void }, Result>(
  client: Client,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(client)
  } finally {
    client.destroy()
  }
}
