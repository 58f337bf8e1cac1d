import { assignmentOperations } from './assignments.js'
import { instanceOperations } from './instances.js'
import type { SsoAdminOperations } from './operation.js'
import { policyOperations } from './permission-set-policies.js'
import { permissionSetOperations } from './permission-sets.js'
import { tagOperations } from './tags.js'

/** All operations of IAM Identity Center that the local AWS has. */
export const ssoAdminOperations: SsoAdminOperations = {
  ...instanceOperations,
  ...permissionSetOperations,
  ...policyOperations,
  ...assignmentOperations,
  ...tagOperations,
}
