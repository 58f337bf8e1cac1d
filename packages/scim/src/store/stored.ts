import type { Attributes } from '../schema/attributes.js'

/** What is kept of every resource. Instants in epoch milliseconds. */
export interface Stored {
  /** Immutable, and never given again. Sorts by the time of creation. */
  readonly id: string
  /** Counts changes, from 1; of a group those of its members too. */
  readonly version: number
  readonly createdMs: number
  readonly changedMs: number
  readonly attributes: Attributes
}

export interface StoredUser extends Stored {
  readonly kind: 'User'
  /** The name that the person has as a member. */
  readonly member: string
}

export interface StoredGroup extends Stored {
  readonly kind: 'Group'
  /** The name that the group has as a team. */
  readonly team: string
}

/** Who asks for a change, and when. */
export interface By {
  /** The name of the token, or of whatever else makes a change. */
  readonly client: string
  readonly atMs: number
}
