import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { type Cut, cutAll, cutItem } from './cut-item.js'

/** A declared file without one member, and what was taken out of it, in words. */
export interface RemovedMember {
  readonly text: string
  readonly removed: readonly string[]
  /** What the file takes its members from, beside those that it names. */
  readonly from?: string
}

/**
 * Takes a member out of a declared file in YAML: their entry, their places in teams, grants to them and guarantees about
 * them alone. Everything else stays as it is written, to the byte. A text that does not name them stays as it is.
 */
export function removeMember(text: string, name: string): RemovedMember {
  const document = parseDocument(text)
  const found = [
    ...findEntry(document, text, name),
    ...findInTeams(document, text, name),
    ...findItems(document, text, 'grants', (item) => item.get('to') === name),
    ...findItems(document, text, 'guarantees', (item) => item.getIn(['never', 'who']) === name),
  ]
  const from: unknown = document.getIn(['members', 'from'])
  return {
    text: cutAll(
      text,
      found.flatMap(({ cuts }) => cuts),
    ),
    removed: found.map(({ what }) => what),
    ...(typeof from === 'string' ? { from } : {}),
  }
}

interface Found {
  readonly what: string
  readonly cuts: readonly Cut[]
}

function findEntry(document: Document, text: string, name: string): readonly Found[] {
  const members = document.get('members')
  if (!isMap(members)) return []
  const at = members.items.findIndex((pair) => scalarOf(pair.key) === name)
  return at < 0 ? [] : [{ what: `members.${name}`, cuts: cutItem(text, members, [at]) }]
}

function findInTeams(document: Document, text: string, name: string): readonly Found[] {
  const teams = document.get('teams')
  if (!isMap(teams)) return []
  return teams.items.flatMap(({ key, value }: Pair) => {
    const list = isMap(value) ? value.get('members') : value
    if (!isSeq(list)) return []
    const at = placesOf(list, (item) => scalarOf(item) === name)
    return at.length === 0 ? [] : [{ what: `teams.${scalarOf(key)}`, cuts: cutItem(text, list, at) }]
  })
}

function findItems(
  document: Document,
  text: string,
  key: string,
  isTheirs: (item: YAMLMap) => boolean,
): readonly Found[] {
  const list = document.get(key)
  if (!isSeq(list)) return []
  const at = placesOf(list, (item) => isMap(item) && isTheirs(item))
  if (at.length === 0) return []
  return [{ what: at.map((index) => `${key}[${index}]`).join(', '), cuts: cutItem(text, list, at) }]
}

function placesOf(list: YAMLSeq, isTheirs: (item: unknown) => boolean): readonly number[] {
  return list.items.flatMap((item, index) => (isTheirs(item) ? [index] : []))
}

function scalarOf(node: unknown): string {
  return String(isScalar(node) ? node.value : node)
}
