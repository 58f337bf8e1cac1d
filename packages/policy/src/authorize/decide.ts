import type { CompiledPolicy, IndexedPolicy } from '../compile.js'
import { GRANT } from '../compile/principal-test.js'
import type { DecisionKind, LayerName } from '../decision.js'
import type { Layers } from '../layers.js'
import type { Evaluation } from './evaluation.js'
import { keyGrantBits } from './key-grants.js'
import { putsPublicAcl } from './public-acl.js'
import { evaluateGrants, evaluateLayer, evaluatePrincipalLayer, isDenied, Outcome } from './evaluate-layer.js'
import {
  resourceControlsApply,
  resourceDeniesApply,
  resourceMode,
  serviceControlsApply,
} from './scope-of-layers.js'

/** The kind of a decision, and for an implicit deny the layer that lacks an allow. */
export interface Verdict {
  readonly decision: DecisionKind
  readonly missing?: LayerName
}

const ALLOW: Verdict = { decision: 'allow' }
const EXPLICIT_DENY: Verdict = { decision: 'explicitDeny' }
const LACKS: Readonly<Record<LayerName, Verdict>> = {
  serviceControl: { decision: 'implicitDeny', missing: 'serviceControl' },
  resourceControl: { decision: 'implicitDeny', missing: 'resourceControl' },
  vpcEndpoint: { decision: 'implicitDeny', missing: 'vpcEndpoint' },
  publicAccessBlock: { decision: 'implicitDeny', missing: 'publicAccessBlock' },
  resource: { decision: 'implicitDeny', missing: 'resource' },
  identity: { decision: 'implicitDeny', missing: 'identity' },
  boundary: { decision: 'implicitDeny', missing: 'boundary' },
  session: { decision: 'implicitDeny', missing: 'session' },
}
const NO_POLICIES: readonly CompiledPolicy[] = []

/** What the layers of the principal's side say by themselves. */
interface IdentitySide {
  readonly identity: boolean
  readonly boundary: boolean
  readonly session: boolean
}

/**
 * Puts the layers together: explicit denies of all layers first, then the guardrails, then what has to allow.
 * [reference_policies_evaluation-logic]
 */
export function decide(evaluation: Evaluation, layers: Layers): Verdict {
  let lacking: LayerName | undefined
  if (layers.serviceControlPolicies && serviceControlsApply(evaluation, layers)) {
    for (const level of layers.serviceControlPolicies) {
      const outcome = evaluateLayer(level, evaluation)
      if (outcome === Outcome.deny) return EXPLICIT_DENY
      if (outcome === Outcome.none) lacking = 'serviceControl'
    }
  }
  if (layers.resourceControlPolicies && resourceControlsApply(evaluation, layers))
    for (const level of layers.resourceControlPolicies) if (isDenied(level, evaluation)) return EXPLICIT_DENY
  if (layers.vpcEndpointPolicies) {
    const outcome = evaluatePrincipalLayer(layers.vpcEndpointPolicies, evaluation)
    if (outcome === Outcome.deny) return EXPLICIT_DENY
    if (outcome === Outcome.none) lacking ??= 'vpcEndpoint'
  }
  let grants: number = GRANT.none
  if (layers.resourcePolicy) {
    grants = evaluateGrants(layers.resourcePolicy, evaluation, resourceDeniesApply(evaluation))
    if (grants < 0) return EXPLICIT_DENY
  }
  if (layers.keyGrants) grants |= keyGrantBits(layers.keyGrants, evaluation)
  if (!evaluation.principal.isGoverned) {
    if (lacking) return LACKS[lacking]
    if (isBlocked(evaluation, layers)) return LACKS.publicAccessBlock
    return grants === GRANT.none ? LACKS.resource : ALLOW
  }
  const side = evaluateIdentitySide(evaluation, layers)
  if (!side) return EXPLICIT_DENY
  if (lacking) return LACKS[lacking]
  if (isBlocked(evaluation, layers)) return LACKS.publicAccessBlock
  const missing =
    evaluation.resourceAccount === evaluation.principal.account
      ? missingWithinAccount(evaluation, layers, grants, side)
      : missingAcrossAccounts(evaluation, layers, grants, side)
  return missing ? LACKS[missing] : ALLOW
}

