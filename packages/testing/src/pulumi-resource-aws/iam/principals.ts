import {
  paginateListAttachedGroupPolicies,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  paginateListGroupPolicies,
  paginateListRolePolicies,
  paginateListUserPolicies,
  type IAM,
} from '@aws-sdk/client-iam'
import { collect } from '../aws.js'

/** What can hold policies. */
export type PrincipalKind = 'user' | 'group' | 'role'

/** ARNs of the managed policies that are attached to a principal. Rejects when there is no such principal. */
export async function attachedPolicies(iam: IAM, kind: PrincipalKind, name: string): Promise<string[]> {
  const client = { client: iam }
  const attached = {
    user: () =>
      collect(paginateListAttachedUserPolicies(client, { UserName: name }), (page) => page.AttachedPolicies),
    group: () =>
      collect(
        paginateListAttachedGroupPolicies(client, { GroupName: name }),
        (page) => page.AttachedPolicies,
      ),
    role: () =>
      collect(paginateListAttachedRolePolicies(client, { RoleName: name }), (page) => page.AttachedPolicies),
  }
  return (await attached[kind]()).map(({ PolicyArn: arn = '' }) => arn)
}

export async function attachPolicy(
  iam: IAM,
  kind: PrincipalKind,
  name: string,
  PolicyArn: string,
): Promise<void> {
  if (kind === 'user') await iam.attachUserPolicy({ UserName: name, PolicyArn })
  else if (kind === 'group') await iam.attachGroupPolicy({ GroupName: name, PolicyArn })
  else await iam.attachRolePolicy({ RoleName: name, PolicyArn })
}

export async function detachPolicy(
  iam: IAM,
  kind: PrincipalKind,
  name: string,
  PolicyArn: string,
): Promise<void> {
  if (kind === 'user') await iam.detachUserPolicy({ UserName: name, PolicyArn })
  else if (kind === 'group') await iam.detachGroupPolicy({ GroupName: name, PolicyArn })
  else await iam.detachRolePolicy({ RoleName: name, PolicyArn })
}

/** Names of the policies that are written into a principal. */
export async function inlinePolicies(iam: IAM, kind: PrincipalKind, name: string): Promise<string[]> {
  const client = { client: iam }
  const named = {
    user: () => collect(paginateListUserPolicies(client, { UserName: name }), (page) => page.PolicyNames),
    group: () => collect(paginateListGroupPolicies(client, { GroupName: name }), (page) => page.PolicyNames),
    role: () => collect(paginateListRolePolicies(client, { RoleName: name }), (page) => page.PolicyNames),
  }
  return named[kind]()
}

export async function deleteInlinePolicy(
  iam: IAM,
  kind: PrincipalKind,
  name: string,
  PolicyName: string,
): Promise<void> {
  if (kind === 'user') await iam.deleteUserPolicy({ UserName: name, PolicyName })
  else if (kind === 'group') await iam.deleteGroupPolicy({ GroupName: name, PolicyName })
  else await iam.deleteRolePolicy({ RoleName: name, PolicyName })
}
