import type {
  Deployment,
  DeploymentSettings,
  FindPhysicalId,
  PermissionSetIds,
  PulumiInspection,
  StackState,
} from '@ringfence/pulumi/deploy'
import type { IdentityCenterPlan, Plan } from '@ringfence/plan'
import type { StartLocalAws } from '../commands/local.js'
import type { AwsAccess, CallerIdentity } from './aws-access.js'
import type { Ask } from './confirm.js'
import type { AccountKey } from '@ringfence/lifecycle'
import type { StoredObjects } from './stored-objects.js'
import type { Target } from './target.js'

/** All that the commands ask of AWS, Pulumi and the person at the terminal; replaced in tests. */
export interface DeployWorld {
  readonly open: (settings: DeploymentSettings) => Promise<Deployment>
  readonly openScratch: (settings: DeploymentSettings) => Promise<Deployment>
  readonly identify: (access: AwsAccess) => Promise<CallerIdentity>
  readonly findManagementAccount: (access: AwsAccess) => Promise<string>
  readonly checkIdentityCenter: (plan: IdentityCenterPlan, access: AwsAccess) => Promise<void>
  readonly startLocal: StartLocalAws
  readonly idFinder: (plan: Plan, target: Target, state: StackState) => FindPhysicalId
  readonly provisionSets: (
    sets: readonly PermissionSetIds[],
    access: AwsAccess,
    account: string,
  ) => Promise<readonly string[]>
  readonly findStoredObjects: (plan: Plan, access: AwsAccess) => Promise<StoredObjects>
  readonly readAccountKeys: (access: AwsAccess, users?: readonly string[]) => Promise<readonly AccountKey[]>
  readonly deactivateAccountKey: (access: AwsAccess, user: string, id: string) => Promise<void>
  readonly ask: Ask
  readonly inspectPulumi: (env: Readonly<Record<string, string>>) => Promise<PulumiInspection>
}

/** The real ones, each loaded when it is first called. */
export const realWorld: DeployWorld = {
  open: async (settings) => (await import('@ringfence/pulumi/deploy')).openDeployment(settings),
  openScratch: async (settings) => (await import('@ringfence/pulumi/deploy')).openScratchDeployment(settings),
  identify: async (access) => (await import('./identify.js')).identify(access),
  findManagementAccount: async (access) =>
    (await import('./management-account.js')).findManagementAccount(access),
  checkIdentityCenter: async (plan, access) =>
    (await import('./identity-center.js')).checkIdentityCenter(plan, access),
  startLocal: async (options) => (await import('@ringfence/local')).startLocalAws(options),
  idFinder: (plan, target, state) => async (resource) =>
    (await import('./find-physical-id.js')).findPhysicalId(resource, { plan, target, state }),
  provisionSets: async (sets, access, account) =>
    (await import('./provision-sets.js')).provisionSets(sets, access, account),
  findStoredObjects: async (plan, access) =>
    (await import('./stored-objects.js')).findStoredObjects(plan, access),
  readAccountKeys: async (access, users) =>
    (await import('../keys/account-keys.js')).readAccountKeys(access, users),
  deactivateAccountKey: async (access, user, id) =>
    (await import('../keys/account-keys.js')).deactivateAccountKey(access, user, id),
  ask: async (question, signal) => (await import('./confirm.js')).askOnTerminal(question, signal),
  inspectPulumi: async (env) => (await import('@ringfence/pulumi/deploy')).inspectPulumi(env),
}
