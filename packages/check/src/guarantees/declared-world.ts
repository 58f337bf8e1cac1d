import type {
  Capability,
  Declaration,
  Grant,
  Member,
  Platform,
  SourceSpan,
  Store,
  StoreReference,
  Team,
} from '@ringfence/plan'
import type { Account, AccountResource, AccountRole, AccountUser } from '../account/account.js'
import { indexBy } from '../account/index-by.js'

export type Holder = AccountUser | AccountRole

/** One way to a store that the file declares: a grant, or what a platform reads or writes. */
export interface StoreAccess {
  /** `team/research`, `member/ada`, `platform/training`. */
  readonly subject: string
  readonly can: readonly Capability[]
  /** `''` or a prefix that ends in `/`. */
  readonly under: string
  /** ISO 8601 instant, UTC. */
  readonly until?: string
  readonly declaredAt: SourceSpan
}

/** A dataset or model: as declared, and as it is in the account. */
export interface DeclaredStore {
  /** `dataset/user-data-a` */
  readonly id: string
  readonly store: Store
  readonly bucket: AccountResource | undefined
  /** Where the file asks for a key of its own. */
  readonly key: AccountResource | undefined
  readonly accesses: readonly StoreAccess[]
}

/** The secret that keeps the access key of a member. */
export interface DeclaredSecret {
  /** `member/bot` */
  readonly subject: string
  readonly secret: AccountResource | undefined
  readonly declaredAt: SourceSpan
}

/** A declared file beside the account that its plan makes: whom and what the guarantees are about. */
export interface DeclaredWorld {
  readonly declaration: Declaration
  readonly account: Account
  readonly administrators: readonly Holder[]
  readonly stores: readonly DeclaredStore[]
  readonly secrets: readonly DeclaredSecret[]
  readonly platforms: ReadonlyMap<string, Platform>
  /** Grants by `team/NAME` or `member/NAME`, those to a team ending with it at the latest. */
  readonly grantsTo: ReadonlyMap<string, readonly Grant[]>
  /** Names of teams, by name of member. */
  readonly teamsOf: ReadonlyMap<string, readonly string[]>
  /** People with a user that ringfence makes; whoever existed before signs in as before. */
  readonly ownUsers: readonly Holder[]
  /** By what the file calls them: `member/ada` (a user, or the role of a service), `platform/training`, and `team/product` for its federated role. */
  readonly principals: ReadonlyMap<string, Holder>
  /** Who of the account holds what is granted to a subject: users and services of a team, and its federated role. */
  holdersOf(subject: string): readonly Holder[]
  memberOf(name: string | undefined): Member | undefined
  teamOf(name: string | undefined): Team | undefined
  /** Where the subject of a finding is declared. */
  placeOf(subject: string): SourceSpan
}

export function declaredWorld(declaration: Declaration, account: Account): DeclaredWorld {
  const principals = new Map<string, Holder>()
  const administrators: Holder[] = []
  for (const one of [...account.users, ...account.roles]) {
    if (one.declared === 'administrator') administrators.push(one)
    else if (one.declared !== undefined) principals.set(one.declared, one)
  }
  const teamsOf = new Map<string, string[]>()
  for (const { name, members } of declaration.teams)
    for (const member of members) append(teamsOf, member, name)
  const grants = grantsWithinTeams(declaration)
  const ownUsers = declaration.members.flatMap(({ kind, name }) => {
    const user = kind === 'person' ? principals.get(`member/${name}`) : undefined
    return user?.tags === undefined ? [] : [user]
  })
  const [memberOf, teamOf] = [byName(declaration.members), byName(declaration.teams)]
  const platforms = indexBy(declaration.platforms, ({ name }) => name)
  const declaredAs = (subject: string): Member | Team | Platform | undefined => {
    const name = subject.slice(subject.indexOf('/') + 1)
    if (subject.startsWith('member/')) return memberOf(name)
    return subject.startsWith('team/') ? teamOf(name) : platforms.get(name)
  }
  return {
    declaration,
    account,
    administrators,
    stores: storesOf(declaration, grants, account),
    secrets: secretsOf(declaration, account),
    platforms,
    grantsTo: grantsBySubject(grants),
    teamsOf,
    ownUsers,
    principals,
    holdersOf: holderLookup(declaration, principals),
    memberOf,
    teamOf,
    placeOf: (subject) => declaredAs(subject)?.declaredAt ?? declaration.declaredAt,
  }
}

