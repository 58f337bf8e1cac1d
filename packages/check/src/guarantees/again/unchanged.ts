import type { Account, AccountGroup, NamedPolicy } from '../../account/account.js'
import type { DeclaredSecret, DeclaredStore, DeclaredWorld, Holder } from '../declared-world.js'
import { differing, isSameInOrder } from '../../same/differing.js'
import { existingPrincipals, reservedRoles } from '../parties.js'
import { isSameDocument } from '../../same/same-document.js'
import {
  areSamePolicies,
  isSameAccess,
  isSameDeclared,
  isSameGrant,
  isSameHolder,
  isSameManaged,
  isSamePlatform,
  isSameResource,
} from './same-things.js'

/**
 * What is as it was in the check before: whatever hangs on nothing else keeps its answers. No line of the file is part
 * of it: lines move.
 */
export interface Unchanged {
  /** Someone's own entry in account and file, with all policies, ways in and ends of their access. */
  holder(holder: Holder): boolean
  /** Who holds what is granted to a subject, all of these, and a team as the file declares it. */
  subject(subject: string): boolean
  /** Who holds what is granted to a subject, whatever became of them. */
  holdersOf(subject: string): boolean
  /** Holders in a place of a list that both worlds have, and all of these. */
  some(list: (world: DeclaredWorld) => readonly Holder[]): boolean
  /** Someone as `holder`, and what their own policies are to allow. */
  principal(declared: string, holder: Holder): boolean
  /** What is granted to a subject, by the names of what it is granted on. */
  granted(subject: string): boolean
  /** A store as it is declared and as it is in the account, with its policies. */
  things(store: DeclaredStore): boolean
  /** All ways to a store that the file declares. */
  accesses(store: DeclaredStore): boolean
  /** The secret that keeps the key of a member, with its policy. */
  secret(secret: DeclaredSecret): boolean
  /** Who existed before the file. */
  existing(): boolean
  /** Which users there are, with their tags. */
  tags(): boolean
}

/** Compares two worlds once, thing by thing. Nothing is unchanged where there is none before, or where all hangs on what changed. */
export function unchangedSince(before: DeclaredWorld | undefined, now: DeclaredWorld): Unchanged {
  return before === undefined || !isSameAround(before, now) ? nothing : new Comparison(before, now)
}

const no = (): boolean => false
const nothing: Unchanged = {
  holder: no, subject: no, holdersOf: no, some: no, principal: no, granted: no, things: no, accesses: no, secret: no,
  existing: no, tags: no,
} // prettier-ignore

/** What every answer hangs on. */
function isSameAround(before: DeclaredWorld, now: DeclaredWorld): boolean {
  return (
    isSameDocument(around(before), around(now)) &&
    areSameLevels(before.account, now.account, 'serviceControlPolicies') &&
    areSameLevels(before.account, now.account, 'resourceControlPolicies')
  )
}

function around({ account, administrators, declaration }: DeclaredWorld): unknown {
  const { guardrail, identityProvider, organization, region, suffix } = declaration
  const { identityProviders, managementAccount, partition, publicAccessBlock } = account
  return [
    [organization, declaration.account, region, suffix, guardrail],
    identityProvider && { ...identityProvider, declaredAt: undefined },
    administrators.map(({ arn, kind }) => [kind, arn]),
    [
      account.account,
      account.organization,
      identityProviders,
      managementAccount,
      partition,
      publicAccessBlock,
    ],
    reservedRoles(account),
  ]
}

function areSameLevels(
  before: Account,
  now: Account,
  kind: 'serviceControlPolicies' | 'resourceControlPolicies',
): boolean {
  const [one, other]: (readonly (readonly NamedPolicy[])[] | undefined)[] = [before[kind], now[kind]]
  if (one === undefined || other === undefined) return one === other
  return isSameInOrder(one, other, areSamePolicies)
}

