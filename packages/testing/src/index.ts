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
export { conditionArbitrary, contextArbitrary, OPERATOR_NAMES } from './arbitraries/conditions.js'
export { requestArbitrary } from './arbitraries/request.js'
export { matchingCaseArbitrary } from './arbitraries/matching-case.js'
export {
  sharedPoliciesArbitrary,
  simulateCaseArbitrary,
  type SharedPolicies,
} from './arbitraries/simulate-case.js'
export { policyArbitrary, statementArbitrary, type StatementForm } from './arbitraries/statements.js'
export {
  KMS_SCENARIO,
  OTHER_SCENARIO,
  S3_SCENARIO,
  TRUST_SCENARIO,
  type Scenario,
} from './arbitraries/universe.js'
export { readCaseTables, type TableCase } from './case-tables.js'
export {
  differenceQueries,
  type DifferenceQueries,
  type DifferenceQuery,
} from './prove/smt/difference-query.js'
export { OutsideSubset } from './prove/smt/outside-subset.js'
export { decideAll, SOLVER_PYTHON, type Solver, type SolverAnswer } from './prove/smt/solver-workers.js'
export { randomCaseCount, randomSeed } from './random-runs.js'
