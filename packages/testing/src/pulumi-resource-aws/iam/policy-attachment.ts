import type {
  GroupPolicyAttachment,
  GroupPolicyAttachmentArgs,
} from '@pulumi/aws/iam/groupPolicyAttachment.js'
import type { RolePolicyAttachment, RolePolicyAttachmentArgs } from '@pulumi/aws/iam/rolePolicyAttachment.js'
import type { UserPolicyAttachment, UserPolicyAttachmentArgs } from '@pulumi/aws/iam/userPolicyAttachment.js'
import { unlessGone, type Aws } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { attachedPolicies, attachPolicy, detachPolicy, type PrincipalKind } from './principals.js'

const fixedArgument = { kind: 'string', required: true, replaces: true } as const

export const userPolicyAttachment = resourceType<UserPolicyAttachmentArgs, UserPolicyAttachment>({
  token: 'aws:iam/userPolicyAttachment:UserPolicyAttachment',
  arguments: { user: fixedArgument, policyArn: fixedArgument },
  outputs: [],
  ...attachment('user'),
})

export const groupPolicyAttachment = resourceType<GroupPolicyAttachmentArgs, GroupPolicyAttachment>({
  token: 'aws:iam/groupPolicyAttachment:GroupPolicyAttachment',
  arguments: { group: fixedArgument, policyArn: fixedArgument },
  outputs: [],
  ...attachment('group'),
})

export const rolePolicyAttachment = resourceType<RolePolicyAttachmentArgs, RolePolicyAttachment>({
  token: 'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  arguments: { role: fixedArgument, policyArn: fixedArgument },
  outputs: [],
  ...attachment('role'),
})

type Attachment = Readonly<Record<PrincipalKind | 'policyArn', string>>

function attachment(kind: PrincipalKind) {
  return {
    async create(inputs: unknown, aws: Aws) {
      const { [kind]: name, policyArn } = inputs as Attachment
      await attachPolicy(await aws.iam(), kind, name, policyArn)
      return { id: `${name}/${policyArn}` }
    },
    async read(_id: string, aws: Aws, known: unknown) {
      const { [kind]: name, policyArn } = known as Attachment
      const attached = attachedPolicies(await aws.iam(), kind, name)
      const arns = (await unlessGone(attached, 'NoSuchEntityException')) ?? []
      return arns.includes(policyArn) ? { [kind]: name, policyArn } : undefined
    },
    async delete(_id: string, known: unknown, aws: Aws) {
      const { [kind]: name, policyArn } = known as Attachment
      await unlessGone(detachPolicy(await aws.iam(), kind, name, policyArn), 'NoSuchEntityException')
    },
  }
}
