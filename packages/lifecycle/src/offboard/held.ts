/** All that an account holds of an IAM user: what has to go before the user can. */
export interface HeldByUser {
  readonly name: string
  readonly accessKeys: readonly { readonly id: string; readonly active: boolean }[]
  readonly password: boolean
  /** Serial numbers; that of a virtual device is an ARN. */
  readonly mfaDevices: readonly string[]
  readonly groups: readonly string[]
  /** ARNs of managed policies. */
  readonly attachments: readonly string[]
  readonly inlinePolicies: readonly string[]
  readonly sshKeys: readonly string[]
  readonly serviceCredentials: readonly string[]
  readonly signingCertificates: readonly string[]
}

export interface HeldByRole {
  readonly name: string
  readonly attachments: readonly string[]
  readonly inlinePolicies: readonly string[]
  readonly instanceProfiles: readonly string[]
}

export interface HeldByGroup {
  readonly name: string
  readonly members: readonly string[]
  readonly attachments: readonly string[]
  readonly inlinePolicies: readonly string[]
}

export interface HeldByPolicy {
  readonly arn: string
  readonly users: readonly string[]
  readonly groups: readonly string[]
  readonly roles: readonly string[]
  /** All but the default one. */
  readonly otherVersions: readonly string[]
}