/** Each set has what is new, gone or other than before. */
class Comparison implements Unchanged {
  /** ARNs of managed policies. */
  private readonly policies: ReadonlySet<string>
  /** Names. */
  private readonly groups: ReadonlySet<string>
  /** Names. */
  private readonly members: ReadonlySet<string>
  /** Names; of a team with a member that changed as well. */
  private readonly teams: ReadonlySet<string>
  /** ARNs. */
  private readonly holders: ReadonlySet<string>
  /** Names of what is granted, by what the file calls it. */
  private readonly names: ReadonlySet<string>
  /** By subject. */
  private readonly grants: ReadonlySet<string>
  /** Names. */
  private readonly platforms: ReadonlySet<string>
  /** By id. */
  private readonly stores: ReadonlySet<string>
  /** Of stores, by id. */
  private readonly ways: ReadonlySet<string>
  /** By subject. */
  private readonly secrets: ReadonlySet<string>
  private readonly subjects = new Map<string, boolean>()
  private readonly heldBy = new Map<string, boolean>()
  private areTagsSame: boolean | undefined

  constructor(
    private readonly before: DeclaredWorld,
    private readonly now: DeclaredWorld,
  ) {
    const [was, is] = [before.account, now.account]
    const [file, edited] = [before.declaration, now.declaration]
    this.policies = differing(was.managedPolicies, is.managedPolicies, arnOf, isSameManaged)
    this.groups = differing(was.groups, is.groups, nameOf, (one, other) => this.isSameGroup(one, other))
    this.members = differing(file.members, edited.members, nameOf, isSameDeclared)
    this.teams = differing(
      file.teams,
      edited.teams,
      nameOf,
      (one, other) => isSameDeclared(one, other) && hasNone(this.members, other.members),
    )
    const isSame = (one: Holder, other: Holder): boolean =>
      isSameHolder(one, other) && this.hasSamePolicies(other) && this.isDeclaredTheSame(other)
    this.holders = new Set([
      ...differing(was.users, is.users, arnOf, isSame),
      ...differing(was.roles, is.roles, arnOf, isSame),
    ])
    this.names = this.otherNames()
    this.platforms = differing(
      file.platforms,
      edited.platforms,
      nameOf,
      (one, other) =>
        isSamePlatform(one, other) &&
        ![...other.reads, ...other.writes].some(({ kind, name }) => this.names.has(`${kind}/${name}`)),
    )
    this.grants = differing(
      [...before.grantsTo],
      [...now.grantsTo],
      ([subject]) => subject,
      ([, one], [, other]) =>
        isSameInOrder(one, other, isSameGrant) &&
        (this.names.size === 0 || !other.some(({ on }) => this.names.has(`${on.kind}/${on.name}`))),
    )
    this.stores = differing(
      before.stores,
      now.stores,
      idOf,
      (one, other) =>
        isSameDeclared(one.store, other.store) &&
        isSameResource(one.bucket, other.bucket) &&
        isSameResource(one.key, other.key),
    )
    this.ways = differing(before.stores, now.stores, idOf, (one, other) =>
      isSameInOrder(one.accesses, other.accesses, isSameAccess),
    )
    this.secrets = differing(
      before.secrets,
      now.secrets,
      ({ subject }) => subject,
      (one, other) => isSameResource(one.secret, other.secret),
    )
  }

  holder({ arn }: Holder): boolean {
    return !this.holders.has(arn)
  }

  subject(subject: string): boolean {
    let isSame = this.subjects.get(subject)
    if (isSame === undefined) {
      const [kind, name] = partsOf(subject)
      isSame =
        this.holdersOf(subject) &&
        this.now.holdersOf(subject).every((holder) => this.holder(holder)) &&
        // Whether there is nobody in it is what the file says, too.
        (kind !== 'team' || !this.teams.has(name))
      this.subjects.set(subject, isSame)
    }
    return isSame
  }

  holdersOf(subject: string): boolean {
    let isSame = this.heldBy.get(subject)
    if (isSame === undefined) {
      isSame = isSameInOrder(this.before.holdersOf(subject), this.now.holdersOf(subject), haveSameArn)
      this.heldBy.set(subject, isSame)
    }
    return isSame
  }