function byName<Named extends { readonly name: string }>(
  all: readonly Named[],
): (name: string | undefined) => Named | undefined {
  const found = indexBy(all, ({ name }): string | undefined => name)
  return (name) => found.get(name)
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/** What a team is granted ends with the team, if the grant does not end before. */
export function grantsWithinTeams({ grants, teams }: Declaration): readonly Grant[] {
  const ends = new Map(teams.flatMap(({ name, until }) => (until === undefined ? [] : [[name, until]])))
  if (ends.size === 0) return grants
  return grants.map((grant) => {
    const end = grant.to.kind === 'team' ? ends.get(grant.to.name) : undefined
    if (end === undefined || (grant.until !== undefined && Date.parse(grant.until) <= Date.parse(end)))
      return grant
    return { ...grant, until: end }
  })
}

export function grantsBySubject(grants: readonly Grant[]): DeclaredWorld['grantsTo'] {
  const grantsTo = new Map<string, Grant[]>()
  for (const grant of grants) append(grantsTo, `${grant.to.kind}/${grant.to.name}`, grant)
  return grantsTo
}

/** By id of the store; of the stores with certain names alone, where these are given. */
export function accessesOf(
  platforms: readonly Platform[],
  grants: readonly Grant[],
  names?: ReadonlySet<string>,
): ReadonlyMap<string, readonly StoreAccess[]> {
  const accesses = new Map<string, StoreAccess[]>()
  for (const { to, on, can, under, until, declaredAt } of grants) {
    if (on.kind === 'platform' || names?.has(on.name) === false) continue
    const access = { subject: `${to.kind}/${to.name}`, can, under, declaredAt }
    append(accesses, `${on.kind}/${on.name}`, until === undefined ? access : { ...access, until })
  }
  for (const { name, reads, writes } of platforms) {
    const subject = `platform/${name}`
    const add = (can: Capability, { declaredAt, kind, name: store, under }: StoreReference): void => {
      if (names?.has(store) !== false)
        append(accesses, `${kind}/${store}`, { subject, can: [can], under, declaredAt })
    }
    for (const reference of reads) add('read', reference)
    for (const reference of writes) add('write', reference)
  }
  return accesses
}

function storesOf(
  declaration: Declaration,
  grants: readonly Grant[],
  account: Account,
): readonly DeclaredStore[] {
  const accesses = accessesOf(declaration.platforms, grants)
  const buckets = resourcesOf('bucket', account)
  const keys = resourcesOf('key', account)
  return declaration.stores.map((store) => {
    const id = `${store.kind}/${store.name}`
    return {
      id,
      store,
      bucket: buckets.get(id),
      key: keys.get(id),
      accesses: accesses.get(id) ?? [],
    }
  })
}

/** Resources of a kind, by what the file calls them. */
function resourcesOf(
  kind: AccountResource['kind'],
  { resources }: Account,
): ReadonlyMap<string | undefined, AccountResource> {
  return indexBy(
    resources.filter((one) => one.kind === kind),
    ({ declared }) => declared,
  )
}

function secretsOf({ members }: Declaration, account: Account): readonly DeclaredSecret[] {
  const kept = members.filter(
    ({ keys, signIn }) => signIn === 'user' && keys?.deliver === 'secretsManager' && keys.ended !== true,
  )
  if (kept.length === 0) return []
  const secrets = resourcesOf('other', account)
  return kept.map(({ declaredAt, name }) => {
    const subject = `member/${name}`
    return { subject, secret: secrets.get(subject), declaredAt }
  })
}

/** Lists are made once: large teams stand behind many grants. */
function holderLookup(
  { members, teams }: Declaration,
  principals: ReadonlyMap<string, Holder>,
): (subject: string) => readonly Holder[] {
  const federated = new Set(
    members.flatMap(({ name, oidc, signIn }) =>
      signIn === 'federation' && oidc === undefined ? [name] : [],
    ),
  )
  const membersOf = new Map(teams.map((team) => [`team/${team.name}`, team.members]))
  const found = new Map<string, readonly Holder[]>()
  return (subject) => {
    let holders = found.get(subject)
    if (holders === undefined) {
      const names = membersOf.get(subject)?.filter((name) => !federated.has(name))
      const users = names?.flatMap((name) => principals.get(`member/${name}`) ?? []) ?? []
      const own = principals.get(subject)
      found.set(subject, (holders = own === undefined ? users : [...users, own]))
    }
    return holders
  }
}
