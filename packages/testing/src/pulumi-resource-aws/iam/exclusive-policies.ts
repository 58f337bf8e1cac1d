import type {
  GroupPoliciesExclusive,
  GroupPoliciesExclusiveArgs,
} from '@pulumi/aws/iam/groupPoliciesExclusive.js'
import type {
  RolePoliciesExclusive,
  RolePoliciesExclusiveArgs,
} from '@pulumi/aws/iam/rolePoliciesExclusive.js'
import type {
  UserPoliciesExclusive,
  UserPoliciesExclusiveArgs,
} from '@pulumi/aws/iam/userPoliciesExclusive.js'
import { unlessGone, type Aws } from '../aws.js'
import { resourceType, type Change } from '../resource-type.js'
import { deleteInlinePolicy, inlinePolicies, type PrincipalKind } from './principals.js'

const name = { kind: 'string', required: true, replaces: true } as const
const policyNames = { kind: 'strings', required: true } as const

/** All policies that are written into a principal: another one is deleted. */
export const userPoliciesExclusive = resourceType<UserPoliciesExclusiveArgs, UserPoliciesExclusive>({
  token: 'aws:iam/userPoliciesExclusive:UserPoliciesExclusive',
  arguments: { userName: name, policyNames },
  outputs: [],
  ...exclusive('user', ({ userName }) => userName),
})

export const groupPoliciesExclusive = resourceType<GroupPoliciesExclusiveArgs, GroupPoliciesExclusive>({
  token: 'aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive',
  arguments: { groupName: name, policyNames },
  outputs: [],
  ...exclusive('group', ({ groupName }) => groupName),
})

export const rolePoliciesExclusive = resourceType<RolePoliciesExclusiveArgs, RolePoliciesExclusive>({
  token: 'aws:iam/rolePoliciesExclusive:RolePoliciesExclusive',
  arguments: { roleName: name, policyNames },
  outputs: [],
  ...exclusive('role', ({ roleName }) => roleName),
})

type Exclusive = { readonly policyNames: readonly string[] } & Readonly<
  Record<'userName' | 'groupName' | 'roleName', string>
>

function exclusive(kind: PrincipalKind, nameOf: (inputs: Exclusive) => string) {
  return {
    async create(inputs: unknown, aws: Aws) {
      const id = nameOf(inputs as Exclusive)
      await settle(aws, kind, id, (inputs as Exclusive).policyNames)
      return { id }
    },
    async read(id: string, aws: Aws) {
      const names = await unlessGone(inlinePolicies(await aws.iam(), kind, id), 'NoSuchEntityException')
      return names && { [`${kind}Name`]: id, policyNames: names }
    },
    async update(
      id: string,
      change: Pick<Change<{ readonly policyNames: readonly string[] }>, 'after'>,
      aws: Aws,
    ) {
      await settle(aws, kind, id, change.after.policyNames)
    },
    /** Nothing: the provider then only stops caring, as its documentation says. */
    async delete() {},
  }
}

/** A policy that is missing cannot be made here, since its text stands elsewhere. */
async function settle(aws: Aws, kind: PrincipalKind, id: string, wanted: readonly string[]): Promise<void> {
  const iam = await aws.iam()
  const present = await inlinePolicies(iam, kind, id)
  for (const policy of present.filter((one) => !wanted.includes(one)))
    await deleteInlinePolicy(iam, kind, id, policy)
}