  some(list: (world: DeclaredWorld) => readonly Holder[]): boolean {
    const holders = list(this.now)
    return (
      isSameInOrder(list(this.before), holders, haveSameArn) && holders.every((holder) => this.holder(holder))
    )
  }

  principal(declared: string, holder: Holder): boolean {
    if (!this.holder(holder) || !this.granted(declared)) return false
    const [kind, name] = partsOf(declared)
    if (kind !== 'member') return true
    const teams = this.now.teamsOf.get(name)
    return (
      isSameDocument(this.before.teamsOf.get(name), teams) &&
      (teams === undefined || teams.every((team) => this.granted(`team/${team}`)))
    )
  }

  granted(subject: string): boolean {
    if (this.grants.has(subject)) return false
    const [kind, name] = partsOf(subject)
    if (kind === 'team') return true
    return kind === 'member' ? !this.members.has(name) : !this.platforms.has(name)
  }

  things({ id }: DeclaredStore): boolean {
    return !this.stores.has(id)
  }

  accesses({ id }: DeclaredStore): boolean {
    return !this.ways.has(id)
  }

  secret({ subject }: DeclaredSecret): boolean {
    return !this.secrets.has(subject)
  }

  existing(): boolean {
    return isSameDocument(existingPrincipals(this.before), existingPrincipals(this.now))
  }

  tags(): boolean {
    return (this.areTagsSame ??= isSameInOrder(
      this.before.account.users,
      this.now.account.users,
      (one, other) => one.arn === other.arn && isSameDocument(one.tags, other.tags),
    ))
  }

  private isSameGroup(one: AccountGroup, other: AccountGroup): boolean {
    return (
      isSameDocument(one.attached, other.attached) &&
      hasNone(this.policies, other.attached) &&
      areSamePolicies(one.inline, other.inline)
    )
  }

  private hasSamePolicies(holder: Holder): boolean {
    const { attached, permissionsBoundary } = holder
    return (
      hasNone(this.policies, attached) &&
      (permissionsBoundary === undefined || !this.policies.has(permissionsBoundary)) &&
      (holder.kind === 'role' || hasNone(this.groups, holder.groups))
    )
  }

  /** Of whoever the file declares: when their access ends, and how they get into their role. */
  private isDeclaredTheSame({ declared }: Holder): boolean {
    if (declared === undefined) return true
    const [kind, name] = partsOf(declared)
    return kind === 'member' ? !this.members.has(name) : kind !== 'team' || !this.teams.has(name)
  }

  private otherNames(): ReadonlySet<string> {
    const { before, now } = this
    const stores = differing(
      before.stores,
      now.stores,
      idOf,
      (one, other) =>
        one.store.bucket === other.store.bucket &&
        one.bucket?.arn === other.bucket?.arn &&
        one.key?.name === other.key?.name,
    )
    const platforms = differing(
      [...before.platforms.keys()].map((name) => [`platform/${name}`, before] as const),
      [...now.platforms.keys()].map((name) => [`platform/${name}`, now] as const),
      ([id]) => id,
      ([id], [, world]) => before.principals.get(id)?.arn === world.principals.get(id)?.arn,
    )
    return new Set([...stores, ...platforms])
  }
}

const arnOf = ({ arn }: { readonly arn: string }): string => arn
const nameOf = ({ name }: { readonly name: string }): string => name
const idOf = ({ id }: DeclaredStore): string => id
const haveSameArn = (one: Holder, other: Holder): boolean => one.arn === other.arn

function hasNone(changed: ReadonlySet<string>, names: readonly string[]): boolean {
  return changed.size === 0 || !names.some((name) => changed.has(name))
}

function partsOf(subject: string): readonly [string, string] {
  const at = subject.indexOf('/')
  return [subject.slice(0, at), subject.slice(at + 1)]
}
