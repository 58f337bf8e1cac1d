export type { AuthorizationRequest, ContextValue, RequestContext } from './request.js'
export type { KeyGrant, Layers, PolicyKind, PublicAccessBlock } from './layers.js'
export type {
  Decision,
  DecidingStatement,
  DecisionKind,
  FailedElement,
  LayerName,
  NearMiss,
} from './decision.js'
export type {
  ActionElement,
  ActionPattern,
  Comparison,
  Condition,
  ConditionOperator,
  ConditionValue,
  IpNetwork,
  OperatorFamily,
  Policy,
  PrincipalElement,
  PrincipalEntry,
  ResourceElement,
  ResourcePattern,
  Statement,
  Text,
  TextPart,
} from './policy.js'
export type { PolicyDiagnosticCode, RingfenceErrorCode } from './codes.js'
export type { PolicyDiagnostic, Position, Span } from './diagnostic.js'
export type { ParseOptions, ParseResult } from './syntax/parse-policy.js'
export type { AuthorizeSwitches } from './authorize/switches.js'
export type { CompiledPolicy } from './compile.js'
export type { AuthorizationCase, CaseResult } from './parse-case.js'
export { isTrustRequest } from './authorize/action.js'
export { authorize } from './authorize/authorize.js'
export { explainDecision } from './authorize/explain-decision.js'
export { RESOURCE_CONTROL_SERVICES } from './authorize/switches.js'
export { compileDocument, compilePolicy } from './compile.js'
export { printDiagnostic } from './diagnostic.js'
export { parseCase } from './parse-case.js'
export type { Bounds } from './prove/bounds.js'
export type {
  CompareOptions,
  Containment,
  PolicyComparison,
  PolicyRelation,
  RelationInWorld,
} from './prove/compare.js'
export { ActionCatalogue, loadActionCatalogue } from './prove/options/catalogue.js'
export { comparePolicies } from './prove/compare.js'
export type { AccessQuestion, PolicyLayers, Proof, Who } from './prove/question.js'
export type { ProofCache } from './prove/layered/proof-cache.js'
export type { ProveOptions } from './prove/layered/prove-access.js'
export { compileLayers } from './prove/layered/compile-layers.js'
export { proveAllowed, proveNoMore, proveNothingAllowed, proveWithin } from './prove/layered/prove-access.js'
export { regionAllows } from './prove/layered/region-allows.js'
export type { AllowedCounts, CountOptions, CountsInWorld, RequestCount } from './prove/count/count.js'
export { countAllowed, DEFAULT_LENGTH, MOST_LENGTH } from './prove/count/count.js'
export { layersAround, policyAllows } from './prove/search/replay.js'
export { combinePublicAccessBlocks } from './public-access-block.js'
export { isPublicPolicy } from './public-policy.js'
export { Remembered } from './remembered.js'
export { RingfenceError } from './ringfence-error.js'
export { didYouMean, nameHint } from './syntax/did-you-mean.js'
export { GLOBAL_CONDITION_KEYS } from './syntax/global-condition-keys.js'
export { parsePolicy, readPolicy } from './syntax/parse-policy.js'
export { policyLength } from './syntax/policy-length.js'
export { printPolicy } from './syntax/print-policy.js'
