/**
 * One call of IAM that takes something away, named and spelled as AWS does. Each may be repeated: that what it
 * removes is gone already is as good as its having been removed.
 */
export interface Step {
  readonly operation: StepOperation
  readonly input: Readonly<Record<string, string>>
}

/** In the order in which a user loses them. */
export const stepOperations = [
  'UpdateAccessKey',
  'PutUserPolicy',
  'DeleteLoginProfile',
  'DeactivateMFADevice',
  'DeleteVirtualMFADevice',
  'RemoveUserFromGroup',
  'DetachUserPolicy',
  'DeleteSSHPublicKey',
  'DeleteServiceSpecificCredential',
  'DeleteSigningCertificate',
  'DeleteAccessKey',
  'DeleteUserPolicy',
  'DeleteUser',
  'RemoveRoleFromInstanceProfile',
  'DetachRolePolicy',
  'PutRolePolicy',
  'DeleteRolePolicy',
  'DeleteRole',
  'DetachGroupPolicy',
  'DeleteGroupPolicy',
  'DeleteGroup',
  'DeletePolicyVersion',
  'DeletePolicy',
] as const

export type StepOperation = (typeof stepOperations)[number]

/** For people: `deactivate access key AKIA…`. */
export function describeStep({ operation, input }: Step): string {
  const on = { user: input['UserName'], role: input['RoleName'], group: input['GroupName'] }
  const [kind, owner] = Object.entries(on).find(([, name]) => name !== undefined) ?? ['', '']
  const policy = input['PolicyArn'] ?? input['PolicyName'] ?? ''
  switch (operation) {
    case 'UpdateAccessKey':
      return `deactivate access key ${input['AccessKeyId']}`
    case 'PutUserPolicy':
    case 'PutRolePolicy':
      return `deny by the inline policy ${policy} of ${kind} ${owner}`
    case 'DeleteLoginProfile':
      return `delete the password of ${owner}`
    case 'DeactivateMFADevice':
      return `deactivate MFA device ${input['SerialNumber']}`
    case 'DeleteVirtualMFADevice':
      return `delete MFA device ${input['SerialNumber']}`
    case 'RemoveUserFromGroup':
      return `take ${input['UserName']} out of group ${input['GroupName']}`
    case 'RemoveRoleFromInstanceProfile':
      return `take role ${owner} out of instance profile ${input['InstanceProfileName']}`
    case 'DetachUserPolicy':
    case 'DetachRolePolicy':
    case 'DetachGroupPolicy':
      return `detach ${policy} from ${kind} ${owner}`
    case 'DeleteUserPolicy':
    case 'DeleteRolePolicy':
    case 'DeleteGroupPolicy':
      return `delete the inline policy ${policy} of ${kind} ${owner}`
    case 'DeleteSSHPublicKey':
      return `delete SSH public key ${input['SSHPublicKeyId']}`
    case 'DeleteServiceSpecificCredential':
      return `delete service-specific credential ${input['ServiceSpecificCredentialId']}`
    case 'DeleteSigningCertificate':
      return `delete signing certificate ${input['CertificateId']}`
    case 'DeleteAccessKey':
      return `delete access key ${input['AccessKeyId']}`
    case 'DeletePolicyVersion':
      return `delete version ${input['VersionId']} of ${policy}`
    case 'DeletePolicy':
      return `delete policy ${policy}`
    case 'DeleteUser':
    case 'DeleteRole':
    case 'DeleteGroup':
      return `delete ${kind} ${owner}`
  }
}
