import type { Capability, Declaration } from '@ringfence/plan'
import { actorId, type Actor } from './actor.js'
import type { Result } from './run-probes.js'

/** What was seen of one capability in one cell. */
export interface Ability {
  readonly capability: Capability
  /** `''` for the whole store, else the prefixes inside which it was let in. */
  readonly under: readonly string[]
  /** It was let in at the start and refused by the end of the rehearsal's clock. */
  readonly expires: boolean
}

export interface MatrixColumn {
  readonly kind: 'dataset' | 'model' | 'platform'
  readonly name: string
}

export interface MatrixRow {
  readonly kind: 'team' | 'member' | 'platform' | 'other'
  readonly name: string
  /** One cell a column. */
  readonly cells: readonly (readonly Ability[])[]
}

/** Who could do what, from the answers alone: never from what was expected of them. */
export interface Matrix {
  readonly columns: readonly MatrixColumn[]
  readonly rows: readonly MatrixRow[]
}

/** Whether something was let in at the start, and whether it still was at the end of the clock. */
interface Seen {
  readonly columnId: string
  readonly capability: Capability
  readonly under: string
  first: boolean
  last: boolean
}

/** By all that tells two observations of one row apart. */
type SeenOfRow = Map<string, Seen>

export function buildMatrix(declaration: Declaration, results: readonly Result[]): Matrix {
  const columns = columnsOf(declaration)
  const seen = new Map<string, SeenOfRow>()
  for (const result of results) note(seen, result)
  const row = (kind: MatrixRow['kind'], name: string, id: string): MatrixRow => ({
    kind,
    name,
    cells: columns.map((column) => abilitiesOf(seen.get(id), column)),
  })
  const present = (id: string) => seen.has(id)
  const members = declaration.members
    .filter(({ name }) => present(rowId('member', name)))
    .map(({ name }) => row('member', name, rowId('member', name)))
  const rowOfMember = new Map(members.map((member) => [member.name, member]))
  const teams = declaration.teams
    .filter(({ members: names }) => names.length > 0 && names.every((name) => rowOfMember.has(name)))
    .map((team): MatrixRow => {
      const rows = team.members.flatMap((name) => rowOfMember.get(name) ?? [])
      return { kind: 'team', name: team.name, cells: columns.map((_, index) => shared(rows, index)) }
    })
  const platforms = declaration.platforms
    .filter(({ name }) => present(rowId('platform', name)))
    .map(({ name }) => row('platform', name, rowId('platform', name)))
  const others = [...seen.keys()]
    .filter((id) => id.startsWith('other/'))
    .map((id) => row('other', id.slice('other/'.length), id))
  return { columns, rows: [...teams, ...members, ...platforms, ...others] }
}

function columnsOf(declaration: Declaration): readonly MatrixColumn[] {
  return [
    ...declaration.stores.map(({ kind, name }) => ({ kind, name })),
    ...declaration.platforms.map(({ name }) => ({ kind: 'platform' as const, name })),
  ]
}

function rowId(kind: MatrixRow['kind'], name: string): string {
  return `${kind}/${name}`
}

/** A member is one row, whichever of their teams they signed in to. */
function rowIdOf(actor: Actor): string {
  switch (actor.kind) {
    case 'member':
    case 'platform':
      return rowId(actor.kind, actor.name)
    case 'administrator':
      return rowId('other', `${actor.principal}/${actor.name}`)
    case 'undeclared':
      return rowId('other', `${actor.name} (undeclared)`)
    case 'stranger':
      return rowId('other', `account ${actor.account}`)
    case 'anonymous':
      return rowId('other', 'anonymous')
  }
}

function note(seen: Map<string, SeenOfRow>, { probe, answer }: Result): void {
  const id = rowIdOf(probe.actor)
  const row: SeenOfRow = seen.get(id) ?? new Map()
  seen.set(id, row)
  if (probe.observes === undefined) return
  const { on, capability, under, as } = probe.observes
  const columnId = `${on.kind}/${on.name}`
  const thing = [actorId(probe.actor), columnId, capability, under, as ?? ''].join(' ')
  const letIn = answer.outcome === 'allowed'
  const known = row.get(thing)
  if (known === undefined) row.set(thing, { columnId, capability, under, first: letIn, last: letIn })
  else if (probe.stage === 'later') known.last = letIn
  else {
    known.first ||= letIn
    known.last ||= letIn
  }
}

const CAPABILITIES: readonly Capability[] = [
  'read',
  'write',
  'delete',
  'administer',
  'train',
  'deploy',
  'invoke',
]

function abilitiesOf(seen: SeenOfRow | undefined, column: MatrixColumn): readonly Ability[] {
  const columnId = `${column.kind}/${column.name}`
  const open = [...(seen?.values() ?? [])].filter((one) => one.columnId === columnId && one.first)
  return CAPABILITIES.flatMap((capability): Ability[] => {
    const some = open.filter((one) => one.capability === capability)
    if (some.length === 0) return []
    const whole = some.filter(({ under }) => under === '')
    const told = whole.length > 0 ? whole : some
    return [
      {
        capability,
        under: [...new Set(told.map(({ under }) => under))],
        expires: told.every(({ last }) => !last),
      },
    ]
  })
}

/** What every one of the rows can do: the prefixes and the expiry that all of them share. */
function shared(rows: readonly MatrixRow[], index: number): readonly Ability[] {
  const [first = [], ...others] = rows.map(({ cells }) => cells[index] ?? [])
  return first.flatMap((ability): Ability[] => {
    let under = ability.under
    let { expires } = ability
    for (const other of others) {
      const same = other.find(({ capability }) => capability === ability.capability)
      if (same === undefined) return []
      under = sharedPrefixes(under, same.under)
      expires ||= same.expires
    }
    return under.length === 0 ? [] : [{ ...ability, under, expires }]
  })
}

/** The narrower of each two that overlap. */
function sharedPrefixes(some: readonly string[], others: readonly string[]): readonly string[] {
  const narrow = some.flatMap((one) =>
    others.flatMap((other) => (one.startsWith(other) ? [one] : other.startsWith(one) ? [other] : [])),
  )
  return [...new Set(narrow)]
}