/** Undefined when one of these layers denies. */
function evaluateIdentitySide(evaluation: Evaluation, layers: Layers): IdentitySide | undefined {
  const identity = evaluateLayer(layers.identityPolicies ?? NO_POLICIES, evaluation)
  if (identity === Outcome.deny) return undefined
  let boundary = true
  if (layers.permissionsBoundary) {
    const outcome = evaluateLayer(layers.permissionsBoundary, evaluation)
    if (outcome === Outcome.deny) return undefined
    boundary = outcome === Outcome.allow
  }
  let session = true
  if (layers.sessionPolicies) {
    const outcome = evaluateLayer(layers.sessionPolicies, evaluation)
    if (outcome === Outcome.deny) return undefined
    session = outcome === Outcome.allow
  }
  return { identity: identity === Outcome.allow || evaluation.principal.kind === 'root', boundary, session }
}

/** A federated user's session without session policies has nothing on the identity path. */
function lacksSession(evaluation: Evaluation, layers: Layers): boolean {
  return evaluation.principal.kind === 'federatedUser' && layers.sessionPolicies === undefined
}

/**
 * Same account. A grant to a session passes everything, as does `*` narrowed by aws:PrincipalArn; one to a user
 * passes identity policies and boundary; other grants and identity policies are bound by boundary and session
 * policies. An account in the Principal only delegates. Trust and key policies have to allow by themselves:
 * identity policies count only where they delegate.
 */
function missingWithinAccount(
  evaluation: Evaluation,
  layers: Layers,
  grants: number,
  side: IdentitySide,
): LayerName | undefined {
  if ((grants & (GRANT.session | GRANT.narrowedEveryone)) !== 0) return undefined
  if ((grants & GRANT.user) !== 0 && side.session) return undefined
  if (grants === GRANT.none && resourceMode(evaluation, layers) === 'selfReliant') return 'resource'
  // Where the resource's policy has to allow by itself, it has either named the requester or delegated by now.
  const isGranted = (grants & (GRANT.user | GRANT.role | GRANT.everyone)) !== 0
  if (!isGranted && !side.identity) return 'identity'
  if (!side.boundary) return 'boundary'
  if (!side.session || (!isGranted && lacksSession(evaluation, layers))) return 'session'
  return undefined
}

/** Cross account: both accounts have to allow. */
function missingAcrossAccounts(
  evaluation: Evaluation,
  layers: Layers,
  grants: number,
  side: IdentitySide,
): LayerName | undefined {
  if (grants === GRANT.none) return 'resource'
  if (!side.identity) return 'identity'
  if (!side.boundary) return 'boundary'
  return side.session && !lacksSession(evaluation, layers) ? undefined : 'session'
}

/** Whether S3 Block Public Access refuses the request: its public ACL, or a caller from outside. */
function isBlocked(evaluation: Evaluation, layers: Layers): boolean {
  const block = layers.publicAccessBlock
  if (!block || evaluation.action.service !== 's3') return false
  return (block.blockPublicAcls && putsPublicAcl(evaluation)) || isRestricted(evaluation, layers)
}

/**
 * RestrictPublicBuckets leaves a bucket with a public policy to AWS services and the principals of its own
 * account. [S3 guide, "Block public access settings"]
 */
function isRestricted(evaluation: Evaluation, layers: Layers): boolean {
  if (!layers.publicAccessBlock?.restrictPublicBuckets) return false
  const { kind } = evaluation.principal
  const isOwn = evaluation.principal.isGoverned && evaluation.resourceAccount === evaluation.principal.account
  if (kind === 'service' || isOwn) return false
  return (layers.resourcePolicy as IndexedPolicy | undefined)?.isPublic ?? false
}
