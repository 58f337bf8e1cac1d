export type {
  Account,
  AccountGroup,
  AccountResource,
  AccountRole,
  AccountUser,
  ManagedPolicy,
  MissingPart,
  NamedPolicy,
  Unknown,
} from './account/account.js'
export { accountOfPlan } from './account/account-of-plan.js'
export type { Beside } from './account/who-else.js'
export { layersBeside, principalsBeside, principalsOutside } from './account/who-else.js'
export type { Layered, TakeUnknown } from './account/layers-of.js'
export { arnsOf, everything, layersAroundAny, layersOf } from './account/layers-of.js'
export { identityPoliciesOf, managedPolicyOf, readNamed } from './account/read-policies.js'
export type { AwsCommand } from './words/aws-command.js'
export type { Names } from './words/names.js'
export type { RequestWordsOptions } from './words/request-words.js'
export { actionVerb, doingOf, doingWords } from './words/action-words.js'
export { awsCommand } from './words/aws-command.js'
export { conditionsWords, conditionWords, exceptionWords } from './words/condition-words.js'
export { namesOf } from './words/names.js'
export { requestWords } from './words/request-words.js'
export { whoWords } from './words/who-words.js'
export type { ImportCode } from './import/codes.js'
export type { ImportDiagnostic, ImportResult } from './import/diagnostic.js'
export type { ImportOptions } from './import/import-account.js'
export type { InputFile } from './import/input-file.js'
export { importCodes } from './import/codes.js'
export { importAccount } from './import/import-account.js'
export type { Answer, DecidedBy, Finding, GuaranteeKind, Refutation } from './guarantees/finding.js'
export type { CheckOptions, PlanCheck } from './guarantees/check-plan.js'
export type { ProofCache, ProverCounts } from './guarantees/prover.js'
export { checkPlan } from './guarantees/check-plan.js'
export { createProofCache } from './guarantees/prover.js'
export type { Access } from './answers/access-of.js'
export { accessOf } from './answers/access-of.js'
export type { AccessAnswer, AnswerOptions, TellingStatement } from './answers/answer.js'
export { linesOf } from './answers/answer.js'
export type { PrintedAnswer, PrintedWay } from './answers/answer-json.js'
export { printedAnswer, printedWay, statementOf } from './answers/answer-json.js'
export type { Lines } from './answers/answer.js'
export type { Target } from './answers/asked.js'
export { readActions, readResource } from './answers/asked.js'
export type { Problem, Subject } from './answers/subjects.js'
export { findSubject } from './answers/subjects.js'
export type { Way } from './answers/ways.js'
export type { AskedAccount, WhoCan } from './answers/who-can.js'
export { can, whoCan } from './answers/who-can.js'
