export { evaluateReference } from './reference/evaluate.js'
export { DEFAULT_SWITCHES, type ReferenceSwitches } from './reference/switches.js'
export type {
  CasePolicy,
  NamedRawPolicy,
  RawCondition,
  RawContextValue,
  RawPolicy,
  RawPrincipal,
  RawPublicAccessBlock,
  RawRequest,
  RawStatement,
  ReferenceDecision,
  SimulateCase,
} from './reference/case.js'
