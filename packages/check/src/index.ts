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
