import type { Account, ManagedPolicy, Unknown } from '../account/account.js'
import { fullAccessOf } from '../account/full-access.js'
import { parseArn } from './arn.js'
import { field } from './fields.js'
import type { Inventory } from './inventory.js'
import { settle, strongest } from './settle.js'
import { type Identities, settleIdentities } from './settle-identities.js'
import { settleOrganization } from './settle-organization.js'
import { settleBlock, settleResources } from './settle-resources.js'

/** The account that files tell of, with all that they leave open. */
export function accountOfInventory(inventory: Inventory): Account {
  const { account, partition, region } = inventory.scope
  const about = `account ${account}`
  const identities = settleIdentities(inventory)
  const publicAccessBlock = settleBlock(inventory.accountBlocks, about, inventory)
  const resources = settleResources(inventory, publicAccessBlock)
  const organization = settleOrganization(inventory)
  const managedPolicies = settleManagedPolicies(identities, inventory)
  const identityProviders = identityProvidersOf(identities, inventory)
  nameWhatIsNotListed(identities, inventory)
  return {
    formatVersion: 1,
    account,
    partition,
    ...(region === undefined ? {} : { region }),
    ...identities,
    managedPolicies,
    resources,
    ...organization,
    ...(publicAccessBlock === undefined ? {} : { publicAccessBlock }),
    identityProviders,
    unknowns: withoutRepetition(inventory.unknowns),
  }
}

/** It has said the same since there are managed policies. [AWS Managed Policy Reference, "AdministratorAccess"] */
const administrator = /^arn:aws[a-z-]*:iam::aws:policy\/AdministratorAccess$/

/** Those of the account, and those of AWS that something refers to; one that no file has stands without a document. */
function settleManagedPolicies(identities: Identities, inventory: Inventory): ManagedPolicy[] {
  const { users, roles, groups } = identities
  const used = new Set<string>()
  for (const { attached } of [...users, ...roles, ...groups]) for (const arn of attached) used.add(arn)
  for (const { permissionsBoundary } of [...users, ...roles])
    if (permissionsBoundary) used.add(permissionsBoundary)
  const arns = new Set([...inventory.managedPolicies.keys(), ...used])
  const named = new Set(inventory.unknowns.map(({ about }) => about))
  return [...arns].flatMap((arn) => {
    const isAwsManaged = arn.includes(':iam::aws:policy/')
    if (isAwsManaged && !used.has(arn)) return []
    const settled = settle(strongest(inventory.managedPolicies.get(arn) ?? []), 'its versions')
    const known = settled.said === 'one' ? settled.value.filter(({ isDefault }) => isDefault) : []
    if (settled.said === 'one' && known.length === 1) {
      const versions = settled.value.map(({ id, isDefault, policy }) => ({ ...policy, id, isDefault }))
      return [{ arn, isAwsManaged, versions }]
    }
    if (settled.said === 'nothing' && administrator.test(arn))
      return [{ arn, isAwsManaged, versions: [{ ...fullAccessOf(arn), id: 'v1', isDefault: true }] }]
    const reason =
      settled.said === 'different'
        ? settled.reason
        : settled.said === 'one'
          ? 'the files do not say which of its versions is in force'
          : isAwsManaged
            ? 'it is a policy of AWS, which only the authorization details hold'
            : 'it is used, and no file has it'
    // Which one it is may not be known either, and then that is said already.
    if (!named.has(arn)) inventory.unknown(arn, 'document', reason)
    return [{ arn, isAwsManaged, versions: [{ name: arn, id: 'default', isDefault: true }] }]
  })
}

/** Those that files list, and those of the account that trust policies name: these are taken to be there. */
function identityProvidersOf({ roles }: Identities, inventory: Inventory): string[] {
  const providers = new Set(inventory.identityProviders)
  const { complete } = inventory
  if (complete.has('samlProviders') && complete.has('oidcProviders')) return [...providers]
  const prefix = new RegExp(`^arn:[a-z-]+:iam::${inventory.scope.account}:(saml|oidc)-provider/`)
  for (const { trust } of roles) {
    for (const statement of [field(trust.document, 'Statement')].flat()) {
      for (const provider of [field(field(statement, 'Principal'), 'Federated')].flat()) {
        if (typeof provider === 'string' && prefix.test(provider)) providers.add(provider)
      }
    }
  }
  const reason = 'no file lists its identity providers; those that trust policies name are taken to be there'
  inventory.unknown(`account ${inventory.scope.account}`, 'identityProviders', reason)
  return [...providers]
}

/** What an input of these formats cannot tell, once each. */
function nameWhatIsNotListed({ users }: Identities, inventory: Inventory): void {
  const { complete, scope } = inventory
  const about = `account ${scope.account}`
  const missing = (['user', 'role', 'group'] as const).filter((kind) => !complete.has(kind))
  if (missing.length > 0) {
    const which = missing.map((kind) => `${kind}s`).join(', ')
    const reason = `no file lists all its ${which}: there may be others, and other policies on those that are known`
    inventory.unknown(about, 'principals', reason)
  }
  inventory.unknown(about, 'resources', unlistedResources(inventory))
  const keys = [...inventory.resources.values()].filter(({ kind }) => kind === 'key')
  if (keys.length > 0) {
    inventory.unknown(about, 'keyGrants', 'no file tells the grants on its keys')
    if (!keys.every(({ arn }) => inventory.listed.aliases.has(parseArn(arn)?.region ?? ''))) {
      const reason = 'no file lists all aliases of its keys: there may be others besides those that are named'
      inventory.unknown(about, 'aliases', reason)
    }
  }
  const open = users.filter((user) => user.accessKeys === undefined || user.hasLoginProfile === undefined)
  if (open.length > 0) {
    const reason = `no file tells the login profiles and access keys of all users (${open.length} of ${users.length} open)`
    inventory.unknown(about, 'credentials', reason)
  }
}

/** Nothing lists all that may have a policy of its own. */
function unlistedResources({ complete, listed }: Inventory): string {
  if (!complete.has('buckets') || listed.keys.size === 0)
    return 'no file lists all its resources: there may be buckets, access points, keys, queues and the like besides those that are named'
  const regions = [...listed.keys].toSorted().join(', ')
  return `no file lists all its other resources: there may be access points, queues and the like, and keys in other regions than ${regions}`
}

function withoutRepetition(unknowns: readonly Unknown[]): Unknown[] {
  return [...new Map(unknowns.map((one) => [JSON.stringify(one), one])).values()]
}
