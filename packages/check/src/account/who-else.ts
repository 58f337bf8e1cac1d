import type { Who } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole } from './account.js'
import type { Layered, TakeUnknown } from './layers-of.js'
import { layersAroundAny } from './layers-of.js'

/** A kind of principal that the account does not describe, and that can exist nevertheless. */
export interface Beside {
  /** For sentences: `a user of the account who is not in the file`. */
  readonly who: Who
  readonly called: string
  /** The account's service control policies hold for them. */
  readonly inAccount: boolean
}

/**
 * Every kind of principal that is not in the account's description: with any identity policies and no boundary, but
 * under the account's service control policies where they are of it. The root user of the account is not among them:
 * what it may do no policy of the account decides, and its credentials are taken for safe.
 */
export function principalsBeside(account: Account, called = 'that is not described'): readonly Beside[] {
  const { account: id, roles, users } = account
  const ids = idsOf(account)
  const exceptUsers = users.map(({ arn }) => arn)
  const exceptRoles = roles.map(({ arn, reservedArn }) => reservedArn ?? arn)
  return [
    one({ kind: 'user', account: id, except: exceptUsers, ...ids }, `a user of the account ${called}`, true),
    one(
      { kind: 'session', account: id, except: exceptRoles, ...ids },
      `a role of the account ${called}`,
      true,
    ),
    one({ kind: 'federatedUser', account: id }, 'a federated user of the account', true),
    ...principalsOutside(account),
  ]
}

function one(who: Who, called: string, inAccount = false): Beside {
  return { who, called, inAccount }
}

const described = new WeakMap<Account, Pick<Who, 'exceptIds'>>()

/** The unique IDs of those that the account describes; nobody else has them. */
function idsOf(account: Account): Pick<Who, 'exceptIds'> {
  let ids = described.get(account)
  if (ids === undefined) {
    const exceptIds = [...account.users, ...account.roles].flatMap(({ uniqueId }) => uniqueId ?? [])
    described.set(account, (ids = exceptIds.length === 0 ? {} : { exceptIds }))
  }
  return ids
}

/** Those of them that are not of the account. */
export function principalsOutside(of: Account): readonly Beside[] {
  const { account } = of
  const ids = idsOf(of)
  return [
    one({ kind: 'user', outside: account, ...ids }, 'a user of another account'),
    one({ kind: 'session', outside: account, ...ids }, 'a role of another account'),
    one({ kind: 'root', outside: account }, 'the root user of another account'),
    one({ kind: 'federatedUser', outside: account }, 'a federated user of another account'),
    one({ kind: 'service' }, 'an AWS service'),
    one({ kind: 'provider' }, 'somebody whom an identity provider signs in'),
    one({ kind: 'canonicalUser' }, 'another account by its canonical user ID'),
    one({ kind: 'anonymous' }, 'anybody, without credentials'),
  ]
}

/** The policies around requests of such principals, to a resource or to what has no policy of its own. */
export function layersBeside(
  account: Account,
  beside: Beside,
  resource?: AccountResource | AccountRole,
  take: TakeUnknown = 'nothing',
): Layered {
  return layersAroundAny(account, beside.who, beside.inAccount, resource, take)
}
