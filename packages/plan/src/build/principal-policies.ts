import type { SourceSpan } from '../plan.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import { pack } from './pack.js'
import type { Part } from './part.js'
import type { PlanWriter } from './plan-writer.js'

/** Whose policies they are, and how they are called. */
export interface PolicyOwner {
  /** For messages: `team "research"`. */
  readonly what: string
  readonly id: string
  /** Of the policies, before their number. */
  readonly name: string
  readonly declaredAt: SourceSpan
  readonly maxPolicies: number
  /** Ids of what has to be there before any of them changes. */
  readonly after?: readonly string[]
}

/** Managed policies of a plan: ids of the resources, and ARNs. */
export interface Policies {
  readonly ids: readonly string[]
  readonly arns: readonly string[]
}

/** Managed policies for some permissions; their ids and ARNs. Reports when AWS would not take them. */
export function buildPolicies(
  owner: PolicyOwner,
  parts: readonly Part[],
  model: Model,
  writer: PlanWriter,
): Policies {
  const { what, id, name, declaredAt, maxPolicies, after = [] } = owner
  const packed = pack(parts, maxPolicies)
  if (!packed.ok) {
    const grant = packed.firstTooMany?.sources[0] ?? declaredAt
    writer.problem(
      'error',
      'POLICIES_EXCEEDED',
      `the grants to ${what} take ${packed.needed} managed policies of ${limits.managedPolicyCharacters} characters; ${maxPolicies} can be attached, and this grant is the first that does not fit`,
      'Split the team, or put what it uses together into fewer datasets with prefixes.',
      grant,
      [{ message: `${what} is declared here`, span: declaredAt }],
    )
    return { ids: [], arns: [] }
  }
  const ids: string[] = []
  const arns: string[] = []
  for (const [index, statements] of packed.policies.entries()) {
    const policyName = `${name}-${index + 1}`
    const arn = model.arns.policy(policyName)
    ids.push(`${id}/policy-${index + 1}`)
    arns.push(arn)
    writer.add({
      type: 'iam.Policy',
      id: `${id}/policy-${index + 1}`,
      dependsOn: after,
      declaredAt,
      name: policyName,
      path: model.arns.path,
      arn,
      description: `What ${what} may do, part ${index + 1}`,
      policy: writer.document(arn, statements),
      tags: { 'ringfence:organization': model.declaration.organization },
    })
  }
  return { ids, arns }
}
