import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import type { LocalAws, LocalCredentials } from '@ringfence/local'

/**
 * Makes an IAM user with AdministratorAccess and a key. Declarations name one of these as administrator: nobody
 * else, root included, may touch a bucket once its fence stands.
 */
export async function makeAdministrator(
  { endpoint, region, root: credentials }: LocalAws,
  name: string,
): Promise<LocalCredentials> {
  const iam = new IAMClient({ endpoint, region, credentials })
  const UserName = name
  await iam.send(new CreateUserCommand({ UserName }))
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey ?? {}
  if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error('no access key was made')
  return { accessKeyId, secretAccessKey }
}
