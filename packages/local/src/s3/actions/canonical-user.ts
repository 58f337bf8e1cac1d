import { createHash } from 'node:crypto'

/** Entries of a listing mostly have one owner. */
let last = { account: '', id: '' }

/**
 * The canonical user id of an account: 64 hex digits, as S3 has them in owners and grants. On AWS it is an
 * arbitrary number; here it follows from the account, so that it is the same after every start.
 */
export function canonicalUserId(account: string): string {
  if (account !== last.account)
    last = { account, id: createHash('sha256').update(`canonical user of account ${account}`).digest('hex') }
  return last.id
}

/** The `Owner` element of buckets, objects and ACLs. New accounts have no display name on AWS either. */
export function ownerOf(account: string): { readonly ID: string } {
  return { ID: canonicalUserId(account) }
}
