import type {
  PermissionsBoundaryAttachment,
  PermissionsBoundaryAttachmentArgs,
} from '@pulumi/aws/ssoadmin/permissionsBoundaryAttachment.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { gone, provisionSet, setOf } from './statuses.js'

const fixedArgument = { kind: 'string', required: true, replaces: true } as const

interface Boundary {
  readonly customerManagedPolicyReference?: { readonly name: string; readonly path?: string }
}

export const permissionsBoundaryAttachment = resourceType<
  PermissionsBoundaryAttachmentArgs,
  PermissionsBoundaryAttachment
>({
  token: 'aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment',
  arguments: {
    instanceArn: fixedArgument,
    permissionSetArn: fixedArgument,
    permissionsBoundary: {
      kind: { block: { customerManagedPolicyReference: { block: { name: 'string', path: 'string' } } } },
      required: true,
      replaces: true,
    },
  },
  outputs: [],

  async create(inputs, aws) {
    const sso = await aws.ssoAdmin()
    const { customerManagedPolicyReference: policy } = inputs.permissionsBoundary as Boundary
    if (policy === undefined) throw new Error('the stand-in has customer managed policies as boundaries only')
    await sso.putPermissionsBoundaryToPermissionSet({
      ...setOf(inputs),
      PermissionsBoundary: {
        CustomerManagedPolicyReference: { Name: policy.name, Path: policy.path ?? '/' },
      },
    })
    return {
      id: `${inputs.permissionSetArn},${inputs.instanceArn}`,
      finish: () => provisionSet(sso, inputs),
    }
  },
  async read(_id, aws, known) {
    const asked = (await aws.ssoAdmin()).getPermissionsBoundaryForPermissionSet(setOf(known))
    const policy = (await unlessGone(asked, gone))?.PermissionsBoundary?.CustomerManagedPolicyReference
    if (policy === undefined) return undefined
    const { Name: name, Path: path } = policy
    return { ...known, permissionsBoundary: { customerManagedPolicyReference: { name, path } } }
  },
  async delete(_id, known, aws) {
    const sso = await aws.ssoAdmin()
    const deleted = sso.deletePermissionsBoundaryFromPermissionSet(setOf(known))
    if ((await unlessGone(deleted, gone)) !== undefined) await provisionSet(sso, known)
  },
})
