import { combinePublicAccessBlocks } from '@ringfence/policy'
import { findInstance, type IdentityCenterTables } from '../identity-center/tables.js'
import { findSsoTags } from '../identity-center/tags.js'
import type { IamTables } from '../iam/tables.js'
import type { KmsTables } from '../kms/tables.js'
import { aliasesOf, findKey } from '../kms/tables.js'
import { findTarget } from '../organizations/operation.js'
import type { OrganizationTables } from '../organizations/tables.js'
import { findOrganization } from '../organizations/tables.js'
import type { S3State } from '../s3/state.js'
import type { SageMakerTables } from '../sagemaker/tables.js'
import type { SecretsManagerTables } from '../secrets-manager/tables.js'
import { findSecret } from '../secrets-manager/tables.js'
import type { BucketView, ResourceView } from './resource-view.js'

export interface State {
  readonly iam: IamTables
  readonly s3: S3State
  readonly kms: KmsTables
  readonly sageMaker: SageMakerTables
  readonly organizations: OrganizationTables
  readonly identityCenter: IdentityCenterTables
  readonly secretsManager: SecretsManagerTables
}

const maximumBuckets = 20_000

/** Reads the state of all services for enforcement; what was read of buckets is kept until `forget`. */
export class StateView implements ResourceView {
  readonly iam: IamTables
  readonly #buckets = new Map<string, BucketView>()

  constructor(private readonly state: State) {
    this.iam = state.iam
  }

  forget(): void {
    this.#buckets.clear()
  }

  bucket(name: string): BucketView | undefined {
    const known = this.#buckets.get(name)
    if (known !== undefined) return known
    const view = this.#readBucket(name)
    if (view === undefined) return undefined
    if (this.#buckets.size >= maximumBuckets) this.#buckets.clear()
    this.#buckets.set(name, view)
    return view
  }

  accountPublicAccessBlock(account: string) {
    return this.state.s3.accountPublicAccessBlock(account)
  }

  #readBucket(name: string): BucketView | undefined {
    // The database's keys are shorter than what a request can hold.
    const record = name === '' || name.length > 255 ? undefined : this.state.s3.bucket(name)
    if (record === undefined) return undefined
    const { account, policy, publicAccessBlock, tags, encryption } = record
    return {
      name,
      account,
      publicAccessBlock: combinePublicAccessBlocks(
        this.state.s3.accountPublicAccessBlock(account),
        publicAccessBlock,
      ),
      tags: tags ?? {},
      encryption,
      ...(policy === undefined ? {} : { policy }),
    }
  }

  object(bucket: string, key: string, versionId: string | undefined) {
    if (key.length > 1024) return undefined
    const record = this.state.s3.object(bucket, key, versionId)
    if (record === undefined) return undefined
    return { tags: record.tags, encryption: encryptionOf(record.encryption) }
  }

  upload(bucket: string, key: string, uploadId: string) {
    if (key.length > 1024 || uploadId.length > 256) return undefined
    const record = this.state.s3.upload(bucket, key, uploadId)
    return record === undefined ? undefined : { encryption: encryptionOf(record.encryption) }
  }

  kmsKey(id: string, account: string, region: string) {
    return findKey(this.state.kms, id, account, region)
  }

  kmsAliases(key: Parameters<ResourceView['kmsAliases']>[0]) {
    return aliasesOf(this.state.kms, key)
  }

  secret(id: string, account: string, region: string) {
    return findSecret(this.state.secretsManager, id, account, region)
  }

  managementAccount() {
    return findOrganization(this.state.organizations)?.managementAccount
  }

  isOrganizationMember(account: string) {
    const organization = findOrganization(this.state.organizations)
    return organization?.members.some(({ id }) => id === account) ?? false
  }

  organizationArn(id: string) {
    if (id.length > 256) return undefined
    const organization = findOrganization(this.state.organizations)
    const target = organization === undefined ? undefined : findTarget(organization, id)
    return target?.arn ?? this.state.organizations.policies.get([id])?.arn
  }

  organizationTags(id: string) {
    return id.length > 256 ? undefined : this.state.organizations.tags.get([id])
  }

  identityCenter() {
    return findInstance(this.state.identityCenter)
  }

  identityCenterTags(arn: string) {
    return arn.length > 256 ? undefined : findSsoTags(this.state.identityCenter, arn)
  }

  identityStoreMembership(id: string) {
    return id.length > 256 ? undefined : this.state.identityCenter.memberships.get([id])
  }

  sageMakerTags(arn: string) {
    return arn.length > 1024 ? undefined : this.state.sageMaker.tags.get([arn])
  }
}

function encryptionOf(record: {
  readonly algorithm: string
  readonly kmsKeyArn?: string
  readonly bucketKey?: boolean
}) {
  const { algorithm, kmsKeyArn, bucketKey } = record
  return {
    algorithm,
    bucketKey: bucketKey ?? false,
    ...(kmsKeyArn === undefined ? {} : { kmsKeyId: kmsKeyArn }),
  }
}
