import * as pulumi from '@pulumi/pulumi'
import type { Diagnostic } from '@ringfence/plan'
import type { PrincipalArn } from './principal-arn.js'
import { isOwnName, readPrincipal } from './principal-arn.js'

/**
 * The members of a piece: names of users that it makes, and ARNs of users that exist already or that another
 * component makes. Of the latter only memberships are the piece's own.
 */
export class People {
  readonly #component: string
  readonly #organization: string
  readonly #made = new Set<string>()
  readonly #existing = new Map<string, string>()
  readonly #places: [string, string][] = []

  constructor(component: string, organization: string) {
    this.#component = component
    this.#organization = organization
  }

  /** The name that the declaration has for an entry; `argument` is where it stands. */
  add(entry: string, argument: string): string {
    const arn = entry.startsWith('arn:')
      ? readPrincipal(this.#component, argument, entry, ['user'])
      : undefined
    const name = arn?.name ?? entry
    this.#places.push([`members.${name}`, argument])
    if (arn === undefined) this.#made.add(name)
    else this.#existing.set(name, arn.arn)
    return name
  }

  get members(): Record<string, unknown> {
    return Object.fromEntries([...this.#made, ...this.#existing.keys()].map((name) => [name, {}]))
  }

  /** Users whose ARN is not the one that the plan would give them anyway. */
  get existing(): Record<string, string> {
    return Object.fromEntries(
      [...this.#existing].filter(([name, arn]) => !isOwnName(this.#organization, arn, name)),
    )
  }

  get places(): readonly (readonly [string, string])[] {
    return this.#places
  }

  /** Whether a resource of the plan is about a user that the piece makes, or about a membership. */
  owns(id: string): boolean {
    const [kind, name = '', part] = id.split('/')
    return kind === 'member' && (this.#made.has(name) || part === 'groups')
  }
}

/**
 * Refuses a user, group or role that a component of ringfence makes: that one alone says what is attached to it,
 * and would take away what others attach.
 */
export function refuseOwned(
  component: string,
  argument: string,
  { arn, kind, isRingfence }: PrincipalArn,
): void {
  if (!isRingfence) return
  throw new pulumi.RunError(
    `"${component}": the argument "${argument}" is ${arn}, which another component of ringfence makes; that one alone ` +
      `says which policies and members the ${kind} has.\n` +
      'Try: give the access there, or name something that ringfence does not make.',
  )
}

/** Whether a warning is about a user whom another component of ringfence makes, with a boundary. */
export function isAboutOwned({ code, message }: Diagnostic): boolean {
  return code.startsWith('EXISTING_WITHOUT') && message.includes(':user/ringfence/')
}
