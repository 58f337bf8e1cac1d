import { attachmentOperations } from './attachments.js'
import { entityOperations } from './entities.js'
import type { OrganizationOperations } from './operation.js'
import { policyOperations } from './policies.js'
import { tagOperations } from './tags.js'

/** All operations of Organizations that the local AWS has. */
export const organizationOperations: OrganizationOperations = {
  ...entityOperations,
  ...policyOperations,
  ...attachmentOperations,
  ...tagOperations,
}
