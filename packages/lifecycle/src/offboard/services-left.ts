import { type AccessSummary, type Declaration, saidOf } from '@ringfence/plan'
import { takesTokens } from './takes-tokens.js'
import { signInsOf } from './sign-ins-of.js'

/** A role as a stack's state has it. */
export interface RecordedRole {
  readonly name: string
  /** The text of its trust policy, where the state has one. */
  readonly trust: unknown
}

/** A service's own role, and the subjects whose tokens opened it and open it no longer. */
export interface ServiceLeft {
  readonly role: string
  readonly subjects: readonly string[]
}

/**
 * Roles of services that stay, which tokens of others could take on as it was deployed: their sessions go on, unless those
 * that were issued before now are refused. A service that goes takes its role and all sessions along. An update that was
 * killed may have let in whom nothing else tells of: they are found by the trust that is recorded.
 */
export function servicesLeft(
  before: AccessSummary | undefined,
  recorded: readonly RecordedRole[],
  { members, organization }: Pick<Declaration, 'members' | 'organization'>,
): readonly ServiceLeft[] {
  const roles = new Map(recorded.map((role) => [role.name, role]))
  return members.flatMap(({ name, oidc: now }) => {
    const role = roles.get(`${organization}-${name}-service`)
    if (role === undefined || now === undefined) return []
    const was = saidOf(before?.members, name)?.oidc
    const had = [...signInsOf(role.trust), ...(was === undefined ? [] : [was])]
    const left = had.flatMap((one) => one.subjects.filter((subject) => !takesTokens(now, one, subject)))
    return left.length === 0 ? [] : [{ role: role.name, subjects: [...new Set(left)] }]
  })
}
