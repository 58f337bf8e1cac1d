/** What the database keeps for IAM. Names are AWS's, instants are epoch milliseconds. */

export type Tags = Readonly<Record<string, string>>

interface Entity {
  readonly account: string
  readonly name: string
  readonly path: string
  /** `AIDA…`, `AGPA…`, `AROA…`; a recreated name gets another one. */
  readonly id: string
  readonly arn: string
  readonly createdMs: number
  /** Documents of inline policies, as they were sent. */
  readonly inline: Readonly<Record<string, string>>
  /** ARNs of attached managed policies. */
  readonly attached: readonly string[]
}

export interface UserRecord extends Entity {
  readonly tags: Tags
  readonly boundary?: string
  /** Names of groups, in their own spelling. */
  readonly groups: readonly string[]
  readonly accessKeyIds: readonly string[]
  readonly loginProfile?: LoginProfile
  readonly mfa: readonly { readonly serial: string; readonly enabledMs: number }[]
}

/** The password itself is not kept: nobody can sign in to a console here. */
export interface LoginProfile {
  readonly createdMs: number
  readonly resetRequired: boolean
}

export type GroupRecord = Entity

export interface RoleRecord extends Entity {
  readonly description?: string
  readonly trust: string
  readonly boundary?: string
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly tags: Tags
  /** Host name of the service, for service-linked roles. */
  readonly linkedService?: string
  readonly lastUsed?: { readonly timeMs: number; readonly region: string }
}

export interface PolicyVersionRecord {
  readonly id: string
  readonly document: string
  readonly createdMs: number
}

export interface PolicyRecord {
  /** `aws` for those that AWS manages. */
  readonly account: string
  readonly name: string
  readonly path: string
  readonly id: string
  readonly arn: string
  readonly description?: string
  readonly createdMs: number
  readonly updatedMs: number
  readonly tags: Tags
  readonly defaultVersion: string
  /** Oldest first, five at most. */
  readonly versions: readonly PolicyVersionRecord[]
  readonly nextVersion: number
}

export interface AccessKeyRecord {
  readonly id: string
  readonly secret: string
  readonly account: string
  /** Absent: the account's root user. */
  readonly user?: string
  readonly status: 'Active' | 'Inactive'
  readonly createdMs: number
  readonly lastUsed?: { readonly timeMs: number; readonly service: string; readonly region: string }
}

export interface InstanceProfileRecord {
  readonly account: string
  readonly name: string
  readonly path: string
  readonly id: string
  readonly arn: string
  readonly createdMs: number
  readonly tags: Tags
  /** One role at most. */
  readonly role?: string
}

export interface OidcProviderRecord {
  readonly account: string
  readonly arn: string
  readonly url: string
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
  readonly tags: Tags
  readonly createdMs: number
}

export interface SamlProviderRecord {
  readonly account: string
  readonly arn: string
  readonly name: string
  readonly metadata: string
  readonly tags: Tags
  readonly createdMs: number
}

export interface MfaDeviceRecord {
  readonly account: string
  readonly serial: string
  /** Base32 seed of its one-time codes. */
  readonly seed: string
  readonly tags: Tags
  readonly user?: string
  readonly enabledMs?: number
  /** Counter of the last code taken, so that none is taken twice. */
  readonly lastCounter?: number
}

/** What a user, or the account's root, has beside access keys. */
interface CredentialRecord {
  readonly id: string
  readonly status: 'Active' | 'Inactive'
  readonly createdMs: number
}

export interface SshKeyRecord extends CredentialRecord {
  /** As it was uploaded. */
  readonly body: string
  readonly fingerprint: string
}

/** Its secret is told once and not kept: no service here takes it. */
export interface ServiceCredentialRecord extends CredentialRecord {
  readonly service: string
  /** What stands for the user at the service. */
  readonly alias: string
  readonly expiresMs?: number
}

export interface SigningCertificateRecord extends CredentialRecord {
  readonly body: string
  /** SHA-256 of its DER. */
  readonly fingerprint: string
}

export interface AccountRecord {
  readonly id: string
  readonly alias?: string
  readonly passwordPolicy?: Readonly<Record<string, number | boolean>>
  readonly createdMs: number
}

/** Who uses a managed policy, kept so that counting and listing need no scan. */
export interface PolicyUse {
  readonly kind: 'user' | 'group' | 'role'
  readonly name: string
  readonly usage: 'PermissionsPolicy' | 'PermissionsBoundary'
}
