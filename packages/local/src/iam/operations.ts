import { accessKeyOperations } from './access-keys.js'
import { accountOperations } from './account.js'
import { authorizationDetailOperations } from './authorization-details.js'
import { groupOperations } from './groups.js'
import { holderPolicyOperations } from './holder-policies.js'
import { identityProviderOperations } from './identity-providers.js'
import { instanceProfileOperations } from './instance-profiles.js'
import { loginProfileOperations } from './login-profiles.js'
import { mfaDeviceOperations } from './mfa-devices.js'
import type { IamOperations } from './operation.js'
import { policyOperations } from './policies.js'
import { resourceTagOperations } from './resource-tags.js'
import { roleOperations } from './roles.js'
import { serviceCredentialOperations } from './service-credentials.js'
import { serviceLinkedRoleOperations } from './service-linked-roles.js'
import { signingCertificateOperations } from './signing-certificates.js'
import { simulateOperations } from './simulate.js'
import { sshKeyOperations } from './ssh-keys.js'
import { userOperations } from './users.js'

/** All operations of IAM that the local AWS has. */
export const iamOperations: IamOperations = {
  ...userOperations,
  ...groupOperations,
  ...roleOperations,
  ...policyOperations,
  ...holderPolicyOperations,
  ...accessKeyOperations,
  ...loginProfileOperations,
  ...mfaDeviceOperations,
  ...sshKeyOperations,
  ...serviceCredentialOperations,
  ...signingCertificateOperations,
  ...instanceProfileOperations,
  ...identityProviderOperations,
  ...resourceTagOperations,
  ...accountOperations,
  ...serviceLinkedRoleOperations,
  ...simulateOperations,
  ...authorizationDetailOperations,
}
