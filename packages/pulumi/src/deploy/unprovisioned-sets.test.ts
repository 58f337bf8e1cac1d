import { expect, it } from 'vitest'
import { unprovisionedSets } from './unprovisioned-sets.js'

const instanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const setCalled = (name: string) => `arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/${name}`
const attachment = (set: string, policy: string) => ({
  urn: `urn:pulumi:dev::p::aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment::${policy}`,
  type: 'aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment',
  inputs: { instanceArn, permissionSetArn: setCalled(set) },
})
const set = (name: string, id?: string) => ({
  urn: `urn:pulumi:dev::p::aws:ssoadmin/permissionSet:PermissionSet::${name}`,
  type: 'aws:ssoadmin/permissionSet:PermissionSet',
  inputs: { instanceArn, name },
  ...(id === undefined ? {} : { id }),
})

it('names each permission set once of which something was being changed, and none that was just being made', () => {
  const user = { urn: 'urn:pulumi:dev::p::aws:iam/user:User::a', type: 'aws:iam/user:User', inputs: {} }
  const state = {
    version: 3,
    deployment: {
      pending_operations: [
        { type: 'creating', resource: attachment('a', 'one') },
        { type: 'deleting', resource: attachment('a', 'two') },
        { type: 'updating', resource: set('b', `${setCalled('b')},${instanceArn}`) },
        { type: 'creating', resource: set('c') },
        { type: 'creating', resource: user },
      ] as const,
    },
  }
  expect(unprovisionedSets(state)).toEqual(
    ['a', 'b'].map((name) => ({ InstanceArn: instanceArn, PermissionSetArn: setCalled(name) })),
  )
  expect(unprovisionedSets({ version: 3, deployment: {} })).toEqual([])
})
