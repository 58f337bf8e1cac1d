import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an argument takes; Terraform's lists and sets are both lists in JSON. */
export type Kind = 'string' | 'number' | 'boolean' | 'list of string' | 'map of string'

/** The body of a resource or of a nested block. */
export interface BodyFacts {
  readonly required?: Readonly<Record<string, Kind>>
  readonly optional?: Readonly<Record<string, Kind>>
  readonly blocks?: Readonly<Record<string, BodyFacts>>
  /** How often a nested block stands; default 0 and any number. */
  readonly atLeast?: number
  readonly atMost?: number
}

export interface TerraformFacts {
  readonly provider: BodyFacts
  readonly resources: Readonly<
    Record<string, BodyFacts & { /** What others may refer to. */ readonly attributes?: readonly string[] }>
  >
}

/** What the documentation of the AWS provider says, as a table. */
export function terraformFacts(): TerraformFacts {
  const file = join(import.meta.dirname, '../../data/terraform-arguments.json')
  return JSON.parse(readFileSync(file, 'utf8')) as TerraformFacts
}
