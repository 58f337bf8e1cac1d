import {
  comparePolicies,
  compilePolicy,
  policyAllows,
  readPolicy,
  type AuthorizationRequest,
  type Policy,
  type PolicyComparison,
} from '@ringfence/policy'
import type { RawPolicy } from '../../reference/case.js'
import type { Allows } from './agreement.js'

/** What `@ringfence/policy` says of two identity policies. */
export interface Judgement {
  readonly comparison: PolicyComparison
  readonly allows: Allows
}

/** Reads two identity policies and compares them in the open world. Throws for what is no policy. */
export function judgePair(first: RawPolicy, second: RawPolicy): Judgement {
  const [one, other] = [read(first, 'first'), read(second, 'second')]
  return { comparison: comparePolicies(one, other), allows: [allowedBy(one), allowedBy(other)] }
}

function read(document: RawPolicy, name: string): Policy {
  const result = readPolicy(document, { kind: 'identity', name })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify([document, result.diagnostics]))
}

function allowedBy(policy: Policy): (request: AuthorizationRequest) => boolean {
  const compiled = compilePolicy(policy)
  return (request) => policyAllows(compiled, request)
}
