import {
  type CustomerManagedPolicyReference,
  paginateListCustomerManagedPolicyReferencesInPermissionSet,
  paginateListManagedPoliciesInPermissionSet,
  type SSOAdmin,
} from '@aws-sdk/client-sso-admin'
import type {
  CustomerManagedPolicyAttachment,
  CustomerManagedPolicyAttachmentArgs,
} from '@pulumi/aws/ssoadmin/customerManagedPolicyAttachment.js'
import type {
  CustomerManagedPolicyAttachmentsExclusive,
  CustomerManagedPolicyAttachmentsExclusiveArgs,
} from '@pulumi/aws/ssoadmin/customerManagedPolicyAttachmentsExclusive.js'
import type {
  ManagedPolicyAttachmentsExclusive,
  ManagedPolicyAttachmentsExclusiveArgs,
} from '@pulumi/aws/ssoadmin/managedPolicyAttachmentsExclusive.js'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { gone, provisionSet, type SetInputs, setOf } from './statuses.js'

const fixedArgument = { kind: 'string', required: true, replaces: true } as const
const reference = { name: 'string', path: 'string' } as const

interface Reference {
  readonly name: string
  readonly path?: string
}

export const customerManagedPolicyAttachment = resourceType<
  CustomerManagedPolicyAttachmentArgs,
  CustomerManagedPolicyAttachment
>({
  token: 'aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment',
  arguments: {
    customerManagedPolicyReference: { kind: { block: reference }, required: true, replaces: true },
    instanceArn: fixedArgument,
    permissionSetArn: fixedArgument,
  },
  outputs: [],

  async create(inputs, aws) {
    const sso = await aws.ssoAdmin()
    const policy = inputs.customerManagedPolicyReference as Reference
    await attach(sso, inputs, policy)
    const id = [policy.name, policy.path ?? '/', inputs.permissionSetArn, inputs.instanceArn].join(',')
    return { id, finish: () => provisionSet(sso, inputs) }
  },
  async read(_id, aws, known) {
    const policy = known.customerManagedPolicyReference as Reference
    const attached = (await unlessGone(attachedTo(await aws.ssoAdmin(), known), gone)) ?? []
    return attached.some((one) => isSame(one, policy)) ? { ...known } : undefined
  },
  async delete(_id, known, aws) {
    const sso = await aws.ssoAdmin()
    const detached = detach(sso, known, known.customerManagedPolicyReference as Reference)
    if ((await unlessGone(detached, gone)) !== undefined) await provisionSet(sso, known)
  },
})

/** All customer managed policies of a permission set: what else is attached is taken off. */
export const customerManagedPolicyAttachmentsExclusive = resourceType<
  CustomerManagedPolicyAttachmentsExclusiveArgs,
  CustomerManagedPolicyAttachmentsExclusive
>({
  token: 'aws:ssoadmin/customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive',
  arguments: {
    customerManagedPolicyReferences: { kind: { blocks: reference } },
    instanceArn: fixedArgument,
    permissionSetArn: fixedArgument,
  },
  outputs: [],

  async create(inputs, aws) {
    await settle(await aws.ssoAdmin(), inputs, wantedOf(inputs))
    return { id: `${inputs.permissionSetArn},${inputs.instanceArn}` }
  },
  async read(_id, aws, known) {
    const attached = await unlessGone(attachedTo(await aws.ssoAdmin(), known), gone)
    if (attached === undefined) return undefined
    const wanted = wantedOf(known)
    // A set on AWS: in the order in which it is written, and what nobody wrote behind it.
    const kept = wanted.filter((one) => attached.some((other) => isSame(one, other)))
    const others = attached.filter((one) => !wanted.some((other) => isSame(one, other)))
    return { ...known, customerManagedPolicyReferences: [...kept, ...others] }
  },
  async update(_id, { after }, aws) {
    await settle(await aws.ssoAdmin(), after, wantedOf(after))
  },
  /** Nothing: the provider then only stops caring, as its documentation says. */
  async delete() {},
})

