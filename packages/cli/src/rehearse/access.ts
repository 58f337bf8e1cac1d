import type { Capability, Declaration, Member, SourceSpan } from '@ringfence/plan'
import type { Actor } from './actor.js'

/** One thing that an actor may do according to the file. */
export interface Access {
  readonly capability: Capability
  readonly on: { readonly kind: 'dataset' | 'model' | 'platform'; readonly name: string }
  /** `''` or a prefix that ends in `/`; only for datasets and models. */
  readonly under: string
  /** Platforms only: the team (or, for a grant to one member, the member) whose jobs these are. */
  readonly as?: string
  /** Epoch milliseconds from which on it is denied. */
  readonly endsAtMs?: number
  /** The grant, or for a platform the reference, that gives it. */
  readonly declaredAt: SourceSpan
}

/**
 * Everything an actor may do, from the declaration alone: this is the rehearsal's own reading of the file,
 * on purpose independent of how `@ringfence/plan` turns it into policies.
 */
export function accessOf(declaration: Declaration, actor: Actor): readonly Access[] {
  switch (actor.kind) {
    case 'member':
      return memberAccess(declaration, actor)
    case 'platform':
      return platformAccess(declaration, actor.name)
    case 'administrator':
    case 'undeclared':
    case 'stranger':
    case 'anonymous':
      return []
  }
}

function memberAccess(
  declaration: Declaration,
  actor: Extract<Actor, { kind: 'member' }>,
): readonly Access[] {
  const member = declaration.members.find(({ name }) => name === actor.name)
  if (member === undefined) return []
  const teams = new Map(
    declaration.teams
      .filter((team) =>
        actor.signIn === 'federation' ? team.name === actor.team : team.members.includes(actor.name),
      )
      .map((team) => [team.name, team.until]),
  )
  return declaration.grants
    .filter(({ to }) =>
      to.kind === 'team' ? teams.has(to.name) : actor.signIn !== 'federation' && to.name === actor.name,
    )
    .flatMap((grant) => {
      const endOfTeam = grant.to.kind === 'team' ? teams.get(grant.to.name) : undefined
      const endsAtMs = earliest([grant.until, endOfTeam, ...memberEnds(member)])
      return grant.can.map((capability): Access => ({
        capability,
        on: grant.on,
        under: grant.under,
        ...(grant.on.kind === 'platform' ? { as: grant.to.name } : {}),
        ...(endsAtMs === undefined ? {} : { endsAtMs }),
        declaredAt: grant.declaredAt,
      }))
    })
}

/**
 * A member's access ends with the member, and with their key: it is a service's only way in, and what people with an IAM
 * user sign in by in a rehearsal.
 */
export function memberEnds(member: Member): readonly (string | undefined)[] {
  return [member.until, member.keys?.until]
}

function platformAccess(declaration: Declaration, name: string): readonly Access[] {
  const platform = declaration.platforms.find((candidate) => candidate.name === name)
  if (platform === undefined) return []
  const access = (capability: 'read' | 'write') => (reference: (typeof platform.reads)[number]) => ({
    capability,
    on: { kind: reference.kind, name: reference.name },
    under: reference.under,
    declaredAt: reference.declaredAt,
  })
  return [...platform.reads.map(access('read')), ...platform.writes.map(access('write'))]
}

export function earliest(instants: readonly (string | undefined)[]): number | undefined {
  const ends = instants.filter((instant) => instant !== undefined).map((instant) => Date.parse(instant))
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** Whether an access still holds at an instant; the end itself is outside. */
export function holdsAt(access: Access, atMs: number): boolean {
  return access.endsAtMs === undefined || atMs < access.endsAtMs
}
