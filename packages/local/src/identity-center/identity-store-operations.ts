import { groupOperations } from './groups.js'
import { membershipOperations } from './memberships.js'
import type { IdentityStoreOperations } from './operation.js'
import { userOperations } from './users.js'

/** All operations of the identity store that the local AWS has. */
export const identityStoreOperations: IdentityStoreOperations = {
  ...groupOperations,
  ...userOperations,
  ...membershipOperations,
}
