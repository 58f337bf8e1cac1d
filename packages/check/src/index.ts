export type {
  Account,
  AccountGroup,
  AccountResource,
  AccountRole,
  AccountUser,
  ManagedPolicy,
  NamedPolicy,
  Unknown,
} from './account/account.js'
export { accountOfPlan } from './account/account-of-plan.js'
export type { Beside } from './account/who-else.js'
export { layersBeside, principalsBeside, principalsOutside } from './account/who-else.js'
export type { Layered, TakeUnknown } from './account/layers-of.js'
export { arnsOf, everything, layersAroundAny, layersOf } from './account/layers-of.js'
export { identityPoliciesOf, managedPolicyOf, readNamed } from './account/read-policies.js'
