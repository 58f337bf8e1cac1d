import { isMap, isScalar, isSeq } from 'yaml'
import type { Edited } from './edited.js'
import { unreadable } from './edited.js'
import { removeItems } from './list-items.js'
import type { Splice } from './splice.js'
import type { Node, Pair, YAMLMap, YAMLSeq, YamlText } from './yaml-text.js'
import { checkedEdit, pairOf, readYamlText } from './yaml-text.js'

/** A declared file without one member, and what was taken out of it, in words. */
export type RemovedMember = Edited & {
  /** `members.ada`, `ada in teams.research`, `grants[2]` */
  readonly removed: readonly string[]
  /** What the file takes its members from, beside those that it names. */
  readonly from?: string
}

/**
 * Takes a member out of a declared file in YAML: their entry, their places in teams, grants to them and guarantees about
 * them alone. Everything else stays as it is written, to the byte. A text that does not name them stays as it is.
 */
export function removeMember(text: string, name: string): RemovedMember {
  const yaml = readYamlText(text)
  if (yaml === undefined) return { ...unreadable(), removed: [] }
  const isThem = (written: unknown): boolean => written === name || written === `members/${name}`
  const found = [
    ...findEntry(yaml, name),
    ...findInTeams(yaml, name, isThem),
    ...findItems(yaml, 'grants', (item) => isThem(item.get('to'))),
    ...findItems(yaml, 'guarantees', (item) => isThem(item.getIn(['never', 'who']))),
  ]
  const edited = checkedEdit(
    yaml,
    found.flatMap(({ splices }) => splices),
    (value) => {
      for (const { change } of found) change(value)
    },
  )
  const from: unknown = yaml.root.getIn(['members', 'from'])
  const removed = edited.ok ? found.map(({ what }) => what) : []
  return { ...edited, removed, ...(typeof from === 'string' ? { from } : {}) }
}

type Value = Record<string, unknown>

interface Found {
  readonly what: string
  readonly splices: readonly Splice[]
  /** The same in plain values. */
  readonly change: (value: Value) => void
}

function findEntry(yaml: YamlText, name: string): readonly Found[] {
  const pair = pairOf(yaml.root, 'members')
  const members = pair?.value
  if (pair === undefined || !isMap(members)) return []
  const at = members.items.findIndex(({ key }) => scalarOf(key) === name)
  if (at < 0) return []
  return [
    {
      what: `members.${name}`,
      splices: removeItems(yaml, pair, members as YAMLMap, new Set([at])),
      change: ({ members: value }) => {
        delete (value as Value)[name]
      },
    },
  ]
}

function findInTeams(yaml: YamlText, name: string, isThem: (text: unknown) => boolean): readonly Found[] {
  const teams = pairOf(yaml.root, 'teams')?.value
  if (!isMap(teams)) return []
  return (teams.items as Pair<Node, Node | null>[]).flatMap((pair) => {
    const isLong = isMap(pair.value)
    const holder = isLong ? pairOf(pair.value, 'members') : pair
    const list = holder?.value
    if (holder === undefined || !isSeq(list)) return []
    const at = placesOf(list as YAMLSeq, (item) => isThem(scalarOf(item)))
    if (at.size === 0) return []
    const team = scalarOf(pair.key)
    return [
      {
        what: `${name} in teams.${team}`,
        splices: removeItems(yaml, holder, list as YAMLSeq, at),
        change: ({ teams: value }) => {
          const [of, key] = isLong ? [(value as Value)[team] as Value, 'members'] : [value as Value, team]
          of[key] = without(of[key], at)
        },
      },
    ]
  })
}

function findItems(yaml: YamlText, key: string, isTheirs: (item: YAMLMap) => boolean): readonly Found[] {
  const pair = pairOf(yaml.root, key)
  const list = pair?.value
  if (pair === undefined || !isSeq(list)) return []
  const at = placesOf(list as YAMLSeq, (item) => isMap(item) && isTheirs(item as YAMLMap))
  if (at.size === 0) return []
  return [
    {
      what: [...at].map((index) => `${key}[${index}]`).join(', '),
      splices: removeItems(yaml, pair, list as YAMLSeq, at),
      change: (value) => {
        value[key] = without(value[key], at)
      },
    },
  ]
}

function without(list: unknown, at: ReadonlySet<number>): readonly unknown[] {
  return (list as readonly unknown[]).filter((_, index) => !at.has(index))
}

function placesOf(list: YAMLSeq, isTheirs: (item: unknown) => boolean): ReadonlySet<number> {
  return new Set(list.items.flatMap((item, index) => (isTheirs(item) ? [index] : [])))
}

function scalarOf(node: unknown): string {
  return String(isScalar(node) ? node.value : node)
}
