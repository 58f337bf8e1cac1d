import type { AccessSummary } from './access.js'
import type { IdentityCenterPlan } from './identity-center-plan.js'
import type { Kept } from './kept.js'

/** A place in the declared file; lines and columns are 1-based. */
export interface SourceSpan {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** A policy document in AWS's own spelling, ready to be sent. Every statement has a `Sid`. */
export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

export interface PolicyStatement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export type Tags = Readonly<Record<string, string>>

/** What every resource of a plan has. */
interface Base<Type extends string> {
  readonly type: Type
  /** Stable name within the plan, e.g. `dataset/user-data-a/bucket-policy`; never reused for another thing. */
  readonly id: string
  /** Ids of the resources that must exist before this one. */
  readonly dependsOn: readonly string[]
  /** The part of the file that asked for it. */
  readonly declaredAt: SourceSpan
}

export interface Bucket extends Base<'s3.Bucket'> {
  readonly bucket: string
  readonly arn: string
  readonly tags: Tags
  /** True only where the file says so for that dataset: a bucket with objects may be destroyed. */
  readonly forceDestroy: boolean
}
export interface BucketPublicAccessBlock extends Base<'s3.BucketPublicAccessBlock'> {
  readonly bucket: string
  readonly blockPublicAcls: true
  readonly ignorePublicAcls: true
  readonly blockPublicPolicy: true
  readonly restrictPublicBuckets: true
}
export interface BucketOwnershipControls extends Base<'s3.BucketOwnershipControls'> {
  readonly bucket: string
  readonly objectOwnership: 'BucketOwnerEnforced'
}
export interface BucketVersioning extends Base<'s3.BucketVersioning'> {
  readonly bucket: string
  readonly status: 'Enabled'
}
export interface BucketEncryption extends Base<'s3.BucketServerSideEncryptionConfiguration'> {
  readonly bucket: string
  readonly algorithm: 'AES256' | 'aws:kms'
  /** ARN of the key's alias, for `aws:kms`; a bucket key is always used then. */
  readonly kmsKeyAliasArn?: string
}
export interface BucketLifecycle extends Base<'s3.BucketLifecycleConfiguration'> {
  readonly bucket: string
  readonly abortIncompleteMultipartUploadAfterDays: number
}
export interface BucketPolicy extends Base<'s3.BucketPolicy'> {
  readonly bucket: string
  readonly policy: PolicyDocument
}
export interface AccountPublicAccessBlock extends Base<'s3.AccountPublicAccessBlock'> {
  readonly account: string
  readonly blockPublicAcls: true
  readonly ignorePublicAcls: true
  readonly blockPublicPolicy: true
  readonly restrictPublicBuckets: true
}
/** A KMS key has no name of its own: policies refer to it by its alias (`kms:ResourceAliases`). */
export interface KmsKey extends Base<'kms.Key'> {
  readonly description: string
  readonly policy: PolicyDocument
  readonly enableKeyRotation: true
  readonly deletionWindowInDays: number
  readonly tags: Tags
}
export interface KmsAlias extends Base<'kms.Alias'> {
  /** `alias/…` */
  readonly name: string
  readonly arn: string
  /** Id of the `kms.Key` in this plan, or the ARN of a key that exists already. */
  readonly key: string
}
/** The policy of a key that exists already; a key of the plan has its policy itself. */
export interface KmsKeyPolicy extends Base<'kms.KeyPolicy'> {
  /** ARN of the key. */
  readonly key: string
  readonly policy: PolicyDocument
}
export interface IamUser extends Base<'iam.User'> {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly permissionsBoundary: string
  readonly tags: Tags
}
export interface IamGroup extends Base<'iam.Group'> {
  readonly name: string
  readonly path: string
  readonly arn: string
}
/** The groups of one user. */
export interface IamUserGroupMembership extends Base<'iam.UserGroupMembership'> {
  /** A membership that is not listed is drift; false for users that exist already. */
  readonly exclusive: boolean
  readonly user: string
  readonly groups: readonly string[]
}
export interface IamRole extends Base<'iam.Role'> {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly description: string
  readonly assumeRolePolicy: PolicyDocument
  readonly permissionsBoundary: string
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly tags: Tags
}
export interface IamPolicy extends Base<'iam.Policy'> {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly description: string
  readonly policy: PolicyDocument
  readonly tags: Tags
}
/** The managed policies of one user, group or role. */
export interface IamPolicyAttachments extends Base<'iam.PolicyAttachments'> {
  /** A policy that is not listed is drift; false for users, groups and roles that exist already. */
  readonly exclusive: boolean
  readonly target: 'user' | 'group' | 'role'
  readonly name: string
  readonly policyArns: readonly string[]
}
/** The secret exists only after deployment and never in a plan. */
export interface IamAccessKey extends Base<'iam.AccessKey'> {
  readonly user: string
  /** Absent: 1. A rotation makes a key of the next generation beside it. */
  readonly generation?: number
  /** Absent: `active`. */
  readonly status?: 'active' | 'inactive'
  /** ISO 8601 instant, UTC, at which the key's declared life ends. */
  readonly until: string
  /** To whom the secret is encrypted as soon as it exists, so that it is handed over in the clear to nobody. */
  readonly encryptTo?: KeyRecipient
  /** Name of the secret in Secrets Manager that keeps it, and that hands it over. */
  readonly secret?: string
}
/** `age`: an X25519 recipient (`age1…`). `pgp`: an OpenPGP public key, binary, in base64. */
export interface KeyRecipient {
  readonly kind: 'age' | 'pgp'
  readonly key: string
}
/**
 * A secret of Secrets Manager, under the key that AWS manages: its resource policy is what keeps others away.
 */
export interface Secret extends Base<'secretsmanager.Secret'> {
  readonly name: string
  /** Without the hyphen and six characters that AWS adds, which only AWS knows. */
  readonly arn: string
  readonly description: string
  /** 0: gone at once, so that whoever comes back finds the name free; the key in it is gone as well. */
  readonly recoveryWindowInDays: 0
  readonly tags: Tags
}
export interface SecretPolicy extends Base<'secretsmanager.SecretPolicy'> {
  /** Id of the secret in this plan. */
  readonly secret: string
  readonly policy: PolicyDocument
}
/** The value of a secret: an access key, as AWS's clients take it from a `credential_process`. Never in a plan. */
export interface SecretVersion extends Base<'secretsmanager.SecretVersion'> {
  /** Id of the secret in this plan. */
  readonly secret: string
  /** Id of the access key in this plan. */
  readonly accessKey: string
}
export interface SageMakerProject extends Base<'sagemaker.Project'> {
  readonly name: string
  readonly arn: string
  readonly description: string
  /** Service Catalog product; without one AWS cannot make a project, so the plan then has none. */
  readonly productId: string
  readonly provisioningArtifactId?: string
  readonly tags: Tags
}
/**
 * The guardrail that only the organization's management account can set: nobody of the account, whatever
 * their identity policies, changes ringfence's users, groups, roles and policies, but its administrators.
 */
export interface ServiceControlPolicy extends Base<'organizations.Policy'> {
  readonly name: string
  readonly description: string
  readonly targetAccount: string
  readonly policy: PolicyDocument
}

/** One AWS resource with fixed physical names. */
export type Resource =
  | Bucket
  | BucketPublicAccessBlock
  | BucketOwnershipControls
  | BucketVersioning
  | BucketEncryption
  | BucketLifecycle
  | BucketPolicy
  | AccountPublicAccessBlock
  | KmsKey
  | KmsAlias
  | KmsKeyPolicy
  | IamUser
  | IamGroup
  | IamUserGroupMembership
  | IamRole
  | IamPolicy
  | IamPolicyAttachments
  | IamAccessKey
  | Secret
  | SecretPolicy
  | SecretVersion
  | SageMakerProject
  | ServiceControlPolicy

export type ResourceType = Resource['type']

/**
 * A user, group or role that the plan relies on and that must exist already: an administrator, or one that was
 * handed in for a member, a team, or the jobs of a platform.
 */
export interface ExternalPrincipal {
  readonly kind: 'role' | 'user' | 'group'
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly purpose: 'administrator' | 'member' | 'team' | 'execution'
  readonly declaredAt: SourceSpan
}
/** The bucket of a dataset or model that was there already. */
export interface ExternalBucket {
  readonly kind: 'bucket'
  readonly name: string
  readonly arn: string
  readonly purpose: 'store'
  readonly declaredAt: SourceSpan
}
/** The KMS key of a dataset or model that was there already. */
export interface ExternalKey {
  readonly kind: 'key'
  readonly arn: string
  readonly purpose: 'store'
  readonly declaredAt: SourceSpan
}
/** An identity provider of the account (SAML or OIDC) that signs people in; made elsewhere. */
export interface ExternalIdentityProvider {
  readonly kind: 'saml' | 'oidc'
  readonly arn: string
  readonly purpose: 'signIn'
  readonly declaredAt: SourceSpan
}
/**
 * The role of a team in which Identity Center lets people act. AWS makes it when the team's permission set is assigned
 * to the account (`Plan.identityCenter`), and picks the last characters of its name; nobody else makes or changes it.
 */
export interface ExternalReservedRole {
  readonly kind: 'reservedRole'
  /** Of the permission set. */
  readonly permissionSet: string
  /** Name of the role before what AWS appends. */
  readonly nameStart: string
  readonly path: string
  /** With `?` for each of the characters that AWS picks. */
  readonly arn: string
  readonly purpose: 'team'
  readonly team: string
  /** ARNs of what the permission set refers to. */
  readonly policyArns: readonly string[]
  readonly permissionsBoundary: string
  readonly declaredAt: SourceSpan
}
/** What must exist before a plan is deployed, and what for. */
export type External =
  ExternalPrincipal | ExternalBucket | ExternalKey | ExternalIdentityProvider | ExternalReservedRole

/**
 * From a statement to the line of the file that asked for it. `policy` is the ARN of the managed policy, of
 * the bucket (bucket policy), of the role (trust policy), of the alias (key policy), of the secret (without AWS's six
 * characters), or the id of the SCP.
 */
export interface StatementSource {
  readonly policy: string
  readonly sid: string
  readonly declaredAt: SourceSpan
}

/**
 * Everything that a declaration becomes on AWS. Plain JSON; resources come in an order in which each one's
 * `dependsOn` precede it; the same declaration gives the same bytes.
 */
export interface Plan {
  readonly formatVersion: 1
  readonly organization: string
  readonly partition: 'aws'
  readonly account: string
  readonly region: string
  /** Who may do what, for people and for `diffAccess`; AWS sees only the resources. */
  readonly access: AccessSummary
  /** What the deployment keeps beside its file; absent as long as that is nothing. */
  readonly kept?: Kept
  readonly resources: readonly Resource[]
  readonly external: readonly External[]
  readonly statements: readonly StatementSource[]
  /** What it becomes in the account of Identity Center; absent where nobody signs in by it. */
  readonly identityCenter?: IdentityCenterPlan
}
