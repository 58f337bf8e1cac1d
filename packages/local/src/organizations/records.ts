import type { Tags } from '../iam/records.js'

/** The one organization that a local AWS can have. */
export interface OrganizationRecord {
  /** `o-…` */
  readonly id: string
  /** `r-…` */
  readonly rootId: string
  readonly managementAccount: string
  /** Account ids, the management account's included. */
  readonly members: readonly { readonly id: string; readonly joinedMs: number }[]
}

/** One service control policy. */
export interface OrganizationPolicyRecord {
  /** `p-…` */
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly description: string
  /** As it was sent. */
  readonly content: string
  readonly awsManaged: boolean
}

/** Tags of a root, an account or a policy. */
export type OrganizationTags = Tags
