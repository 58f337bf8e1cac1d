import { aliasOperations } from './aliases.js'
import { cryptographyOperations } from './cryptography.js'
import { keyOperations } from './keys.js'
import type { KmsOperations } from './operation.js'

/** All operations of KMS that the local AWS has. */
export const kmsOperations: KmsOperations = {
  ...keyOperations,
  ...aliasOperations,
  ...cryptographyOperations,
}
