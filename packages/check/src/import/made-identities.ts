import type { IdentityKind, Source } from './drafts.js'
import type { Inventory } from './inventory.js'
import type { Told } from './told.js'
import { Undetermined } from './undetermined.js'

/** A user, role or group that a template or a state makes. */
export interface MadeIdentity {
  /** How the input calls it, e.g. `Resources.Reader`, where its name is not told. */
  readonly about: string
  readonly name: Told<string>
  /** Undefined: `/`. */
  readonly path: Told<string> | undefined
  readonly boundary?: Told<string> | undefined
  /** Undefined: not known. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly uniqueId?: string | undefined
}

/** Takes it in, or names it as not known. The name, where it is told. */
export function addIdentity(
  kind: IdentityKind,
  { about, boundary, name, path = '/', tags, uniqueId }: MadeIdentity,
  source: Source,
  inventory: Inventory,
): string | undefined {
  const open = [name, path].find((part) => part instanceof Undetermined)
  if (typeof name !== 'string' || typeof path !== 'string') {
    const title = typeof name === 'string' ? `${kind}/${name}` : `${kind} ${about}`
    inventory.unknown(title, 'principals', open!.reason, source)
    return undefined
  }
  const title = `permissions boundary of ${kind}/${name}`
  if (boundary instanceof Undetermined) inventory.unknown(title, 'document', boundary.reason, source)
  const permissionsBoundary = boundary instanceof Undetermined ? title : boundary
  inventory.identity(kind, name).described.push({
    value: {
      path,
      tells: 'all',
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
      ...(tags === undefined ? {} : { tags }),
      ...(uniqueId === undefined ? {} : { uniqueId }),
    },
    source,
  })
  return name
}

/** Attaches an inline policy to whom the input names. */
export function addInline(
  kind: IdentityKind,
  holder: Told<string> | undefined,
  name: Told<string> | undefined,
  document: unknown,
  source: Source,
  inventory: Inventory,
): void {
  if (typeof holder !== 'string') {
    inventory.unknown(
      `an inline policy (${describePlace(source)})`,
      'policies',
      holderReason(kind, holder),
      source,
    )
    return
  }
  const title = typeof name === 'string' ? name : `of ${describePlace(source)}`
  inventory.inline(kind, holder, title, document, source)
}

/** Attaches a managed policy to whom the input names. */
export function addAttachment(
  kind: IdentityKind,
  holder: Told<string> | undefined,
  arn: Told<string> | undefined,
  source: Source,
  inventory: Inventory,
): void {
  if (typeof holder === 'string') {
    inventory.attach(kind, holder, arn ?? new Undetermined('the input has no ARN'), source)
    return
  }
  const about = typeof arn === 'string' ? arn : `a managed policy (${describePlace(source)})`
  inventory.unknown(about, 'policies', holderReason(kind, holder), source)
}

/** Puts a user into a group. */
export function addMembership(
  user: Told<string> | undefined,
  group: Told<string> | undefined,
  source: Source,
  inventory: Inventory,
): void {
  if (typeof user !== 'string') {
    const about = typeof group === 'string' ? `group/${group}` : `a group (${describePlace(source)})`
    inventory.unknown(about, 'principals', `whom it has as member is not told: ${reasonOf(user)}`, source)
  } else if (typeof group === 'string') {
    inventory.identity('user', user).groups.push({ value: group, source })
  } else {
    const name = `policies of a group of user/${user}`
    inventory.unknown(name, 'document', `which group it is, is not told: ${reasonOf(group)}`, source)
    inventory.identity('user', user).inline.push({ value: { name }, source })
  }
}

/** A managed policy of the account with one version. */
export function addManagedPolicy(
  about: string,
  arn: Told<string>,
  document: unknown,
  source: Source,
  inventory: Inventory,
): void {
  if (typeof arn === 'string') {
    const policy = inventory.policy(arn, document, 'identity', source)
    inventory.managedPolicy(arn, [{ id: 'v1', isDefault: true, policy }], source)
  } else {
    inventory.unknown(`managed policy ${about}`, 'policies', arn.reason, source)
  }
}

function describePlace({ file, place }: Source): string {
  return place ?? file
}

function holderReason(kind: IdentityKind, holder: Undetermined | undefined): string {
  return `to which ${kind} it belongs is not told: ${reasonOf(holder)}`
}

function reasonOf(part: Undetermined | undefined): string {
  return part?.reason ?? 'the input does not name it'
}
