import type { Declaration } from '@ringfence/plan'

/** The declaration as it is without one member: in no team, with no grant, and in no guarantee about them alone. */
export function withoutMember(declaration: Declaration, name: string): Declaration {
  const isTheirs = (one: { readonly kind: string; readonly name: string }) =>
    one.kind === 'member' && one.name === name
  return {
    ...declaration,
    members: declaration.members.filter((member) => member.name !== name),
    teams: declaration.teams.map((team) => ({
      ...team,
      members: team.members.filter((member) => member !== name),
    })),
    grants: declaration.grants.filter(({ to }) => !isTheirs(to)),
    guarantees: declaration.guarantees.filter(
      (guarantee) => guarantee.kind !== 'never' || !isTheirs(guarantee.who),
    ),
  }
}
