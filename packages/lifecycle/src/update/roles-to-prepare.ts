import { type Plan, revocationId } from '@ringfence/plan'
import type { RecordedResource } from '../drift/recorded-facts.js'

/**
 * Roles that have policies of a stack attached, but not the one that ends their sessions, which the plan attaches to them.
 * A new role is none of them, for what denies is attached to it before anything else.
 */
export function rolesToPrepare(
  recorded: readonly RecordedResource[],
  { resources }: Pick<Plan, 'resources'>,
): readonly string[] {
  const policies = new Map(resources.flatMap((one) => (one.type === 'iam.Policy' ? [[one.id, one.arn]] : [])))
  return [...attachedToRoles(recorded)].flatMap(([role, attached]) => {
    const arn = policies.get(revocationId(role))
    return arn === undefined || attached.has(arn) ? [] : [role]
  })
}

function attachedToRoles(recorded: readonly RecordedResource[]): ReadonlyMap<string, ReadonlySet<string>> {
  const attached = new Map<string, Set<string>>()
  for (const { inputs, type, delete: isLeft = false } of recorded) {
    if (isLeft || type !== 'aws:iam/rolePolicyAttachment:RolePolicyAttachment') continue
    const role = String(inputs?.['role'])
    attached.set(role, (attached.get(role) ?? new Set()).add(String(inputs?.['policyArn'])))
  }
  return attached
}
