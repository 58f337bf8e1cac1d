import type { Declaration } from '@ringfence/plan'

/**
 * Somebody who sends requests in a rehearsal. A federated member acts once in each of their teams' roles,
 * because a session has one role.
 */
export type Actor =
  | { readonly kind: 'member'; readonly name: string; readonly signIn: 'user' }
  | { readonly kind: 'member'; readonly name: string; readonly signIn: 'federation'; readonly team: string }
  /** A service with a role of its own. */
  | { readonly kind: 'member'; readonly name: string; readonly signIn: 'token' }
  | { readonly kind: 'platform'; readonly name: string }
  | { readonly kind: 'administrator'; readonly principal: 'role' | 'user'; readonly name: string }
  /** A user of the account with AdministratorAccess whom the file does not mention. */
  | { readonly kind: 'undeclared'; readonly name: string }
  /** A user of another account with AdministratorAccess there. */
  | { readonly kind: 'stranger'; readonly account: string; readonly name: string }
  | { readonly kind: 'anonymous' }

export type ActorKind = Actor['kind']

/** Identifies an actor within one rehearsal; also what `--json` calls them. */
export function actorId(actor: Actor): string {
  switch (actor.kind) {
    case 'member':
      return actor.signIn === 'federation' ? `member/${actor.name}@${actor.team}` : `member/${actor.name}`
    case 'platform':
      return `platform/${actor.name}`
    case 'administrator':
      return `administrator/${actor.principal}/${actor.name}`
    case 'undeclared':
      return `undeclared/${actor.name}`
    case 'stranger':
      return `stranger/${actor.account}`
    case 'anonymous':
      return 'anonymous'
  }
}

/** How an actor is called in sentences. */
export function actorLabel(actor: Actor): string {
  switch (actor.kind) {
    case 'member':
      return actor.signIn === 'federation' ? `${actor.name} (signed in to ${actor.team})` : actor.name
    case 'platform':
      return `${actor.name}'s execution role`
    case 'administrator':
      return `administrator ${actor.principal}/${actor.name}`
    case 'undeclared':
      return `undeclared administrator ${actor.name}`
    case 'stranger':
      return `administrator of account ${actor.account}`
    case 'anonymous':
      return 'anonymous'
  }
}

/** Everybody who takes part in the rehearsal of a declaration, in the order of the file, outsiders last. */
export function actorsOf(declaration: Declaration): readonly Actor[] {
  return [
    ...declaration.members.flatMap((member) => memberActors(declaration, member.name)),
    ...declaration.platforms.map((platform): Actor => ({ kind: 'platform', name: platform.name })),
    ...declaration.administrators.map(({ kind, name }): Actor => ({
      kind: 'administrator',
      principal: kind,
      name,
    })),
    { kind: 'undeclared', name: freeName(declaration, 'mallory') },
    { kind: 'stranger', account: otherAccount(declaration.account), name: 'stranger' },
    { kind: 'anonymous' },
  ]
}

/** One actor for a member with an IAM user or a role of its own, one for each team of a federated one. */
export function memberActors(declaration: Declaration, name: string): readonly Actor[] {
  const member = declaration.members.find((candidate) => candidate.name === name)
  if (member === undefined) return []
  if (member.signIn === 'user') return [{ kind: 'member', name, signIn: 'user' }]
  if (member.oidc !== undefined) return [{ kind: 'member', name, signIn: 'token' }]
  return declaration.teams
    .filter((team) => team.members.includes(name))
    .map((team): Actor => ({ kind: 'member', name, signIn: 'federation', team: team.name }))
}

function freeName(declaration: Declaration, wanted: string): string {
  const taken = new Set([
    ...declaration.members.map((member) => member.name),
    ...declaration.administrators.filter(({ kind }) => kind === 'user').map(({ name }) => name),
  ])
  let name = wanted
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`
  return name
}

function otherAccount(account: string): string {
  return account === '999988887777' ? '999988886666' : '999988887777'
}
