import type { AccessChange, AccessGrant, AccessPart, AccessSummary, AccessTarget } from './access.js'
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
  // Members of the same teams change alike, and organizations have many of these.
  const known = new Map<string, readonly Omit<AccessChange, 'who'>[]>()
  const changed = new Map<Who, readonly Omit<AccessChange, 'who'>[]>()
  for (const kind of ['member', 'platform'] as const)
    for (const name of new Set([...old[kind].names, ...now[kind].names])) {
      const key = `${kind}\n${old[kind].sources(name)}\n\n${now[kind].sources(name)}`
      let changes = known.get(key)
      if (changes === undefined)
        known.set(key, (changes = [...changesOf(old[kind].held(name), now[kind].held(name))]))
      if (changes.length > 0) changed.set(`${kind}/${name}`, changes)
    }
  for (const who of [...changed.keys()].toSorted(compare))
    for (const change of changed.get(who) ?? []) yield { who, ...change }
}

type Who = AccessChange['who']

/** What somebody holds: by capability and target, the parts of it, none inside another. */
type Held = ReadonlyMap<string, readonly AccessPart[]>

/** Of one kind: by names, since texts that are put together for each of a hundred thousand members cost as much as all else. */
interface Holders {
  readonly names: readonly string[]
  /** All that decides what somebody holds, a line each: the same for two means that they hold the same. */
  sources(name: string): string
  held(name: string): Held
}

type AccessIndex = Readonly<Record<'member' | 'platform', Holders>>

function indexAccess({ members, teams, grants }: AccessSummary): AccessIndex {
  const grantsTo = new Map<string, AccessGrant[]>()
  for (const grant of grants) append(grantsTo, grant.to, grant)
  const teamsOf = new Map<string, string[]>()
  for (const [team, names] of Object.entries(teams)) {
    const subject = `team/${team}`
    if (grantsTo.has(subject)) for (const name of names) append(teamsOf, name, subject)
  }
  const holdDirectly = new Set<string>()
  const platforms: string[] = []
  for (const to of grantsTo.keys()) {
    if (to.startsWith('member/')) holdDirectly.add(to.slice(7))
    if (to.startsWith('platform/')) platforms.push(to.slice(9))
  }
  const people = new Map(Object.entries(members))
  const subjectsOf = (name: string): readonly string[] => {
    const through = people.has(name) ? (teamsOf.get(name) ?? NOTHING) : NOTHING
    const isDirect = holdDirectly.has(name) && people.has(name)
    if (!isDirect && through.length < 2) return through
    return [...(isDirect ? [`member/${name}`] : []), ...through.toSorted(compare)]
  }
  return {
    member: {
      names: [...people.keys()],
      sources: (name) => `${people.get(name)?.until ?? ''}\n${subjectsOf(name).join('\n')}`,
      held: (name) => heldThrough(subjectsOf(name), grantsTo, people.get(name)?.until),
    },
    platform: {
      names: platforms,
      sources: (name) => (grantsTo.has(`platform/${name}`) ? name : ''),
      held: (name) => heldThrough([`platform/${name}`], grantsTo, undefined),
    },
  }
}

const NOTHING: readonly string[] = []

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
