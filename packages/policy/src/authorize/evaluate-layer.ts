import { IndexedPolicy, type CompiledPolicy } from '../compile.js'
import { GRANT } from '../compile/principal-test.js'
import { RingfenceError } from '../ringfence-error.js'
import type { Evaluation } from './evaluation.js'

/** What a layer says by itself. */
export const Outcome = { none: 0, allow: 1, deny: 2 } as const
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

function indexed(policy: CompiledPolicy, withPrincipals: boolean): IndexedPolicy {
  if (!(policy instanceof IndexedPolicy) || policy.hasPrincipals !== withPrincipals)
    throw new RingfenceError(
      'POLICY_KIND_MISPLACED',
      `the policy ${policy.name} was compiled as ${policy.kind}, which has no place in this layer`,
    )
  return policy
}

/** Policies without Principal (identity, boundary, session, SCP): a deny of any wins, else an allow of any. */
export function evaluateLayer(policies: readonly CompiledPolicy[], evaluation: Evaluation): Outcome {
  let outcome: Outcome = Outcome.none
  for (const policy of policies) {
    const { allows, alwaysAllows, denies } = indexed(policy, false).candidates(evaluation.action)
    for (const deny of denies) if (deny.matches(evaluation)) return Outcome.deny
    if (alwaysAllows) outcome = Outcome.allow
    if (outcome === Outcome.allow) continue
    for (const allow of allows)
      if (allow.matches(evaluation)) {
        outcome = Outcome.allow
        break
      }
  }
  return outcome
}

/** Policies with Principal of which it only matters whether they take the requester (VPC endpoints). */
export function evaluatePrincipalLayer(policies: readonly CompiledPolicy[], evaluation: Evaluation): Outcome {
  let outcome: Outcome = Outcome.none
  for (const policy of policies) {
    const { allows, alwaysAllows, denies } = indexed(policy, true).candidates(evaluation.action)
    for (const deny of denies) if (deny.grants(evaluation) !== GRANT.none) return Outcome.deny
    if (alwaysAllows) outcome = Outcome.allow
    if (outcome === Outcome.allow) continue
    if (allows.some((allow) => allow.grants(evaluation) !== GRANT.none)) outcome = Outcome.allow
  }
  return outcome
}

/**
 * Denies alone. For RCPs: RCPFullAWSAccess is attached to every root, unit and account and cannot be detached,
 * so an allow is never lacking. [Organizations guide, RCP syntax]
 */
export function isDenied(policies: readonly CompiledPolicy[], evaluation: Evaluation): boolean {
  for (const policy of policies)
    for (const deny of indexed(policy, true).candidates(evaluation.action).denies)
      if (deny.grants(evaluation) !== GRANT.none) return true
  return false
}

/** The grants of a resource policy's allows together; -1 when it denies. */
export function evaluateGrants(policy: CompiledPolicy, evaluation: Evaluation, withDenies: boolean): number {
  const { allows, denies } = indexed(policy, true).candidates(evaluation.action)
  if (withDenies) for (const deny of denies) if (deny.grants(evaluation) !== GRANT.none) return -1
  let grants: number = GRANT.none
  for (const allow of allows) grants |= allow.grants(evaluation)
  return grants
}
