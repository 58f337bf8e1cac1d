import { type StackState, type StateResource, unprovisionedSets } from '@ringfence/pulumi/deploy'
import { unlessGone } from '../pulumi-resource-aws/aws.js'
import type { InProcessAws } from './in-process-aws.js'
import { account } from './small-organization.js'

type Inputs = Readonly<Record<string, unknown>>

const gone = 'ResourceNotFoundException'

/** What an interrupted creation left in Identity Center, as the command finds it: by names, and by what it binds together. */
export async function findInCenter(
  { inputs = {}, type }: StateResource,
  aws: InProcessAws,
): Promise<string | undefined> {
  switch (type) {
    case 'aws:ssoadmin/permissionSet:PermissionSet':
      return findPermissionSet(inputs, aws)
    case 'aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment': {
      const policy = inputs['customerManagedPolicyReference'] as Inputs
      return [policy['name'], policy['path'], inputs['permissionSetArn'], inputs['instanceArn']].join(',')
    }
    case 'aws:ssoadmin/accountAssignment:AccountAssignment':
      return ['principalId', 'principalType', 'targetId', 'targetType', 'permissionSetArn', 'instanceArn']
        .map((name) => inputs[name])
        .join(',')
    default: {
      const id = await findInStore(type, inputs, aws)
      return id === undefined ? undefined : `${String(inputs['identityStoreId'])}/${id}`
    }
  }
}

/** Brings what an interrupted update has changed of permission sets to their roles, as the command does. */
export async function provisionSets(state: StackState, aws: InProcessAws): Promise<void> {
  const sso = await aws.ssoAdmin()
  for (const set of unprovisionedSets(state))
    await unlessGone(
      sso.provisionPermissionSet({ ...set, TargetType: 'AWS_ACCOUNT', TargetId: account }),
      gone,
    )
}

async function findPermissionSet(inputs: Inputs, aws: InProcessAws): Promise<string | undefined> {
  const sso = await aws.ssoAdmin()
  const InstanceArn = String(inputs['instanceArn'])
  const { PermissionSets = [] } = await sso.listPermissionSets({ InstanceArn })
  for (const PermissionSetArn of PermissionSets) {
    const { PermissionSet } = await sso.describePermissionSet({ InstanceArn, PermissionSetArn })
    if (PermissionSet?.Name === inputs['name']) return `${PermissionSetArn},${InstanceArn}`
  }
  return undefined
}

async function findInStore(type: string, inputs: Inputs, aws: InProcessAws): Promise<string | undefined> {
  const store = await aws.identityStore()
  const text = (name: string) => String(inputs[name])
  const IdentityStoreId = text('identityStoreId')
  const by = (AttributePath: string, AttributeValue: string) => ({
    IdentityStoreId,
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  })
  switch (type) {
    case 'aws:identitystore/group:Group':
      return (await unlessGone(store.getGroupId(by('displayName', text('displayName'))), gone))?.GroupId
    case 'aws:identitystore/user:User':
      return (await unlessGone(store.getUserId(by('userName', text('userName'))), gone))?.UserId
    case 'aws:identitystore/groupMembership:GroupMembership': {
      const MemberId = { UserId: text('memberId') }
      const one = { IdentityStoreId, GroupId: text('groupId'), MemberId }
      return (await unlessGone(store.getGroupMembershipId(one), gone))?.MembershipId
    }
    default:
      return undefined
  }
}
