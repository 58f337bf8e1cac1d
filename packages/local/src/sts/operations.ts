import { assumeRoleOperations } from './assume-role.js'
import type { StsOperations } from './operation.js'
import { sessionTokenOperations } from './session-tokens.js'
import { webIdentityOperations } from './web-identity.js'

/** All operations of STS that the local AWS has. */
export const stsOperations: StsOperations = {
  ...assumeRoleOperations,
  ...sessionTokenOperations,
  ...webIdentityOperations,
}
