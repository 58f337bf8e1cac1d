export { currentBackend, type Environment, fileBackend, pulumiEnvironment } from './backend.js'
export { type DeployCode, deployCodes } from './codes.js'
export { DeployError, type ResourceFailure } from './deploy-error.js'
export type { ChangeKind, DeployEvent, ResourceChange } from './engine-events.js'
export { type FileLock, readFileLocks, removeFileLock } from './file-locks.js'
export { keptOf } from './kept-stash.js'
export { inspectPulumi, type PulumiInspection } from './inspect-pulumi.js'
export {
  type Deployment,
  type DeploymentSettings,
  openDeployment,
  openScratchDeployment,
  type Watch,
} from './open-deployment.js'
export { planProgram, type ProgramSettings, projectOf } from './program.js'
export { findPulumi, minimumPulumi } from './pulumi-command.js'
export { type FindPhysicalId, idFromArguments, type RepairedState, repairPending } from './repair-pending.js'
export {
  holdsResources,
  outputsOf,
  pendingOf,
  type PendingOperation,
  secretsProviderOf,
  type StackOutput,
  type StackState,
  type StateResource,
  withUncompared,
} from './stack-state.js'
export { type PermissionSetIds, unprovisionedSets } from './unprovisioned-sets.js'
