import type {
  GroupPolicyAttachmentsExclusive,
  GroupPolicyAttachmentsExclusiveArgs,
} from '@pulumi/aws/iam/groupPolicyAttachmentsExclusive.js'
import type {
  RolePolicyAttachmentsExclusive,
  RolePolicyAttachmentsExclusiveArgs,
} from '@pulumi/aws/iam/rolePolicyAttachmentsExclusive.js'
import type {
  UserPolicyAttachmentsExclusive,
  UserPolicyAttachmentsExclusiveArgs,
} from '@pulumi/aws/iam/userPolicyAttachmentsExclusive.js'
import { unlessGone, type Aws } from '../aws.js'
import { resourceType, type Change } from '../resource-type.js'
import { attachedPolicies, attachPolicy, detachPolicy, type PrincipalKind } from './principals.js'

const name = { kind: 'string', required: true, replaces: true } as const
const policyArns = { kind: 'strings', required: true } as const

/** All managed policies of a principal: what else is attached is taken off. */
export const userAttachmentsExclusive = resourceType<
  UserPolicyAttachmentsExclusiveArgs,
  UserPolicyAttachmentsExclusive
>({
  token: 'aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive',
  arguments: { userName: name, policyArns },
  outputs: [],
  ...exclusive('user', ({ userName }) => userName),
})

export const groupAttachmentsExclusive = resourceType<
  GroupPolicyAttachmentsExclusiveArgs,
  GroupPolicyAttachmentsExclusive
>({
  token: 'aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive',
  arguments: { groupName: name, policyArns },
  outputs: [],
  ...exclusive('group', ({ groupName }) => groupName),
})

export const roleAttachmentsExclusive = resourceType<
  RolePolicyAttachmentsExclusiveArgs,
  RolePolicyAttachmentsExclusive
>({
  token: 'aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive',
  arguments: { roleName: name, policyArns },
  outputs: [],
  ...exclusive('role', ({ roleName }) => roleName),
})

type Exclusive = { readonly policyArns: readonly string[] } & Readonly<
  Record<'userName' | 'groupName' | 'roleName', string>
>

function exclusive(kind: PrincipalKind, nameOf: (inputs: Exclusive) => string) {
  return {
    async create(inputs: unknown, aws: Aws) {
      const id = nameOf(inputs as Exclusive)
      await settle(aws, kind, id, (inputs as Exclusive).policyArns)
      return { id }
    },
    async read(id: string, aws: Aws) {
      const attached = attachedPolicies(await aws.iam(), kind, id)
      const arns = await unlessGone(attached, 'NoSuchEntityException')
      return arns && { [`${kind}Name`]: id, policyArns: arns }
    },
    async update(
      id: string,
      change: Pick<Change<{ readonly policyArns: readonly string[] }>, 'after'>,
      aws: Aws,
    ) {
      await settle(aws, kind, id, change.after.policyArns)
    },
    /** Nothing: the provider then only stops caring, as its documentation says. Nothing is detached. */
    async delete() {},
  }
}

async function settle(aws: Aws, kind: PrincipalKind, id: string, wanted: readonly string[]): Promise<void> {
  const iam = await aws.iam()
  const present = await attachedPolicies(iam, kind, id)
  for (const arn of wanted.filter((one) => !present.includes(one))) await attachPolicy(iam, kind, id, arn)
  for (const arn of present.filter((one) => !wanted.includes(one))) await detachPolicy(iam, kind, id, arn)
}
