import type { Filter } from '@aws-sdk/client-secrets-manager'
import type { Call } from '../call.js'
import { under } from '../iam/tables.js'
import { AwsError } from '../aws-error.js'
import { invalidParameter } from './errors.js'
import { isGone } from './operation.js'
import type { SecretRecord } from './records.js'
import type { SecretsManagerTables } from './tables.js'

interface ListInput {
  readonly Filters?: readonly Filter[] | undefined
  readonly IncludePlannedDeletion?: boolean | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** One page of the secrets of an account, by name. */
export function secretPage(
  tables: SecretsManagerTables,
  call: Call,
  { Filters = [], IncludePlannedDeletion = false, MaxResults = 100, NextToken }: ListInput,
): { readonly items: readonly SecretRecord[]; readonly NextToken?: string } {
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString()
  const all = [...under(tables.secrets, [call.caller.account, call.region])].map(({ value }) => value)
  if (NextToken !== undefined && !all.some(({ name }) => name === after))
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.', 400)
  const rest = all
    .filter((secret) => !isGone(secret, call))
    .filter(({ deletionMs }) => IncludePlannedDeletion || deletionMs === undefined)
    .filter(({ name }) => name > after)
    .filter((secret) => Filters.every((filter) => passes(secret, filter)))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const items = rest.slice(0, MaxResults)
  const last = items.at(-1)
  if (last === undefined || items.length === rest.length) return { items }
  return { items, NextToken: Buffer.from(last.name).toString('base64url') }
}

/** Values are beginnings, and one with "!" before it excludes (API Reference, `Filter`). */
function passes(secret: SecretRecord, { Key, Values = [] }: Filter): boolean {
  const texts = textsOf(secret, Key)
  return Values.some((value) =>
    value.startsWith('!')
      ? !texts.some((text) => text.startsWith(value.slice(1)))
      : texts.some((text) => text.startsWith(value)),
  )
}

function textsOf({ name, description, tags }: SecretRecord, key: Filter['Key']): readonly string[] {
  switch (key) {
    case 'name':
      return [name]
    case 'description':
      return description === undefined ? [] : [description]
    case 'tag-key':
      return Object.keys(tags)
    case 'tag-value':
      return Object.values(tags)
    default:
      throw invalidParameter(`The local AWS does not filter secrets by ${key ?? 'nothing'}.`)
  }
}
