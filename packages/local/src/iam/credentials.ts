import type { Table } from '../call.js'
import { invalidInput, noSuchEntity } from './errors.js'
import { required } from './operation.js'
import { under } from './tables.js'

/** Whose they are: the first two parts of their keys. */
export type Owner = readonly [account: string, id: string]

/** All credentials of one kind that an owner has. */
export function credentialsOf<Credential>(table: Table<Credential>, owner: Owner): Credential[] {
  return [...under(table, owner)].map(({ value }) => value)
}

/** The one of an owner with this id. */
export function credentialOf<Credential>(
  table: Table<Credential>,
  owner: Owner,
  id: string | undefined,
  kind: string,
): Credential {
  const credential = table.get([...owner, required(id, 'id')])
  if (credential === undefined) throw noSuchEntity(`The ${kind} with id ${id} cannot be found.`)
  return credential
}

/** `Expired` is in the API's enumeration, but nothing that a caller may set. */
export function newStatus(status: string | undefined): 'Active' | 'Inactive' {
  const wanted = required(status, 'status')
  if (wanted === 'Active' || wanted === 'Inactive') return wanted
  throw invalidInput(`Status ${wanted} cannot be set.`)
}
