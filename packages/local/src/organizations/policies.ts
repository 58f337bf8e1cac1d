import type { Policy, PolicySummary } from '@aws-sdk/client-organizations'
import { parsePolicy } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import { under } from '../iam/tables.js'
import { constraintViolation, duplicatePolicy, invalidInput, malformedDocument } from './errors.js'
import type { OrganizationOperations } from './operation.js'
import { getOrganization, getPolicy, newOrganizationId } from './operation.js'
import { organizationPage } from './pages.js'
import type { OrganizationPolicyRecord } from './records.js'
import type { OrganizationTables } from './tables.js'
import { targetsOf } from './tables.js'
import { readOrganizationTags } from './tags.js'

export const policyType = 'SERVICE_CONTROL_POLICY'
/**
 * Characters of one SCP, white space included, and SCPs of one organization (Organizations User Guide, "Quotas";
 * 10,240 since May 2026).
 */
const maximumCharacters = 10_240
const maximumPolicies = 10_000

export const policyOperations = {
  CreatePolicy(input, _call, { tables, write }) {
    checkPolicyType(input.Type)
    const content = checkContent(input.Content)
    const tags = readOrganizationTags(input.Tags)
    return write(() => {
      const organization = getOrganization(tables)
      const name = input.Name ?? ''
      checkName(tables, name, undefined)
      if (allPolicies(tables).length >= maximumPolicies) {
        const text = `An organization has at most ${maximumPolicies} policies of a type.`
        throw constraintViolation('POLICY_NUMBER_LIMIT_EXCEEDED', text)
      }
      const id = newOrganizationId('p', 8)
      const { id: organizationId, managementAccount } = organization
      const policy: OrganizationPolicyRecord = {
        id,
        arn: `arn:aws:organizations::${managementAccount}:policy/${organizationId}/service_control_policy/${id}`,
        name,
        description: input.Description ?? '',
        content,
        awsManaged: false,
      }
      tables.policies.put([id], policy)
      if (Object.keys(tags).length > 0) tables.tags.put([id], tags)
      return { Policy: describe(policy) }
    })
  },

  DescribePolicy: (input, _call, { tables }) => ({ Policy: describe(getPolicy(tables, input.PolicyId)) }),

  UpdatePolicy(input, _call, { tables, write }) {
    return write(() => {
      const policy = getPolicy(tables, input.PolicyId)
      checkMutable(policy)
      const name = input.Name ?? policy.name
      checkName(tables, name, policy.id)
      const next = {
        ...policy,
        name,
        description: input.Description ?? policy.description,
        content: input.Content === undefined ? policy.content : checkContent(input.Content),
      }
      tables.policies.put([policy.id], next)
      return { Policy: describe(next) }
    })
  },

  DeletePolicy(input, _call, { tables, write }) {
    return write(() => {
      const policy = getPolicy(tables, input.PolicyId)
      checkMutable(policy)
      if (targetsOf(tables, policy.id).length > 0) {
        const text =
          'The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.'
        throw new AwsError('PolicyInUseException', text, 400)
      }
      tables.policies.delete([policy.id])
      tables.tags.delete([policy.id])
      return {}
    })
  },

  ListPolicies(input, _call, { tables }) {
    // Other types are known and there is none of them here.
    const all = input.Filter === policyType ? allPolicies(tables) : []
    const { items, ...rest } = organizationPage(all, input, ({ id }) => id)
    return { Policies: items.map(summarize), ...rest }
  },
} satisfies OrganizationOperations

export function summarize(policy: OrganizationPolicyRecord): PolicySummary {
  const { id: Id, arn: Arn, name: Name, description: Description, awsManaged: AwsManaged } = policy
  return { Id, Arn, Name, Description, Type: policyType, AwsManaged }
}

function describe(policy: OrganizationPolicyRecord): Policy {
  return { PolicySummary: summarize(policy), Content: policy.content }
}

function allPolicies(tables: OrganizationTables): OrganizationPolicyRecord[] {
  return [...under(tables.policies, [])].map(({ value }) => value)
}

/** Service control policies only: nothing here would follow the others. */
function checkPolicyType(type: string | undefined): void {
  if (type === policyType) return
  throw new AwsError(
    'PolicyTypeNotAvailableForOrganizationException',
    `The local AWS has service control policies only, not ${type}.`,
    400,
  )
}

function checkMutable({ awsManaged }: OrganizationPolicyRecord): void {
  if (awsManaged)
    throw invalidInput('IMMUTABLE_POLICY', 'The policy is managed by AWS and cannot be modified.')
}

function checkName(tables: OrganizationTables, name: string, own: string | undefined): void {
  if (allPolicies(tables).some((policy) => policy.name === name && policy.id !== own)) throw duplicatePolicy()
}

function checkContent(content: string | undefined): string {
  const text = content ?? ''
  const read = parsePolicy(text, { kind: 'serviceControl', name: 'policy' })
  if (!read.ok) {
    throw malformedDocument(read.diagnostics.find(({ severity }) => severity === 'error')?.message ?? '')
  }
  if (text.length > maximumCharacters) {
    const limit = `A service control policy has at most ${maximumCharacters} characters.`
    throw constraintViolation('POLICY_CONTENT_LIMIT_EXCEEDED', limit)
  }
  return text
}
