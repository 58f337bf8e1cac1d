import type { HeldByUser } from './held.js'
import type { Step } from './step.js'

/** The inline policy that stops a user at once, while everything else is taken away call by call. */
export const lockName = 'ringfence-offboarded'

/** Denies everything. Identity policies bind every credential of the user, sessions of GetSessionToken as well. */
export const lockDocument = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Offboarded', Effect: 'Deny', Action: '*', Resource: '*' }],
})

/**
 * What takes a user and all credentials of theirs away, those that work without anybody's help first. Keys are
 * deactivated before the lock, since that is what stops them even where policies take seconds to follow; the lock
 * goes last but the user, so that at no moment between does anything work again. Whoever the steps stop short of is
 * told by reading again: what is done already is not among the steps then.
 */
export function userSteps(held: HeldByUser): readonly Step[] {
  const UserName = held.name
  const on = (operation: Step['operation'], input: Readonly<Record<string, string>> = {}): Step => ({
    operation,
    input: { UserName, ...input },
  })
  return [
    ...held.accessKeys
      .filter(({ active }) => active)
      .map(({ id }) => on('UpdateAccessKey', { AccessKeyId: id, Status: 'Inactive' })),
    on('PutUserPolicy', { PolicyName: lockName, PolicyDocument: lockDocument }),
    ...(held.password ? [on('DeleteLoginProfile')] : []),
    ...held.mfaDevices.flatMap((SerialNumber) => [
      on('DeactivateMFADevice', { SerialNumber }),
      ...(SerialNumber.startsWith('arn:')
        ? [{ operation: 'DeleteVirtualMFADevice' as const, input: { SerialNumber } }]
        : []),
    ]),
    ...held.groups.map((GroupName) => on('RemoveUserFromGroup', { GroupName })),
    ...held.attachments.map((PolicyArn) => on('DetachUserPolicy', { PolicyArn })),
    ...held.inlinePolicies
      .filter((name) => name !== lockName)
      .map((PolicyName) => on('DeleteUserPolicy', { PolicyName })),
    ...held.sshKeys.map((SSHPublicKeyId) => on('DeleteSSHPublicKey', { SSHPublicKeyId })),
    ...held.serviceCredentials.map((ServiceSpecificCredentialId) =>
      on('DeleteServiceSpecificCredential', { ServiceSpecificCredentialId }),
    ),
    ...held.signingCertificates.map((CertificateId) => on('DeleteSigningCertificate', { CertificateId })),
    ...held.accessKeys.map(({ id }) => on('DeleteAccessKey', { AccessKeyId: id })),
    on('DeleteUserPolicy', { PolicyName: lockName }),
    on('DeleteUser'),
  ]
}
