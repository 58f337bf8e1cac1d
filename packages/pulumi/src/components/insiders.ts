import * as pulumi from '@pulumi/pulumi'
import { declareGrant } from './dataset-grant.js'
import type { PrincipalArn } from './principal-arn.js'
import { declaredName, isOwnName, readPrincipal } from './principal-arn.js'

/** Who is let in to a dataset, as its component's argument has it. */
interface Entry {
  readonly principals: string[]
  readonly can: string[]
  readonly under?: string
}

interface RoleAccess {
  readonly arn: string
  readonly reads: { on: string; under?: string }[]
  readonly writes: { on: string; under?: string }[]
}

/**
 * Users and roles that a fence lets in, as a declaration has them: users as members with grants, roles as platforms
 * with what they read and write. Only the fence of the plan is registered, none of what it would attach to them.
 */
export class Insiders {
  readonly #component: string
  readonly #organization: string
  readonly #users = new Map<string, string>()
  readonly #roles = new Map<string, RoleAccess>()
  readonly #places: [string, string][] = []
  #grants = 0

  constructor(component: string, organization: string) {
    this.#component = component
    this.#organization = organization
  }

  /** The grants of an entry; `argument` is where it stands. */
  letIn({ principals, can, under }: Entry, dataset: string, argument: string): Record<string, unknown>[] {
    return principals.flatMap((arn, index) => {
      const place = `${argument}.principals[${index}]`
      const principal = readPrincipal(this.#component, place, arn, ['user', 'role'])
      if (principal.kind === 'role') {
        this.#addRole(principal, { can, ...(under === undefined ? {} : { under }) }, dataset, argument)
        return []
      }
      this.#users.set(principal.name, arn)
      this.#places.push(
        [`grants[${this.#grants}].to`, place],
        [`grants[${this.#grants}]`, argument],
        [`members.${principal.name}`, place],
      )
      this.#grants += 1
      return [declareGrant(principal.name, dataset, { can, ...(under === undefined ? {} : { under }) })]
    })
  }

  /** A service has no sign-in of its own that would be planned. */
  get members(): Record<string, unknown> {
    return Object.fromEntries([...this.#users.keys()].map((name) => [name, { kind: 'service' }]))
  }

  get platforms(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.#roles].map(([name, { reads, writes }]) => [name, { kind: 'sagemaker', reads, writes }]),
    )
  }

  /** Those whose ARN is not the one that the plan would give them anyway. */
  get existing(): { users: Record<string, string>; roles: Record<string, string> } {
    const organization = this.#organization
    return {
      users: Object.fromEntries(
        [...this.#users].filter(([name, arn]) => !isOwnName(organization, arn, name)),
      ),
      roles: Object.fromEntries(
        [...this.#roles].flatMap(([platform, { arn }]) =>
          isOwnName(organization, arn, `${organization}-${platform}-execution`) ? [] : [[platform, arn]],
        ),
      ),
    }
  }

  get places(): readonly (readonly [string, string])[] {
    return this.#places
  }

  #addRole(
    role: PrincipalArn,
    { can, under }: Omit<Entry, 'principals'>,
    dataset: string,
    argument: string,
  ): void {
    const beyond = can.find((capability) => capability !== 'read' && capability !== 'write')
    if (beyond !== undefined) {
      throw new pulumi.RunError(
        `"${this.#component}": the argument "${argument}.can" has ${JSON.stringify(beyond)}, and a role can be let in to "read" and "write" only.\n` +
          'Try: an entry of its own for the role, or an IAM user for the rest.',
      )
    }
    const name = platformName(role, this.#organization)
    const access = this.#roles.get(name) ?? { arn: role.arn, reads: [], writes: [] }
    if (access.arn !== role.arn) {
      throw new pulumi.RunError(
        `"${this.#component}": the names of ${access.arn} and ${role.arn} are too much alike.\nTry: rename one of the roles.`,
      )
    }
    this.#roles.set(name, access)
    const reference = { on: dataset, ...(under === undefined ? {} : { under }) }
    if (can.includes('read')) access.reads.push(reference)
    if (can.includes('write')) access.writes.push(reference)
    this.#places.push([`platforms.${name}`, argument])
  }
}

/** The platform's, if the role is the execution role of one of the same organization. */
function platformName({ name, arn }: PrincipalArn, organization: string): string {
  const own = name.startsWith(`${organization}-`) && name.endsWith('-execution')
  const platform = own ? name.slice(organization.length + 1, -'-execution'.length) : ''
  return platform !== '' && isOwnName(organization, arn, name) ? platform : declaredName(name)
}
