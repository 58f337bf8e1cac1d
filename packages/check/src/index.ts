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
