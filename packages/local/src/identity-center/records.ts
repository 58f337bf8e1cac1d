import type { Tags } from '../iam/records.js'

/** What the database keeps for IAM Identity Center and its identity store. Instants are epoch milliseconds. */

/** The one instance that the organization can have. */
export interface InstanceRecord {
  readonly arn: string
  readonly identityStoreId: string
  /** The account that administers it: the organization's management account. */
  readonly owner: string
  /** Its home: it is seen from no other region. */
  readonly region: string
  readonly createdMs: number
  readonly tags: Tags
}

/** A managed policy of the account that is signed in to, by name. */
export interface PolicyReference {
  readonly name: string
  readonly path: string
}

export type BoundaryRecord = { readonly customer: PolicyReference } | { readonly managed: string }

export interface PermissionSetRecord {
  readonly arn: string
  readonly instance: string
  readonly name: string
  readonly description?: string
  /** ISO 8601 duration of hours and minutes. */
  readonly sessionDuration: string
  readonly relayState?: string
  readonly createdMs: number
  readonly tags: Tags
  readonly inlinePolicy?: string
  /** ARNs of attached policies that AWS manages. */
  readonly managed: readonly string[]
  readonly customer: readonly PolicyReference[]
  readonly boundary?: BoundaryRecord
  /** By account: the name of the role that was made there. */
  readonly roles: Readonly<Record<string, string>>
}

export interface AssignmentRecord {
  readonly permissionSet: string
  readonly account: string
  readonly principalType: 'GROUP' | 'USER'
  readonly principalId: string
}

/** How an operation ended whose answer came before its end. */
export interface RequestRecord {
  readonly id: string
  readonly kind: 'creation' | 'deletion' | 'provisioning'
  readonly createdMs: number
  readonly permissionSet: string
  /** Absent: all accounts in which it was provisioned. */
  readonly account?: string
  readonly assignment?: AssignmentRecord
  /** Absent: it succeeded. */
  readonly failure?: string
}

export interface StoreGroupRecord {
  readonly id: string
  readonly displayName: string
  readonly description?: string
}

/** What AWS's provider sets of a user; other attributes are refused by name. */
export interface StoreUserRecord {
  readonly id: string
  readonly userName: string
  readonly displayName: string
  readonly name: { readonly givenName: string; readonly familyName: string }
  readonly emails: readonly { readonly value: string; readonly type?: string; readonly primary: boolean }[]
}

export interface StoreMembershipRecord {
  readonly id: string
  readonly group: string
  readonly user: string
}
