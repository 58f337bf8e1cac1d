import {
  type IAM,
  paginateListAccessKeys,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListMFADevices,
  paginateListSigningCertificates,
  paginateListSSHPublicKeys,
  paginateListUserPolicies,
} from '@aws-sdk/client-iam'
import type { HeldByUser } from '@ringfence/lifecycle'
import { unlessGone } from '../drift/unless-gone.js'

/** The credentials of a user, whoever made them. */
export type HeldCredentials = Pick<
  HeldByUser,
  'accessKeys' | 'password' | 'mfaDevices' | 'sshKeys' | 'serviceCredentials' | 'signingCertificates'
>

/** Reads the credentials of a user who exists. */
export async function readCredentials(iam: IAM, UserName: string): Promise<HeldCredentials> {
  const client = { client: iam }
  const user = { UserName }
  const keys = await collect(paginateListAccessKeys(client, user), (page) => page.AccessKeyMetadata)
  const devices = await collect(paginateListMFADevices(client, user), (page) => page.MFADevices)
  const ssh = await collect(paginateListSSHPublicKeys(client, user), (page) => page.SSHPublicKeys)
  const certificates = await collect(
    paginateListSigningCertificates(client, user),
    (page) => page.Certificates,
  )
  const services = await iam.listServiceSpecificCredentials(user)
  return {
    accessKeys: keys.map(({ AccessKeyId: id = '', Status }) => ({ id, active: Status === 'Active' })),
    password: (await unlessGone(iam.getLoginProfile(user), 'NoSuchEntityException')) !== undefined,
    mfaDevices: devices.map(({ SerialNumber = '' }) => SerialNumber),
    sshKeys: ssh.map(({ SSHPublicKeyId = '' }) => SSHPublicKeyId),
    serviceCredentials: (services.ServiceSpecificCredentials ?? []).map(
      ({ ServiceSpecificCredentialId = '' }) => ServiceSpecificCredentialId,
    ),
    signingCertificates: certificates.map(({ CertificateId = '' }) => CertificateId),
  }
}

/** All that an account holds of a user under a path; undefined: there is no such user. */
export async function readUser(iam: IAM, UserName: string, path: string): Promise<HeldByUser | undefined> {
  const user = { UserName }
  const found = await unlessGone(iam.getUser(user), 'NoSuchEntityException')
  // Another one's user of the same name is none of ours.
  if (found?.User?.Path !== path) return undefined
  const client = { client: iam }
  const groups = await collect(paginateListGroupsForUser(client, user), (page) => page.Groups)
  const attached = await collect(
    paginateListAttachedUserPolicies(client, user),
    (page) => page.AttachedPolicies,
  )
  return {
    name: UserName,
    ...(await readCredentials(iam, UserName)),
    groups: groups.map(({ GroupName = '' }) => GroupName),
    attachments: attached.map(({ PolicyArn = '' }) => PolicyArn),
    inlinePolicies: await collect(paginateListUserPolicies(client, user), (page) => page.PolicyNames),
  }
}

/** All items of all pages. */
export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...(itemsOf(page) ?? []))
  return items
}
