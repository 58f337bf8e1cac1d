import type { Arn } from './arn.js'
import type { ParsedFile } from './input-file.js'
import type { Inventory } from './inventory.js'

/** One of the formats that accounts are read from; which one a file has is told by its content. */
export interface Format {
  /** For people, e.g. the command of the AWS CLI that answers so. */
  readonly name: string
  readonly recognizes: (file: ParsedFile) => boolean
  /** ARNs of what belongs to the account that the file is about. */
  readonly placesIn: (file: ParsedFile) => readonly Pick<Arn, 'account' | 'partition' | 'region'>[]
  /** One file may have things of several accounts. */
  readonly spansAccounts?: true
  /** Takes all files of the format at once: some say together what none says alone. */
  readonly read: (files: readonly ParsedFile[], inventory: Inventory) => void
}
