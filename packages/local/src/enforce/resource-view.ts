import type { PublicAccessBlock } from '@ringfence/policy'
import type { IamTables } from '../iam/tables.js'
import type { KmsKeyRecord } from '../kms/records.js'
import type { SecretRecord } from '../secrets-manager/records.js'

/** What enforcement asks about a bucket. */
export interface BucketView {
  readonly name: string
  readonly account: string
  readonly policy?: string
  /** Account and bucket settings combined to the stricter. */
  readonly publicAccessBlock: PublicAccessBlock
  readonly tags: Readonly<Record<string, string>>
  /** How objects are encrypted where the request says nothing. */
  readonly encryption: { readonly algorithm: string; readonly kmsKeyId?: string; readonly bucketKey: boolean }
}

/** What enforcement asks about an object version. */
export interface ObjectView {
  readonly tags: Readonly<Record<string, string>>
  readonly encryption: { readonly algorithm: string; readonly kmsKeyId?: string; readonly bucketKey: boolean }
}

/** Read access to all that the table's rows and the resource policies need to know. */
export interface ResourceView {
  readonly iam: IamTables
  bucket(name: string): BucketView | undefined
  /** The block that an account sets for all of its buckets. */
  accountPublicAccessBlock(account: string): PublicAccessBlock | undefined
  object(bucket: string, key: string, versionId: string | undefined): ObjectView | undefined
  /** How a multipart upload will be encrypted. */
  upload(bucket: string, key: string, uploadId: string): Pick<ObjectView, 'encryption'> | undefined
  /** By id, ARN, alias or alias ARN, as the account sees them. */
  kmsKey(id: string, account: string, region: string): KmsKeyRecord | undefined
  kmsAliases(key: KmsKeyRecord): readonly string[]
  /** By name or ARN, as the account sees them. */
  secret(id: string, account: string, region: string): SecretRecord | undefined
  /** 12 digits; undefined where there is no organization. */
  managementAccount(): string | undefined
  isOrganizationMember(account: string): boolean
  /** The ARN of a root, an account or a policy of the organization. */
  organizationArn(id: string): string | undefined
  organizationTags(id: string): Readonly<Record<string, string>> | undefined
  /** The instance of IAM Identity Center, and who administers it. */
  identityCenter(): { readonly owner: string } | undefined
  /** Tags of the instance or of a permission set. */
  identityCenterTags(arn: string): Readonly<Record<string, string>> | undefined
  identityStoreMembership(id: string): { readonly group: string; readonly user: string } | undefined
  /** Tags of a SageMaker resource. */
  sageMakerTags(arn: string): Readonly<Record<string, string>> | undefined
}
