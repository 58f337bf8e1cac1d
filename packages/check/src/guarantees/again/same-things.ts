import type { Grant, Platform, StoreReference } from '@ringfence/plan'
import type { AccountResource, ManagedPolicy, NamedPolicy } from '../../account/account.js'
import type { Holder, StoreAccess } from '../declared-world.js'
import type { StoreGrant } from '../granted-regions.js'
import { isSameInOrder } from '../../same/differing.js'
import { isSameDocument } from '../../same/same-document.js'
import { isSameBut } from '../../same/same-fields.js'

/** Where the file says it: two versions of a file have the same in other lines. */
const lines: ReadonlySet<string> = new Set(['declaredAt'])
const linesAndPolicies: ReadonlySet<string> = new Set(['declaredAt', 'inline', 'policy', 'trust'])
const linesAndStores: ReadonlySet<string> = new Set(['declaredAt', 'reads', 'writes'])

/** Of members, teams and stores of a declaration. */
export function isSameDeclared(one: object, other: object): boolean {
  return isSameBut(lines, one, other)
}

export function isSamePlatform(one: Platform, other: Platform): boolean {
  return (
    isSameBut(linesAndStores, one, other) &&
    isSameInOrder<StoreReference>(one.reads, other.reads, isSameDeclared) &&
    isSameInOrder<StoreReference>(one.writes, other.writes, isSameDeclared)
  )
}

/** Of two grants to one subject. Why it was given is nothing that a proof hangs on. */
export function isSameGrant(one: Grant, other: Grant): boolean {
  if (one === other) return true
  return one.on.name === other.on.name && one.on.kind === other.on.kind && givesTheSame(one, other)
}

/** Of two ways to one store. */
export function isSameAccess(one: StoreAccess, other: StoreAccess): boolean {
  return one.subject === other.subject && givesTheSame(one, other)
}

function givesTheSame(one: StoreGrant, other: StoreGrant): boolean {
  return one.under === other.under && one.until === other.until && isSameDocument(one.can, other.can)
}

/** What is not known of one policy is not what is not known of another. */
export function isSamePolicy(one: NamedPolicy | undefined, other: NamedPolicy | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return one.name === other.name && isSameDocument(one.document, other.document)
}

export function areSamePolicies(one: readonly NamedPolicy[], other: readonly NamedPolicy[]): boolean {
  return isSameInOrder(one, other, isSamePolicy)
}

export function isSameManaged(one: ManagedPolicy, other: ManagedPolicy): boolean {
  if (one === other) return true
  return isSameInOrder(
    one.versions,
    other.versions,
    (left, right) => left.isDefault === right.isDefault && isSamePolicy(left, right),
  )
}

export function isSameResource(
  one: AccountResource | undefined,
  other: AccountResource | undefined,
): boolean {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  return isSameBut(linesAndPolicies, one, other) && isSamePolicy(one.policy, other.policy)
}

/** As far as it stands at the user or role itself: managed policies and groups are other things. */
export function isSameHolder(one: Holder, other: Holder): boolean {
  if (one === other) return true
  return (
    isSameBut(linesAndPolicies, one, other) &&
    areSamePolicies(one.inline, other.inline) &&
    (one.kind !== 'role' || other.kind !== 'role' || isSamePolicy(one.trust, other.trust))
  )
}