/** All policies of AWS's that a permission set has. */
export const managedPolicyAttachmentsExclusive = resourceType<
  ManagedPolicyAttachmentsExclusiveArgs,
  ManagedPolicyAttachmentsExclusive
>({
  token: 'aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive',
  arguments: {
    instanceArn: fixedArgument,
    managedPolicyArns: { kind: 'strings', required: true },
    permissionSetArn: fixedArgument,
  },
  outputs: [],

  async create(inputs, aws) {
    await settleManaged(await aws.ssoAdmin(), inputs, inputs.managedPolicyArns)
    return { id: `${inputs.permissionSetArn},${inputs.instanceArn}` }
  },
  async read(_id, aws, known) {
    const managedPolicyArns = await unlessGone(managedOf(await aws.ssoAdmin(), known), gone)
    return managedPolicyArns && { ...known, managedPolicyArns }
  },
  async update(_id, { after }, aws) {
    await settleManaged(await aws.ssoAdmin(), after, after.managedPolicyArns)
  },
  async delete() {},
})

function wantedOf({
  customerManagedPolicyReferences,
}: {
  readonly customerManagedPolicyReferences?: unknown
}): readonly Reference[] {
  return (customerManagedPolicyReferences ?? []) as readonly Reference[]
}

function isSame(one: Reference, other: Reference): boolean {
  return one.name === other.name && (one.path ?? '/') === (other.path ?? '/')
}

function referenceOf({ name, path }: Reference): CustomerManagedPolicyReference {
  return { Name: name, Path: path ?? '/' }
}

function attach(sso: SSOAdmin, inputs: SetInputs, policy: Reference) {
  return sso.attachCustomerManagedPolicyReferenceToPermissionSet({
    ...setOf(inputs),
    CustomerManagedPolicyReference: referenceOf(policy),
  })
}

function detach(sso: SSOAdmin, inputs: SetInputs, policy: Reference) {
  return sso.detachCustomerManagedPolicyReferenceFromPermissionSet({
    ...setOf(inputs),
    CustomerManagedPolicyReference: referenceOf(policy),
  })
}

async function attachedTo(sso: SSOAdmin, inputs: SetInputs): Promise<Reference[]> {
  const pages = paginateListCustomerManagedPolicyReferencesInPermissionSet({ client: sso }, setOf(inputs))
  const found = await collect(pages, (page) => page.CustomerManagedPolicyReferences)
  return found.map(({ Name = '', Path = '/' }) => ({ name: Name, path: Path }))
}

async function settle(sso: SSOAdmin, inputs: SetInputs, wanted: readonly Reference[]): Promise<void> {
  const present = await attachedTo(sso, inputs)
  const missing = wanted.filter((one) => !present.some((other) => isSame(one, other)))
  const others = present.filter((one) => !wanted.some((other) => isSame(one, other)))
  for (const policy of missing) await attach(sso, inputs, policy)
  for (const policy of others) await detach(sso, inputs, policy)
  if (missing.length + others.length > 0) await provisionSet(sso, inputs)
}

async function managedOf(sso: SSOAdmin, inputs: SetInputs): Promise<string[]> {
  const pages = paginateListManagedPoliciesInPermissionSet({ client: sso }, setOf(inputs))
  const found = await collect(pages, (page) => page.AttachedManagedPolicies)
  return found.map(({ Arn = '' }) => Arn)
}

async function settleManaged(sso: SSOAdmin, inputs: SetInputs, wanted: readonly string[]): Promise<void> {
  const present = await managedOf(sso, inputs)
  const missing = wanted.filter((arn) => !present.includes(arn))
  const others = present.filter((arn) => !wanted.includes(arn))
  for (const ManagedPolicyArn of missing)
    await sso.attachManagedPolicyToPermissionSet({ ...setOf(inputs), ManagedPolicyArn })
  for (const ManagedPolicyArn of others)
    await sso.detachManagedPolicyFromPermissionSet({ ...setOf(inputs), ManagedPolicyArn })
  if (missing.length + others.length > 0) await provisionSet(sso, inputs)
}
