import { unlessGone } from '../pulumi-resource-aws/aws.js'
import { canonicalDocument } from '../pulumi-resource-aws/policy-document.js'
import { sorted } from '../engine/iam-state.js'
import type { InProcessAws } from './in-process-aws.js'

/** A secret but for its value. */
export interface SecretState {
  readonly description: string | undefined
  readonly policy: unknown
  readonly tags: Readonly<Record<string, string>>
  readonly hasValue: boolean
}

/** What a secret that keeps an access key says: the output of a `credential_process`. */
export interface DeliveredKey {
  /** Of the secret: another one under the same name has another. */
  readonly arn: string
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
}

/** All secrets of an account, by name. */
export async function accountSecrets(aws: InProcessAws): Promise<Readonly<Record<string, SecretState>>> {
  const client = await aws.secretsManager()
  const { SecretList = [] } = await client.listSecrets({})
  const secrets = SecretList.map(
    async ({ Description, Name = '', SecretVersionsToStages = {}, Tags = [] }) => {
      const { ResourcePolicy } = await client.getResourcePolicy({ SecretId: Name })
      const state: SecretState = {
        description: Description,
        policy: ResourcePolicy === undefined ? undefined : canonicalDocument(ResourcePolicy),
        tags: sorted(Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))),
        hasValue: Object.values(SecretVersionsToStages).flat().includes('AWSCURRENT'),
      }
      return [Name, state] as const
    },
  )
  return sorted(Object.fromEntries(await Promise.all(secrets)))
}

/** What a secret says now, or said before; undefined where there is none, or no value in it. */
export async function deliveredKey(
  SecretId: string,
  VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS',
  aws: InProcessAws,
): Promise<DeliveredKey | undefined> {
  const client = await aws.secretsManager()
  const value = await unlessGone(
    client.getSecretValue({ SecretId, VersionStage }),
    'ResourceNotFoundException',
  )
  if (value?.SecretString === undefined) return undefined
  return { ...(JSON.parse(value.SecretString) as Omit<DeliveredKey, 'arn'>), arn: value.ARN ?? '' }
}
