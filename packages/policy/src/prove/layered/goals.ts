import { bitsOf, type Goal } from '../search/solve.js'
import { mayMeet } from '../search/statement-relations.js'
import type { Term } from '../search/term.js'
import type { Way } from './ways.js'

/** What has to hold, and what must not, for a request to be refused. */
interface Refusal {
  readonly on: bigint
  readonly off: bigint
}

/**
 * The ways to fall through all ways of being allowed: of each, one of its groups is off, something that it requires
 * is off, or something that it excludes is on. Only the least demanding are kept. None: everything is allowed.
 */
export function refusalsOf(ways: readonly Way[]): readonly Refusal[] {
  let refusals: readonly Refusal[] = [{ on: 0n, off: 0n }]
  for (const way of ways) {
    const demands = demandsAgainst(way)
    const next: Refusal[] = []
    for (const refusal of refusals) {
      if (fails(way, refusal)) {
        next.push(refusal)
        continue
      }
      for (const { off, on } of demands) {
        const together = { on: refusal.on | on, off: refusal.off | off }
        if ((together.on & together.off) === 0n) next.push(together)
      }
    }
    refusals = leastDemanding(next)
  }
  return refusals
}

function demandsAgainst({ excluded, groups, required }: Way): Refusal[] {
  return [
    ...groups.map((off) => ({ on: 0n, off })),
    ...bitsOf(required).map((off) => ({ on: 0n, off })),
    ...bitsOf(excluded).map((on) => ({ on, off: 0n })),
  ]
}

function fails({ excluded, groups, required }: Way, { off, on }: Refusal): boolean {
  return (excluded & on) !== 0n || (required & off) !== 0n || groups.some((group) => (group & ~off) === 0n)
}

function leastDemanding(refusals: readonly Refusal[]): Refusal[] {
  const kept: Refusal[] = []
  for (const refusal of refusals) {
    const isWeaker = (other: Refusal, than: Refusal): boolean =>
      (other.on & than.on) === other.on && (other.off & than.off) === other.off
    if (kept.some((other) => isWeaker(other, refusal))) continue
    for (let at = kept.length - 1; at >= 0; at--) if (isWeaker(refusal, kept[at]!)) kept.splice(at, 1)
    kept.push(refusal)
  }
  return kept
}

/**
 * Goals that together say: allowed in one of these ways, and refused in one of those. A choice of statements of which
 * two take no request together is not followed.
 */
export function* goalsOf(
  ways: readonly Way[],
  refusals: readonly Refusal[],
  { statements }: Term,
): Generator<Goal> {
  const ofBit = new Map(statements.map(({ bit, statement }) => [bit, statement]))
  const meets = (bit: bigint, chosen: bigint): boolean =>
    bitsOf(chosen).every((other) => mayMeet(ofBit.get(bit)!, ofBit.get(other)!))
  for (const { excluded, groups, required } of ways) {
    if ((required & excluded) !== 0n) continue
    const sorted = groups.toSorted((a, b) => bitsOf(a).length - bitsOf(b).length)
    for (const chosen of choose(sorted, 0, required, meets))
      for (const { off, on } of refusals) {
        const goal = { required: chosen | on, excluded: excluded | off }
        if ((goal.required & goal.excluded) === 0n) yield goal
      }
  }
}

function* choose(
  groups: readonly bigint[],
  at: number,
  required: bigint,
  meets: (bit: bigint, chosen: bigint) => boolean,
): Generator<bigint> {
  const group = groups[at]
  if (group === undefined) yield required
  else if ((group & required) !== 0n) yield* choose(groups, at + 1, required, meets)
  else
    for (const bit of bitsOf(group))
      if (meets(bit, required)) yield* choose(groups, at + 1, required | bit, meets)
}
