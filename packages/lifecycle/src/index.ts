export { type BucketStep, bucketSteps } from './drift/bucket-steps.js'
export { canonicalText } from './drift/canonical-text.js'
export { compareFacts, type Difference, type ThreeSides } from './drift/compare-facts.js'
export { declaredFacts } from './drift/declared-facts.js'
export { type Aspect, type Fact, keyOf, present, tagFacts, type Thing } from './drift/fact.js'
export { type RecordedResource, recordedFacts } from './drift/recorded-facts.js'
export { recordedArns, type RecordedIds, recordedIds } from './drift/recorded-ids.js'
export { repairSteps } from './drift/repair-steps.js'
export { type SecretStep, secretSteps } from './drift/secret-steps.js'
export { type AccessBlock, accessBlock, encryption, lifecycle, lifecycleOf } from './drift/settings.js'
export { type ChangeEvent, type Maker, makerOf, type Trace, traceOf } from './drift/trace.js'
export { instantAfter, writeAbsoluteEnds } from './edit/absolute-ends.js'
export type { NewGrant } from './edit/add-grant.js'
export { addGrant } from './edit/add-grant.js'
export type { EditCode, Edited, EditProblem } from './edit/edited.js'
export { editCodes } from './edit/edited.js'
export { removeMember, type RemovedMember } from './edit/remove-member.js'
export type { Revoking } from './edit/revoke-grant.js'
export { revokeGrant } from './edit/revoke-grant.js'
export type { Ending } from './edit/set-end.js'
export { setEnd } from './edit/set-end.js'
export type { Splice } from './edit/splice.js'
export type { GrantWords } from './edit/written-grants.js'
export type { Expiring } from './expiry/expiring.js'
export { expiring } from './expiry/expiring.js'
export {
  type AccountKey,
  type DeclaredKeys,
  declaredKeys,
  type KeysOfStack,
  undeclaredKeys,
} from './keys/declared-keys.js'
export { type KeyAnswer, type KeyStep, keptAfter, keptAfterRevocation } from './keys/key-step.js'
export {
  isOverLimit,
  type KeyOnAws,
  type KeyRules,
  type KeyUse,
  type MemberKey,
  works,
} from './keys/member-keys.js'
export { nextStep, type RotationQuestion } from './keys/next-step.js'
export { groupSteps, policySteps, roleSteps } from './offboard/entity-steps.js'
export type { HeldByGroup, HeldByPolicy, HeldByRole, HeldByUser } from './offboard/held.js'
export { platformsOf, type Leaver, type Residual, residualOf } from './offboard/residual.js'
export { type RoleLeft, rolesLeft } from './offboard/roles-left.js'
export {
  sessionLock,
  sessionLockName,
  sessionUnlock,
  withoutSessionLock,
  withSessionLock,
} from './offboard/session-steps.js'
export { describeStep, type Step, type StepOperation, stepOperations } from './offboard/step.js'
export { lockDocument, lockName, userSteps } from './offboard/user-steps.js'
export { withoutMember } from './offboard/without-member.js'
export type { RemovalLimit, Removals } from './roster/check-removals.js'
export { checkRemovals } from './roster/check-removals.js'
export type { Mover, PeopleChange } from './roster/diff-people.js'
export { applyPeopleChange, diffPeople, takenNames } from './roster/diff-people.js'
export { takenOver } from './roster/taken-over.js'
export { keptWith, type Noted, runsOf, type UpdateRun } from './update/runs-of.js'
export { type Stays, whatStays } from './update/what-stays.js'
