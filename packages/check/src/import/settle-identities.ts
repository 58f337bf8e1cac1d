import type { AccountGroup, AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import type { Description, Fact, IdentityDraft } from './drafts.js'
import type { Inventory } from './inventory.js'
import { placeOf, project, settle, strongest } from './settle.js'

export interface Identities {
  readonly users: readonly AccountUser[]
  readonly roles: readonly AccountRole[]
  readonly groups: readonly AccountGroup[]
}

/** The users, roles and groups that files describe; those that are only named are among what is not known. */
export function settleIdentities(inventory: Inventory): Identities {
  const users: AccountUser[] = []
  const roles: AccountRole[] = []
  const groups: AccountGroup[] = []
  for (const draft of inventory.identities.values()) {
    const settled = settleIdentity(draft, inventory)
    if (settled === undefined) continue
    const { description, ...identity } = settled
    const { uniqueId, tags } = description
    const principal = {
      ...identity,
      ...(uniqueId === undefined ? {} : { uniqueId }),
      ...(tags === undefined ? {} : { tags }),
      ...boundaryOf(draft, identity.arn, inventory),
    }
    if (draft.kind === 'user') {
      const { groups: memberOf, policies } = groupsOf(draft, identity.arn, inventory)
      const inline = [...identity.inline, ...policies]
      users.push({ kind: 'user', ...principal, inline, ...userFacts(draft), groups: memberOf })
    } else if (draft.kind === 'role')
      roles.push({ kind: 'role', ...principal, ...roleFacts(draft, identity.arn, inventory) })
    else groups.push({ kind: 'group', ...identity })
  }
  return { users, roles, groups }
}

interface Settled {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly attached: readonly string[]
  readonly inline: readonly NamedPolicy[]
  readonly description: Description
}

function settleIdentity(draft: IdentityDraft, inventory: Inventory): Settled | undefined {
  const { kind, name } = draft
  const described = strongest(draft.described)
  const first = described.find(({ value }) => value.tells !== 'path') ?? described[0]
  const title = `${kind}/${name}`
  if (first === undefined || (inventory.complete.has(kind) && !first.source.complete)) {
    const reason =
      first === undefined
        ? `it is named in ${placesOf(draft)}, and no file describes it`
        : `it is described in ${placeOf(first)}, and not among the authorization details`
    inventory.unknown(title, 'principals', reason)
    return undefined
  }
  const { path } = first.value
  const { account, partition } = inventory.scope
  const arn = `arn:${partition}:iam::${account}:${kind}${path}${name}`
  const paths = settle(
    project(described, (value) => value.path),
    'the path',
  )
  if (paths.said === 'different') inventory.unknown(arn, undefined, paths.reason)
  const attached = [...new Set(keepKnown(draft.attached, first, arn, inventory))]
  return {
    name,
    path,
    arn,
    attached,
    inline: inlineOf(draft, first, arn, inventory),
    description: first.value,
  }
}

function inlineOf(
  draft: IdentityDraft,
  described: Fact<Description>,
  arn: string,
  inventory: Inventory,
): NamedPolicy[] {
  const byName = new Map<string, Fact<NamedPolicy>[]>()
  for (const fact of draft.inline) {
    byName.set(fact.value.name, [...(byName.get(fact.value.name) ?? []), fact])
  }
  const inline = [...byName].flatMap(([name, facts]) => {
    const [kept] = keepKnown(facts, described, arn, inventory)
    if (kept === undefined) return []
    const settled = settle(strongest(facts), 'its policy')
    if (settled.said !== 'different') return [kept]
    inventory.unknown(name, 'document', settled.reason)
    return [{ name }]
  })
  if (draft.described.some(({ value }) => value.tells === 'all')) return inline
  const open = described.value.tells === 'path' ? 'policies and permissions boundary' : 'policies'
  inventory.unknown(arn, 'policies', `no file tells which ${open} it has`, described.source)
  return [...inline, { name: `other policies of ${draft.kind}/${draft.name}` }]
}

/** What a file that lists everything says, or, where there is none, what any says. */
function keepKnown<Value>(
  facts: readonly Fact<Value>[],
  described: Fact<Description>,
  about: string,
  inventory: Inventory,
): Value[] {
  if (!described.source.complete) return facts.map(({ value }) => value)
  const known = facts.filter(({ source }) => source.complete)
  for (const fact of facts) {
    if (fact.source.complete || known.some(({ value }) => nameOf(value) === nameOf(fact.value))) continue
    const reason = `${placeOf(fact)} gives it ${nameOf(fact.value)}, and the authorization details do not`
    inventory.unknown(about, 'policies', reason)
  }
  return known.map(({ value }) => value)
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : (value as NamedPolicy).name
}

function boundaryOf(
  draft: IdentityDraft,
  arn: string,
  inventory: Inventory,
): { readonly permissionsBoundary?: string } {
  const told = strongest(draft.described).filter(({ value }) => value.tells !== 'path')
  const boundaries = project(told, (value) => value.permissionsBoundary)
  const settled = settle(boundaries, 'the permissions boundary')
  if (settled.said === 'one' && settled.value !== undefined) return { permissionsBoundary: settled.value }
  if (settled.said !== 'different') return {}
  inventory.unknown(arn, 'document', settled.reason)
  return { permissionsBoundary: `permissions boundary of ${draft.kind}/${draft.name}` }
}

function userFacts({
  loginProfiles,
  accessKeys,
}: IdentityDraft): Pick<AccountUser, 'hasLoginProfile' | 'accessKeys'> {
  return {
    ...(loginProfiles.length === 0 ? {} : { hasLoginProfile: loginProfiles.some(({ value }) => value) }),
    ...(accessKeys.length === 0 ? {} : { accessKeys: new Set(accessKeys.map(({ value }) => value)).size }),
  }
}

/** The groups of a user, and in place of each that no file describes a policy that is not known. */
function groupsOf(
  draft: IdentityDraft,
  arn: string,
  inventory: Inventory,
): { readonly groups: readonly string[]; readonly policies: readonly NamedPolicy[] } {
  const described = strongest(draft.described)[0]!
  const groups = [...new Set(keepKnown(draft.groups, described, arn, inventory))]
  const open = groups.filter(
    (name) => !inventory.identities.get(`group/${name.toLowerCase()}`)?.described.length,
  )
  const policies = open.map((name) => ({ name: `policies of group/${name}` }))
  for (const { name } of policies) {
    inventory.unknown(name, 'document', `${arn} is in the group, and no file describes it`)
  }
  return { groups, policies }
}

function roleFacts(
  draft: IdentityDraft,
  arn: string,
  inventory: Inventory,
): Pick<AccountRole, 'trust' | 'instanceProfiles'> {
  const settled = settle(strongest(draft.trust), 'the trust policy')
  const instanceProfiles = [...new Set(strongest(draft.instanceProfiles).map(({ value }) => value))]
  const profiles = draft.tellsInstanceProfiles || instanceProfiles.length > 0 ? { instanceProfiles } : {}
  if (settled.said === 'one') return { trust: settled.value, ...profiles }
  const reason = settled.said === 'nothing' ? 'no file tells its trust policy' : settled.reason
  inventory.unknown(arn, 'document', reason)
  return { trust: { name: arn }, ...profiles }
}

function placesOf(draft: IdentityDraft): string {
  const facts = [
    draft.attached,
    draft.inline,
    draft.groups,
    draft.trust,
    draft.accessKeys,
    draft.instanceProfiles,
  ].flat()
  return [...new Set(facts.map(({ source }) => source.file))].join(', ') || 'a file'
}
