import type { Declaration, Grant, SourceSpan } from '@ringfence/plan'

/** Something of a file that ends. */
export interface Expiring {
  readonly kind: 'member' | 'key' | 'team' | 'grant'
  /** Of the member or team; of a grant what it says: `research may read on corpus under raw/`. */
  readonly name: string
  /** ISO 8601 instant, UTC. */
  readonly until: string
  /** Milliseconds from the instant that was asked about; not above 0 for what is over already. */
  readonly inMs: number
  readonly declaredAt: SourceSpan
}

/** What ends within so many milliseconds, and what has ended and still stands in the file; soonest first. */
export function expiring(
  { members, teams, grants, ended }: Declaration,
  nowMs: number,
  withinMs: number,
): readonly Expiring[] {
  const found: Expiring[] = []
  const add = (
    kind: Expiring['kind'],
    name: string,
    until: string | undefined,
    declaredAt: SourceSpan,
  ): void => {
    if (until === undefined) return
    const inMs = Date.parse(until) - nowMs
    if (inMs <= withinMs) found.push({ kind, name, until, inMs, declaredAt })
  }
  for (const { name, until, keys, declaredAt } of [...members, ...ended.members]) {
    add('member', name, until, declaredAt)
    add('key', name, keys?.until, declaredAt)
  }
  for (const { name, until, declaredAt } of [...teams, ...ended.teams]) add('team', name, until, declaredAt)
  for (const grant of [...grants, ...ended.grants])
    add('grant', sayGrant(grant), grant.until, grant.declaredAt)
  return found.toSorted(
    (one, other) =>
      one.inMs - other.inMs ||
      one.declaredAt.line - other.declaredAt.line ||
      one.declaredAt.column - other.declaredAt.column,
  )
}

function sayGrant({ to, can, on, under }: Grant): string {
  return `${to.name} may ${can.join(', ')} on ${on.name}${under === '' ? '' : ` under ${under}`}`
}
