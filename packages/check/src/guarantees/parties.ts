import type { Policy, Who } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole } from '../account/account.js'
import { layersAroundAny, layersOf } from '../account/layers-of.js'
import type { Beside } from '../account/who-else.js'
import { layersBeside, principalsOutside } from '../account/who-else.js'
import type { DeclaredWorld, Holder } from './declared-world.js'
import { delegatingTo } from './exact-answer.js'
import { makeRegion } from './region.js'
import type { Party, Setting } from './setting.js'

const tagKey = 'aws:principaltag/'

/**
 * Everybody of the account, whatever their own policies: users, sessions of roles and federated users. Who is
 * declared is among them, because what holds whatever somebody's policies are holds for theirs.
 *
 * Where a policy of the resource goes by tags of principals, users of the file are asked about with the tags that
 * they have. Others under the organization's path do not exist: making one is changing the fence.
 */
export function partiesInside(setting: Setting, resource: AccountResource | AccountRole): readonly Party[] {
  const { account } = setting
  const any = (kind: Who['kind'], called: string): Party => {
    const who = { kind, account: account.account }
    const without = layersAroundAny(account, who, false, resource, 'everything').question.layers
    const { publicAccessBlock: _, ...lenient } = without
    return withoutAccessBlock({
      ...layersAroundAny(account, who, true, resource, 'everything'),
      called,
      ...(account.serviceControlPolicies === undefined ? {} : { lenient }),
    })
  }
  const users = any('user', 'a user of the account who is not in the file')
  const others = [
    ...sessionsOf(account, any('session', 'a role of the account that is not in the file')),
    any('federatedUser', 'a federated user of the account'),
  ]
  const { resourcePolicy } = users.question.layers
  if (resourcePolicy === undefined || !goesByTags(resourcePolicy)) return [users, ...others]
  const { organization, account: id } = setting.world.declaration
  const ownUsers = `arn:aws:iam::${id}:user/ringfence/${organization}/*`
  const assuming = makeRegion([
    { Action: '*', Resource: '*', Condition: { ArnNotLike: { 'aws:PrincipalArn': ownUsers } } },
  ])
  return [{ ...users, assuming }, ...taggedUsers(setting, users, resource), ...others]
}

/**
 * Of all names that a role of Identity Center could have, AWS gives it one, and nobody else makes a role with another: so
 * one of them is asked about, whatever its policies, and the others do not exist.
 */
function sessionsOf(account: Account, sessions: Party): readonly Party[] {
  const reserved = reservedRoles(account)
  if (reserved.length === 0) return [sessions]
  const patterns = reserved.map(([, pattern]) => pattern)
  const assuming = makeRegion([
    { Action: '*', Resource: '*', Condition: { ArnNotLike: { 'aws:PrincipalArn': patterns } } },
  ])
  const who: Who = { kind: 'session', only: reserved.map(([arn]) => arn) }
  return [
    { ...sessions, assuming },
    { ...sessions, question: { ...sessions.question, who } },
  ]
}

/**
 * To principals of the account an access block refuses nothing but public ACLs, which no grant is about and which
 * buckets with enforced ownership refuse as well.
 */
export function withoutAccessBlock(party: Party): Party {
  const { publicAccessBlock: _, ...layers } = party.question.layers
  return { ...party, question: { ...party.question, layers } }
}

/** The users of the file, those together whose tags the resource's policy takes alike. */
function taggedUsers(setting: Setting, users: Party, resource: AccountResource | AccountRole): Party[] {
  const groups = new Map<string, { arns: string[]; keys: NonNullable<Party['question']['keys']> }>()
  for (const user of setting.account.users) {
    if (user.tags === undefined) continue
    const { keys = {} } = layersOf(
      setting.account,
      { ...user, attached: [], inline: [], groups: [] },
      resource,
    ).question
    const key = JSON.stringify(keys)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { arns: [user.arn], keys })
    else group.arns.push(user.arn)
  }
  return [...groups.values()].map(({ arns, keys }) => only(users, arns, keys))
}

