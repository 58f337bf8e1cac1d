import type { SecretsManagerOperations } from './operation.js'
import { secretPolicyOperations } from './policies.js'
import { secretOperations } from './secrets.js'
import { valueOperations } from './values.js'

/** All operations of Secrets Manager that the local AWS has. */
export const secretsManagerOperations: SecretsManagerOperations = {
  ...secretOperations,
  ...valueOperations,
  ...secretPolicyOperations,
}
