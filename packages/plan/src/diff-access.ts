import type {
  AccessChange,
  AccessGrant,
  AccessMember,
  AccessPart,
  AccessSummary,
  AccessTarget,
} from './access.js'
import type { Capability } from './declaration.js'

/**
 * What every member and every platform's role gains and loses between two states, through all teams and grants
 * together: moving to another team with the same grants is no change, nor is a grant inside a wider one.
 * Without `before` everything is gained. Sorted by who, on, can, change, under. As long as the number of members
 * times what each gains or loses: `walkAccessChanges` gives the same one at a time.
 */
export function diffAccess(before: AccessSummary | undefined, after: AccessSummary): readonly AccessChange[] {
  return [...walkAccessChanges(before, after)]
}

/** The changes of `diffAccess` in its order, none kept in memory but those of one kind of member. */
export function* walkAccessChanges(
  before: AccessSummary | undefined,
  after: AccessSummary,
): Generator<AccessChange> {
  const old = indexAccess(before ?? { members: {}, teams: {}, grants: [] })
  const now = indexAccess(after)
  const everybody = [...new Set([...old.holders, ...now.holders])].toSorted(compare)
  // Members of the same teams change alike, and organizations have many of these.
  const known = new Map<string, readonly Omit<AccessChange, 'who'>[]>()
  for (const who of everybody) {
    const key = JSON.stringify([old.sources(who), now.sources(who)])
    let changes = known.get(key)
    if (changes === undefined) known.set(key, (changes = [...changesOf(old.held(who), now.held(who))]))
    for (const change of changes) yield { who, ...change }
  }
}

type Who = AccessChange['who']

/** What somebody holds: by capability and target, the parts of it, none inside another. */
type Held = ReadonlyMap<string, readonly AccessPart[]>

interface AccessIndex {
  readonly holders: readonly Who[]
  /** All that decides what somebody holds: the same for two means that they hold the same. */
  sources(who: Who): readonly (string | undefined)[]
  held(who: Who): Held
}

function indexAccess({ members, teams, grants }: AccessSummary): AccessIndex {
  const people = new Map<string, AccessMember>(
    Object.entries(members).map(([name, member]) => [`member/${name}`, member]),
  )
  const grantsTo = new Map<string, AccessGrant[]>()
  for (const grant of grants) append(grantsTo, grant.to, grant)
  const subjectsOf = new Map<string, string[]>()
  for (const [team, names] of Object.entries(teams)) {
    if (!grantsTo.has(`team/${team}`)) continue
    for (const name of names) append(subjectsOf, `member/${name}`, `team/${team}`)
  }
  const platforms = [...grantsTo.keys()].filter((to) => to.startsWith('platform/'))
  const subjects = (who: Who): readonly string[] => {
    if (who.startsWith('member/') && !people.has(who)) return []
    const direct = grantsTo.has(who) ? [who] : []
    return [...direct, ...(subjectsOf.get(who)?.toSorted(compare) ?? [])]
  }
  return {
    holders: [...people.keys(), ...platforms] as Who[],
    sources: (who) => [people.get(who)?.until, ...subjects(who)],
    held: (who) => heldThrough(subjects(who), grantsTo, people.get(who)?.until),
  }
}

function heldThrough(
  subjects: readonly string[],
  grantsTo: ReadonlyMap<string, readonly AccessGrant[]>,
  memberUntil: string | undefined,
): Held {
  const held = new Map<string, AccessPart[]>()
  for (const { can, on, under, until } of subjects.flatMap((subject) => grantsTo.get(subject) ?? [])) {
    const part = partOf(under, earlier(until, memberUntil))
    for (const capability of can) append(held, `${on} ${capability}`, part)
  }
  return new Map([...held].map(([key, parts]) => [key, reduceParts(parts)]))
}

function* changesOf(before: Held, after: Held): Generator<Omit<AccessChange, 'who'>> {
  for (const key of [...new Set([...before.keys(), ...after.keys()])].toSorted(compare)) {
    const old = before.get(key) ?? []
    const now = after.get(key) ?? []
    yield* changesTo(key, 'gains', now, old)
    yield* changesTo(key, 'loses', old, now)
  }
}

/** The parts that `others` do not cover, each with what they do cover of it. */
function* changesTo(
  key: string,
  change: AccessChange['change'],
  parts: readonly AccessPart[],
  others: readonly AccessPart[],
): Generator<Omit<AccessChange, 'who'>> {
  const separator = key.indexOf(' ')
  const on = key.slice(0, separator) as AccessTarget
  const can = key.slice(separator + 1) as Capability
  const same = new Set(others.map((part) => JSON.stringify(part)))
  for (const part of parts) {
    if (same.has(JSON.stringify(part)) || others.some((other) => covers(other, part))) continue
    const except = reduceParts(others.flatMap((other) => overlap(part, other)))
    yield { change, can, on, ...part, ...(except.length === 0 ? {} : { except }) }
  }
}

/** Without those inside another one; sorted by prefix. */
function reduceParts(parts: readonly AccessPart[]): readonly AccessPart[] {
  const sorted = parts.toSorted(
    (left, right) => compare(left.under, right.under) || compare(endOf(right), endOf(left)),
  )
  const kept: AccessPart[] = []
  // In order, whatever can cover a part stands before it, and those around the current prefix form a stack.
  const around: AccessPart[] = []
  for (const part of sorted) {
    while (around.length > 0 && !part.under.startsWith(around.at(-1)?.under ?? '')) around.pop()
    const last = around.at(-1)
    if (last !== undefined && covers(last, part)) continue
    kept.push(part)
    around.push(part)
  }
  return kept
}

function covers(outer: AccessPart, inner: AccessPart): boolean {
  return inner.under.startsWith(outer.under) && endOf(outer) >= endOf(inner)
}

function overlap(one: AccessPart, other: AccessPart): readonly AccessPart[] {
  const until = earlier(one.until, other.until)
  if (one.under.startsWith(other.under)) return [partOf(one.under, until)]
  return other.under.startsWith(one.under) ? [partOf(other.under, until)] : []
}

function partOf(under: string, until: string | undefined): AccessPart {
  return until === undefined ? { under } : { under, until }
}

/** Instants in UTC compare as texts; what never ends comes after all of them. */
function endOf({ until }: AccessPart): string {
  return until ?? 'never'
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one < other ? one : other
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
