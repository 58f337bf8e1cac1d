import { awsManagedPolicy } from '../iam/aws-managed-policies.js'
import { AwsError } from '../aws-error.js'
import { checkPolicyDocument, inlinePolicySizes } from '../iam/policy-documents.js'
import type { Call } from '../call.js'
import { conflict, invalid, notFound, quotaExceeded } from './errors.js'
import type { IdentityCenterDeps, SsoAdminOperations } from './operation.js'
import { getPermissionSet } from './operation.js'
import { page } from './pages.js'
import type { BoundaryRecord, PermissionSetRecord, PolicyReference } from './records.js'

/** IAM Identity Center User Guide, "Quotas": AWS managed and customer managed policies together. */
const maximumPolicies = 20

type SetInput = Parameters<typeof getPermissionSet>[2]

interface ReferenceInput {
  readonly Name: string | undefined
  readonly Path?: string | undefined
}

/** All of it takes effect in an account when the permission set is provisioned there again. */
export const policyOperations = {
  PutInlinePolicyToPermissionSet(input, call, deps) {
    const inlinePolicy = input.InlinePolicy ?? ''
    checkInline(inlinePolicy)
    return change(input, call, deps, (set) => ({ ...set, inlinePolicy }))
  },

  GetInlinePolicyForPermissionSet: (input, call, { tables }) => ({
    InlinePolicy: getPermissionSet(tables, call, input).inlinePolicy ?? '',
  }),

  DeleteInlinePolicyFromPermissionSet(input, call, deps) {
    return change(input, call, deps, (set) => {
      const { inlinePolicy: _, ...rest } = set
      return rest
    })
  },

  AttachManagedPolicyToPermissionSet(input, call, deps) {
    const arn = input.ManagedPolicyArn ?? ''
    if (awsManagedPolicy(arn) === undefined) throw notFound(`Managed policy not found: ${arn}`)
    return change(input, call, deps, (set) => {
      if (set.managed.includes(arn)) throw conflict(`Policy ${arn} is already attached.`)
      return withRoom({ ...set, managed: [...set.managed, arn] })
    })
  },

  DetachManagedPolicyFromPermissionSet(input, call, deps) {
    const arn = input.ManagedPolicyArn ?? ''
    return change(input, call, deps, (set) => {
      if (!set.managed.includes(arn)) throw notFound(`Policy ${arn} is not attached.`)
      return { ...set, managed: set.managed.filter((one) => one !== arn) }
    })
  },

  ListManagedPoliciesInPermissionSet(input, call, { tables }) {
    const { managed } = getPermissionSet(tables, call, input)
    const { items, ...rest } = page(managed, input, (arn) => arn)
    const AttachedManagedPolicies = items.map((Arn) => ({ Arn, Name: Arn.slice(Arn.lastIndexOf('/') + 1) }))
    return { AttachedManagedPolicies, ...rest }
  },

  AttachCustomerManagedPolicyReferenceToPermissionSet(input, call, deps) {
    const reference = readReference(input.CustomerManagedPolicyReference)
    return change(input, call, deps, (set) => {
      if (set.customer.some((one) => isSame(one, reference)))
        throw conflict(`Policy ${reference.path}${reference.name} is already attached.`)
      return withRoom({ ...set, customer: [...set.customer, reference] })
    })
  },

  DetachCustomerManagedPolicyReferenceFromPermissionSet(input, call, deps) {
    const reference = readReference(input.CustomerManagedPolicyReference)
    return change(input, call, deps, (set) => {
      if (!set.customer.some((one) => isSame(one, reference)))
        throw notFound(`Policy ${reference.path}${reference.name} is not attached.`)
      return { ...set, customer: set.customer.filter((one) => !isSame(one, reference)) }
    })
  },

  ListCustomerManagedPolicyReferencesInPermissionSet(input, call, { tables }) {
    const { customer } = getPermissionSet(tables, call, input)
    const { items, ...rest } = page(customer, input, ({ name, path }) => path + name)
    return { CustomerManagedPolicyReferences: items.map(describe), ...rest }
  },

  PutPermissionsBoundaryToPermissionSet(input, call, deps) {
    const { CustomerManagedPolicyReference: customer, ManagedPolicyArn: managed } =
      input.PermissionsBoundary ?? {}
    if ((customer === undefined) === (managed === undefined))
      throw invalid('A permissions boundary is either a customer managed policy or one that AWS manages.')
    const boundary: BoundaryRecord =
      managed === undefined ? { customer: readReference(customer) } : { managed }
    return change(input, call, deps, (set) => ({ ...set, boundary }))
  },

  GetPermissionsBoundaryForPermissionSet(input, call, { tables }) {
    const { boundary } = getPermissionSet(tables, call, input)
    if (boundary === undefined) throw notFound('The permission set has no permissions boundary.')
    return {
      PermissionsBoundary:
        'managed' in boundary
          ? { ManagedPolicyArn: boundary.managed }
          : { CustomerManagedPolicyReference: describe(boundary.customer) },
    }
  },

  DeletePermissionsBoundaryFromPermissionSet(input, call, deps) {
    return change(input, call, deps, ({ boundary, ...set }) => {
      if (boundary === undefined) throw notFound('The permission set has no permissions boundary.')
      return set
    })
  },
} satisfies SsoAdminOperations

function change(
  input: SetInput,
  call: Call,
  { tables, write }: IdentityCenterDeps,
  next: (set: PermissionSetRecord) => PermissionSetRecord,
): Promise<object> {
  return write(() => {
    const set = getPermissionSet(tables, call, input)
    tables.permissionSets.put([set.arn], next(set))
    return {}
  })
}

/** It becomes an inline policy of a role. */
function checkInline(text: string): void {
  try {
    checkPolicyDocument(text, 'identity')
  } catch (error) {
    if (error instanceof AwsError) throw invalid(error.message)
    throw error
  }
  if (text.replaceAll(/\s/g, '').length > inlinePolicySizes.role)
    throw invalid(`The inline policy has more than ${inlinePolicySizes.role} characters.`)
}

function withRoom(set: PermissionSetRecord): PermissionSetRecord {
  if (set.managed.length + set.customer.length <= maximumPolicies) return set
  throw quotaExceeded(`At most ${maximumPolicies} policies are attached to a permission set.`)
}

function readReference(input: ReferenceInput | undefined): PolicyReference {
  return { name: input?.Name ?? '', path: input?.Path ?? '/' }
}

function describe({ name, path }: PolicyReference): { Name: string; Path: string } {
  return { Name: name, Path: path }
}

function isSame(one: PolicyReference, other: PolicyReference): boolean {
  return one.name === other.name && one.path === other.path
}
