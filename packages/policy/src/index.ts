export type { AuthorizationRequest, ContextValue, RequestContext } from './request.js'
export type { Layers, PolicyKind, PublicAccessBlock } from './layers.js'
export type {
  Decision,
  DecidingStatement,
  DecisionKind,
  FailedElement,
  LayerName,
  NearMiss,
} from './decision.js'
export type { CompiledPolicy } from './compile.js'
