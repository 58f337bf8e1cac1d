import type {
  AccessChange,
  AccessGrant,
  AccessPart,
  AccessSubject,
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
  // Members of the same teams change alike, and organizations have many of these.
  const known = new Map<Sources, Map<Sources, readonly Omit<AccessChange, 'who'>[]>>()
  const changed = new Map<Who, readonly Omit<AccessChange, 'who'>[]>()
  for (const kind of ['member', 'platform'] as const)
    for (const name of namesOfBoth(old[kind], now[kind])) {
      const [oldSources, nowSources] = [old[kind].sources(name), now[kind].sources(name)]
      let knownOf = known.get(oldSources)
      if (knownOf === undefined) known.set(oldSources, (knownOf = new Map()))
      let changes = knownOf.get(nowSources)
      if (changes === undefined)
        knownOf.set(nowSources, (changes = [...changesOf(old.held(oldSources), now.held(nowSources))]))
      if (changes.length > 0) changed.set(`${kind}/${name}`, changes)
    }
  for (const who of [...changed.keys()].toSorted(compare))
    for (const change of changed.get(who) ?? []) yield { who, ...change }
}

type Who = AccessChange['who']

/** What somebody holds: by capability and target, the parts of it, none inside another. */
type Held = ReadonlyMap<string, readonly AccessPart[]>

/** All that decides what somebody holds, in one state: whoever has the same of these holds the same. */
class Sources {
  readonly #longer = new Map<string, Sources>()

  constructor(
    readonly subjects: readonly AccessSubject[] = [],
    readonly until?: string,
  ) {}

  /** With one more subject; the same one for the same. */
  with(subject: AccessSubject): Sources {
    return this.#next(subject, () => new Sources([...this.subjects, subject], this.until))
  }

  /** With the end of a member. */
  ending(until: string): Sources {
    return this.#next(until, () => new Sources(this.subjects, until))
  }

  #next(key: string, make: () => Sources): Sources {
    let next = this.#longer.get(key)
    if (next === undefined) this.#longer.set(key, (next = make()))
    return next
  }
}

/** Of one kind: by names, since texts that are put together for each of a hundred thousand members cost as much as all else. */
interface Holders {
  readonly names: readonly string[]
  has(name: string): boolean
  sources(name: string): Sources
}

interface AccessIndex extends Readonly<Record<'member' | 'platform', Holders>> {
  held(sources: Sources): Held
}

function* namesOfBoth(old: Holders, now: Holders): Generator<string> {
  yield* old.names
  for (const name of now.names) if (!old.has(name)) yield name
}

function indexAccess({ members, teams, grants }: AccessSummary): AccessIndex {
  const grantsTo = new Map<AccessSubject, AccessGrant[]>()
  for (const grant of grants) append(grantsTo, grant.to, grant)
  const nothing = new Sources()
  const throughTeams = new Map<string, Sources>()
  for (const [team, names] of Object.entries(teams)) {
    const subject = `team/${team}` as const
    if (!grantsTo.has(subject)) continue
    for (const name of names) throughTeams.set(name, (throughTeams.get(name) ?? nothing).with(subject))
  }
  const platforms: string[] = []
  const direct = new Map<string, AccessSubject>()
  for (const to of grantsTo.keys()) {
    if (to.startsWith('member/')) direct.set(to.slice('member/'.length), to)
    if (to.startsWith('platform/')) platforms.push(to.slice('platform/'.length))
  }
  const isMember = (name: string): boolean => Object.hasOwn(members, name)
  return {
    member: {
      names: Object.keys(members),
      has: isMember,
      sources: (name) => {
        if (!isMember(name)) return nothing
        const own = direct.get(name)
        const through = throughTeams.get(name) ?? nothing
        const all = own === undefined ? through : through.with(own)
        const until = members[name]?.until
        return until === undefined ? all : all.ending(until)
      },
    },
    platform: {
      names: platforms,
      has: (name) => grantsTo.has(`platform/${name}`),
      sources: (name) => (grantsTo.has(`platform/${name}`) ? nothing.with(`platform/${name}`) : nothing),
    },
    held: ({ subjects, until }) => heldThrough(subjects, grantsTo, until),
  }
}

function heldThrough(
  subjects: readonly AccessSubject[],
  grantsTo: ReadonlyMap<AccessSubject, readonly AccessGrant[]>,
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

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
