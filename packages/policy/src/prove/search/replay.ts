import { authorize } from '../../authorize/authorize.js'
import { compileDocument, type CompiledPolicy } from '../../compile.js'
import type { Layers } from '../../layers.js'
import type { Policy } from '../../policy.js'
import type { AuthorizationRequest } from '../../request.js'
import { Remembered } from '../../remembered.js'
import { RingfenceError } from '../../ringfence-error.js'
import { compileOnce } from './compile-once.js'

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' } as const

/**
 * The layers in which the decision hangs on one bare policy alone. An identity policy stands beside a resource
 * policy that leaves everything to the account of who asks, as it has to across accounts and for keys and roles.
 * A resource policy stands where it only matters whether it takes the request, beside policies that allow
 * everything.
 */
export function layersAround(policy: CompiledPolicy, request: AuthorizationRequest): Layers {
  const everything = allowing('identity', 'none')
  if (policy.kind === 'identity') {
    const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(request.principal)?.[1] ?? '*'
    return { identityPolicies: [policy], resourcePolicy: allowing('resource', account) }
  }
  return {
    identityPolicies: [everything],
    // A federated user has nothing on the identity path without one.
    sessionPolicies: [everything],
    resourcePolicy: allowing('resource', '*'),
    vpcEndpointPolicies: [policy],
  }
}

const remembered = new Remembered<CompiledPolicy>(64)

/** A policy that allows everything: a resource policy to those whom it names. */
function allowing(kind: 'identity' | 'resource', principal: string): CompiledPolicy {
  const name = `everything-${kind}-${principal}`
  const known = remembered.get(name)
  if (known) return known
  const Statement = kind === 'identity' ? EVERYTHING : { ...EVERYTHING, Principal: { AWS: principal } }
  return remembered.set(name, compileDocument({ Statement }, { kind, name }))
}

/** Whether `authorize` finds that the policy, as the only one in question, allows the request. */
export function policyAllows(policy: CompiledPolicy, request: AuthorizationRequest): boolean {
  return authorize(request, layersAround(policy, request)).decision === 'allow'
}

/**
 * Asks `authorize` about a request that the prover found. Throws `PROOF_NOT_REPLAYED`, a defect of ringfence,
 * unless it is allowed by the first policy and not by the second.
 */
export function replay(request: AuthorizationRequest, allows: Policy, refuses: Policy): void {
  const allowed = policyAllows(compileOnce(allows), request)
  const refused = !policyAllows(compileOnce(refuses), request)
  if (allowed && refused) return
  throw new RingfenceError(
    'PROOF_NOT_REPLAYED',
    `the prover found that only ${allows.name} allows ${JSON.stringify(request)}, but authorize says that ` +
      `${allows.name} ${allowed ? 'allows' : 'does not allow'} it and ${refuses.name} ` +
      `${refused ? 'does not allow' : 'allows'} it`,
  )
}
