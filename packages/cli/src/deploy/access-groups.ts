import type { AccessChange, AccessSummary } from '@ringfence/plan'

/** What some members, or the jobs of some platforms, gain and lose alike. */
export interface AccessGroup {
  readonly who: readonly { readonly name: string; readonly note?: 'joins' | 'leaves' }[]
  readonly lines: readonly AccessLine[]
}

/** One thing gained or lost: capabilities on one target, within the same limits. */
export interface AccessLine extends Pick<AccessChange, 'change' | 'on' | 'under' | 'until' | 'except'> {
  readonly can: readonly AccessChange['can'][]
}

/** Gathers changes of access by who has the same ones, the largest groups first. */
export function groupAccess(
  changes: readonly AccessChange[],
  before: AccessSummary | undefined,
  after: AccessSummary,
): readonly AccessGroup[] {
  const byWho = new Map<string, AccessChange[]>()
  for (const change of changes) {
    const own = byWho.get(change.who)
    if (own === undefined) byWho.set(change.who, [change])
    else own.push(change)
  }
  const groups = new Map<string, { who: string[]; lines: readonly AccessLine[] }>()
  for (const [who, own] of byWho) {
    const lines = linesOf(own)
    const key = JSON.stringify(lines)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { who: [who], lines })
    else group.who.push(who)
  }
  return [...groups.values()]
    .toSorted((a, b) => b.who.length - a.who.length)
    .map(({ who, lines }) => ({ who: who.map((one) => person(one, before, after)), lines }))
}

function linesOf(changes: readonly AccessChange[]): readonly AccessLine[] {
  const lines = new Map<string, AccessLine & { can: AccessChange['can'][] }>()
  for (const { who: _, can, ...line } of changes) {
    const key = JSON.stringify([line.change, line.on, line.under, line.until, line.except])
    const known = lines.get(key)
    if (known === undefined) lines.set(key, { ...line, can: [can] })
    else known.can.push(can)
  }
  return [...lines.values()]
}

function person(
  who: string,
  before: AccessSummary | undefined,
  after: AccessSummary,
): AccessGroup['who'][number] {
  const [kind, name = who] = who.split('/')
  if (kind !== 'member') return { name: who }
  if (!(name in after.members)) return { name, note: 'leaves' }
  if (before !== undefined && !(name in before.members)) return { name, note: 'joins' }
  return { name }
}
