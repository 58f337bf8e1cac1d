import type { Step } from '../offboard/step.js'
import type { Difference } from './compare-facts.js'

/**
 * The call that takes a difference away which Pulumi cannot reach, because no resource of the stack lists it: keys,
 * passwords and other credentials of declared users, and what somebody outside of the file has of ringfence's. For
 * undeclared users, groups, roles and policies it takes what they hold (`userSteps`, `roleSteps`, …).
 */
export function repairSteps(difference: Difference): readonly Step[] {
  const { change, thing, aspect, name = '' } = difference
  const [kind, owner] = [thing.slice(0, thing.indexOf('/')), thing.slice(thing.indexOf('/') + 1)]
  if (kind === 'user' && change === 'undeclared') {
    const UserName = owner
    switch (aspect) {
      case 'accessKey':
        return [
          { operation: 'UpdateAccessKey', input: { UserName, AccessKeyId: name, Status: 'Inactive' } },
          { operation: 'DeleteAccessKey', input: { UserName, AccessKeyId: name } },
        ]
      case 'password':
        return [{ operation: 'DeleteLoginProfile', input: { UserName } }]
      case 'sshKey':
        return [{ operation: 'DeleteSSHPublicKey', input: { UserName, SSHPublicKeyId: name } }]
      case 'serviceCredential':
        return [
          {
            operation: 'DeleteServiceSpecificCredential',
            input: { UserName, ServiceSpecificCredentialId: name },
          },
        ]
      case 'signingCertificate':
        return [{ operation: 'DeleteSigningCertificate', input: { UserName, CertificateId: name } }]
      case 'group':
        return [{ operation: 'RemoveUserFromGroup', input: { UserName, GroupName: name } }]
      case 'attachment':
        return [{ operation: 'DetachUserPolicy', input: { UserName, PolicyArn: name } }]
      default:
        return []
    }
  }
  if (change !== 'undeclared') return []
  // A role of Identity Center is changed by its permission set alone, in the account of that.
  if (kind === 'role' && owner.startsWith('AWSReservedSSO_')) return []
  if (kind === 'role' && aspect === 'instanceProfile') {
    return [
      { operation: 'RemoveRoleFromInstanceProfile', input: { RoleName: owner, InstanceProfileName: name } },
    ]
  }
  if (kind === 'role' && aspect === 'attachment') {
    return [{ operation: 'DetachRolePolicy', input: { RoleName: owner, PolicyArn: name } }]
  }
  if (kind === 'group' && aspect === 'attachment') {
    return [{ operation: 'DetachGroupPolicy', input: { GroupName: owner, PolicyArn: name } }]
  }
  return []
}
