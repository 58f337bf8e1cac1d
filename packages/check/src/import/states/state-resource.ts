import type { Source } from '../drafts.js'
import type { Fields } from '../fields.js'
import type { Inventory } from '../inventory.js'

/** A resource of a state or plan, with the names that Terraform's AWS provider gives types and attributes. */
export interface StateResource {
  /** `aws_iam_role` */
  readonly type: string
  /** The type as its tool calls it. */
  readonly called: string
  /** `module.people.aws_iam_role.reader`, or a URN of Pulumi. */
  readonly address: string
  readonly values: Fields
  readonly source: Source
  /** Addresses of resources that the attribute `target_key_id` refers to, where its value is not known yet. */
  readonly targets: readonly string[]
}

/** Takes in what a resource of one type says of the account. */
export type StateReader = (resource: StateResource, inventory: Inventory) => void