function only(party: Party, arns: readonly string[], keys: NonNullable<Party['question']['keys']>): Party {
  return { ...party, question: { ...party.question, who: { kind: 'user', only: arns }, keys } }
}

function partyBeside({ account }: Setting, beside: Beside, resource: AccountResource | AccountRole): Party {
  return { ...layersBeside(account, beside, resource, 'everything'), called: beside.called }
}

export function goesByTags({ statements }: Policy): boolean {
  return statements.some(({ conditions }) =>
    conditions.some(({ key }) => key.toLowerCase().startsWith(tagKey)),
  )
}

/** Everybody who is not of the account, whatever policies they have where they are. */
export function partiesOutside(setting: Setting, resource: AccountResource | AccountRole): readonly Party[] {
  return principalsOutside(setting.account).map((beside) => partyBeside(setting, beside, resource))
}

/**
 * Everybody of the account who is not in the file, whatever policies they have, asking for something that has no
 * policy of its own. Whoever of the file acts there is looked at by their own policies, and others under its path do
 * not exist.
 */
export function strangersInAccount(setting: Setting): readonly Party[] {
  const { account, world } = setting
  const { organization, account: id } = world.declaration
  const ours = ['user', 'role'].map((kind) => `arn:aws:iam::${id}:${kind}/ringfence/${organization}/*`)
  const assuming = makeRegion([
    { Action: '*', Resource: '*', Condition: { ArnNotLike: { 'aws:PrincipalArn': ours } } },
  ])
  // Service-linked roles are AWS's own: no service control policy holds for them, and nobody else gets into one.
  const except = [...existingPrincipals(world), 'arn:*:iam::*:role/aws-service-role/*']
  const called = 'somebody of the account who is not in the file'
  return (['user', 'session', 'federatedUser'] as const).map((kind) => {
    const who = { kind, account: id, except }
    return undescribed(setting, { ...layersAroundAny(account, who, true), called, assuming })
  })
}

/** Users and roles of the file that existed before it. */
export function existingPrincipals({ principals }: DeclaredWorld): readonly string[] {
  return [...principals.values()].flatMap((one) =>
    one.tags === undefined ? [(one.kind === 'role' ? one.reservedArn : undefined) ?? one.arn] : [],
  )
}

/** Roles of Identity Center, of whose possible names all others are taken not to exist. */
export function reservedRoles({ roles }: Account): readonly (readonly [string, string])[] {
  return roles.flatMap(({ arn, reservedArn }) =>
    reservedArn === undefined ? [] : [[arn, reservedArn] as const],
  )
}

/** Asking for what has no policy of its own. */
export function undescribed({ account }: Setting, party: Party): Party {
  const { layers } = party.question
  const resourcePolicy = delegatingTo(account.account)
  return { ...party, question: { ...party.question, layers: { ...layers, resourcePolicy } } }
}

/** Administrators of one kind, to whom their own policies allow everything. */
export function administratorParties(
  { account, world }: Setting,
  resource?: AccountResource | AccountRole,
): readonly Party[] {
  return partiesOf(world.administrators).map(({ arns, kind }) =>
    withoutAccessBlock({
      ...layersAroundAny(account, { kind, only: arns }, true, resource),
      called: 'an administrator',
    }),
  )
}

/** Users and roles apart, as a question is about one kind. */
function partiesOf(
  holders: readonly Holder[],
): readonly { readonly kind: 'user' | 'session'; readonly arns: readonly string[] }[] {
  const arnsOf = (kind: Holder['kind']) => holders.flatMap((one) => (one.kind === kind ? [one.arn] : []))
  const parties = [
    { kind: 'user', arns: arnsOf('user') },
    { kind: 'session', arns: arnsOf('role') },
  ] as const
  return parties.filter(({ arns }) => arns.length > 0)
}
