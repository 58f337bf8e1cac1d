import { type AccessSummary, saidOf } from '@ringfence/plan'

/** How much one change of a roster may remove. */
export interface RemovalLimit {
  /** Of the members, and of the teams that have any; default 0.1. */
  readonly share?: number | undefined
  /** So many may go whatever the share is; default 3. */
  readonly atLeast?: number | undefined
  /** So many may go because somebody said so. */
  readonly allowed?: number | undefined
}

/** What a change removes, and whether that is refused. */
export interface Removals {
  /** Members who are there no more, in the order of the names. */
  readonly members: readonly string[]
  /** Teams that had members and have none any more, or are gone. */
  readonly teams: readonly string[]
  readonly most: { readonly members: number; readonly teams: number }
  /** `everybody`: nobody would be left, which no limit allows. */
  readonly refused: 'no' | 'tooMany' | 'everybody'
  /** The least that `allowed` would have to be. */
  readonly needed: number
}

type People = Pick<AccessSummary, 'members' | 'teams'>

/**
 * Compares what one change of a roster removes with how much it may. A roster that was cut off, or fetched with a
 * filter that is wrong, looks like many people who left.
 */
export function checkRemovals(before: People, after: People, limit: RemovalLimit = {}): Removals {
  const { allowed = 0, atLeast = 3, share = 0.1 } = limit
  const oldMembers = Object.keys(before.members)
  const members = oldMembers.filter((name) => !Object.hasOwn(after.members, name)).toSorted()
  const oldTeams = Object.entries(before.teams).flatMap(([name, list]) => (list.length > 0 ? [name] : []))
  const teams = oldTeams.filter((name) => sizeOf(after, name) === 0).toSorted()
  // 100 * 0.29 is 28.999999999999996.
  const ofShare = (count: number): number => Math.floor(count * share + 1e-9)
  const mostOf = (count: number): number => Math.max(atLeast, ofShare(count), allowed)
  const most = { members: mostOf(oldMembers.length), teams: mostOf(oldTeams.length) }
  const isEverybodyGone = oldMembers.length > 0 && members.length === oldMembers.length
  const everybody = isEverybodyGone && Object.keys(after.members).length === 0
  const tooMany = members.length > most.members || teams.length > most.teams
  return {
    members,
    teams,
    most,
    refused: everybody ? 'everybody' : tooMany ? 'tooMany' : 'no',
    needed: Math.max(members.length, teams.length),
  }
}

function sizeOf({ teams }: People, name: string): number {
  return saidOf(teams, name)?.length ?? 0
}
