import {
  paginateListAccessKeys,
  paginateListGroupsForUser,
  paginateListMFADevices,
  paginateListSSHPublicKeys,
  paginateListSigningCertificates,
  type IAM,
} from '@aws-sdk/client-iam'
import { collect, unlessGone } from '../aws.js'

const gone = 'NoSuchEntityException'

/** Takes a user out of all groups; a user that is in one cannot be deleted. */
export async function leaveGroups(iam: IAM, user: string): Promise<void> {
  const pages = paginateListGroupsForUser({ client: iam }, { UserName: user })
  const groups =
    (await unlessGone(
      collect(pages, (page) => page.Groups),
      gone,
    )) ?? []
  for (const { GroupName } of groups)
    await unlessGone(iam.removeUserFromGroup({ UserName: user, GroupName }), gone)
}

/** Deletes what a user signs in with: access keys, SSH keys, MFA devices, password, certificates. */
export async function deleteCredentials(iam: IAM, user: string): Promise<void> {
  const [client, UserName] = [{ client: iam }, user]
  const keys = await collect(paginateListAccessKeys(client, { UserName }), (page) => page.AccessKeyMetadata)
  for (const { AccessKeyId } of keys) await unlessGone(iam.deleteAccessKey({ UserName, AccessKeyId }), gone)
  const sshKeys = await collect(paginateListSSHPublicKeys(client, { UserName }), (page) => page.SSHPublicKeys)
  for (const { SSHPublicKeyId } of sshKeys) await iam.deleteSSHPublicKey({ UserName, SSHPublicKeyId })
  const devices = await collect(paginateListMFADevices(client, { UserName }), (page) => page.MFADevices)
  for (const { SerialNumber } of devices) {
    await iam.deactivateMFADevice({ UserName, SerialNumber })
    // Only virtual devices have an ARN; the others are things.
    if (SerialNumber?.startsWith('arn:') === true) await iam.deleteVirtualMFADevice({ SerialNumber })
  }
  await unlessGone(iam.deleteLoginProfile({ UserName }), gone)
  const certificates = await collect(
    paginateListSigningCertificates(client, { UserName }),
    (page) => page.Certificates,
  )
  for (const { CertificateId } of certificates)
    await iam.deleteSigningCertificate({ UserName, CertificateId })
  const { ServiceSpecificCredentials = [] } = await iam.listServiceSpecificCredentials({ UserName })
  for (const { ServiceSpecificCredentialId } of ServiceSpecificCredentials)
    await iam.deleteServiceSpecificCredential({ UserName, ServiceSpecificCredentialId })
}
