import { isMap, isScalar, isSeq } from 'yaml'
import type { Edited } from './edited.js'
import { refused, unreadable } from './edited.js'
import type { Splice } from './splice.js'
import { writePair, writeText } from './write-entry.js'
import type { GrantWords } from './written-grants.js'
import { grantListOf, sameName, sayGrant } from './written-grants.js'
import type { Node, Pair, YAMLMap, YAMLSeq, YamlText } from './yaml-text.js'
import {
  checkedEdit,
  colonAfter,
  columnOf,
  contentEnd,
  isPlainNode,
  lineEnd,
  lineStart,
  pairOf,
  readYamlText,
  startOf,
} from './yaml-text.js'

/** Whose end is to be set. */
export type Ending =
  | { readonly kind: 'member' | 'key' | 'team'; readonly name: string }
  | ({ readonly kind: 'grant' } & GrantWords)

/** A place in the file: the pair or list item whose value has the end, and the way to it in the plain value. */
interface Place {
  readonly path: readonly (string | number)[]
  readonly pair?: Pair<Node, Node | null>
  readonly value: Node | null
}

/** Sets `until` of a member, its key, a team or a grant, whether it had one or not. */
export function setEnd(text: string, ending: Ending, until: string): Edited {
  const yaml = readYamlText(text)
  if (yaml === undefined) return unreadable()
  const place = ending.kind === 'grant' ? grantPlace(yaml, ending) : namedPlace(yaml, ending)
  if ('ok' in place) return place
  return checkedEdit(yaml, splicesFor(yaml, place, until), (value) => setValue(value, place.path, until))
}

function setValue(value: Record<string, unknown>, path: Place['path'], until: string): void {
  const last = path.at(-1)!
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], value)
  const old = (parent as Record<string | number, unknown>)[last]
  const { for: _, ...rest } = (Array.isArray(old) ? { members: old as unknown[] } : (old ?? {})) as Record<
    string,
    unknown
  >
  ;(parent as Record<string | number, unknown>)[last] = { ...rest, until }
}

function namedPlace(yaml: YamlText, { kind, name }: Exclude<Ending, { kind: 'grant' }>): Place | Edited {
  const section = kind === 'team' ? 'teams' : 'members'
  const pair = pairOf(pairOf(yaml.root, section)?.value, name)
  if (pair === undefined)
    return refused(
      'EDIT_NOT_FOUND',
      `the file declares no ${kind === 'team' ? 'team' : 'member'} "${name}"`,
      {
        hint: 'Check the name; who comes from a roster ends in the roster.',
      },
    )
  if (kind !== 'key') return { path: [section, name], pair, value: pair.value }
  const keys = pairOf(pair.value, 'keys')
  if (keys === undefined)
    return refused('EDIT_NOT_FOUND', `the member "${name}" has no key`, {
      related: [{ line: yaml.lineOf(startOf(pair.key)), message: `"${name}" is declared here` }],
      hint: 'Declare one with "keys: { until: … }", or end the member: "ringfence extend member".',
    })
  return { path: [section, name, 'keys'], pair: keys, value: keys.value }
}

function grantPlace(yaml: YamlText, words: GrantWords): Place | Edited {
  const fitting = (grantListOf(yaml)?.grants ?? []).filter(
    ({ can, on, to, under }) =>
      sameName(to, words.to) &&
      sameName(on, words.on) &&
      (words.under === undefined || under === words.under) &&
      words.can.every((one) => can.includes(one)),
  )
  const related = fitting.map((grant) => ({ line: grant.line, message: sayGrant(grant) }))
  const [only] = fitting
  if (only === undefined)
    return refused('EDIT_NOT_FOUND', `no grant says that ${sayGrant(words)}`, {
      hint: 'See "ringfence access" for who can do what, and by which lines of the file.',
    })
  if (fitting.length > 1)
    return refused('EDIT_AMBIGUOUS', `${fitting.length} grants say that ${sayGrant(words)}`, {
      hint: "Say which with --under PREFIX (--under '' for the one without).",
      related,
    })
  if (only.node === undefined)
    return refused('EDIT_IMPOSSIBLE', 'the grant is written in a way that cannot be edited here', { related })
  return { path: ['grants', only.index], value: only.node }
}

/** None where the place cannot be edited: the result is then not what it should be. */
function splicesFor(yaml: YamlText, { pair, value }: Place, until: string): readonly Splice[] {
  if (isPlainNode(value) && isMap(value)) return endInMap(yaml, value, until)
  if (pair === undefined) return []
  if (isPlainNode(value) && isSeq(value)) return endOfList(yaml, pair, value, until)
  if (value !== null && !(isScalar(value) && value.value === null)) return []
  const colon = colonAfter(yaml.text, pair.key) + 1
  const isWritten = value !== null && value.range?.[0] !== value.range?.[1]
  const text = ` { ${writePair('until', until, yaml.isJson)} }`
  return [{ start: colon, end: isWritten ? contentEnd(yaml.text, value) : colon, text }]
}

function endInMap(yaml: YamlText, map: YAMLMap, until: string): readonly Splice[] {
  const { isJson, newline, text } = yaml
  const old = pairOf(map, 'until') ?? pairOf(map, 'for')
  if (old !== undefined) return replaceEnd(text, old, until, isJson)
  const written = writePair('until', until, isJson)
  const because = pairOf(map, 'because')
  const last = map.items.at(-1) as Pair<Node, Node | null> | undefined
  if (map.flow === true) {
    if (last === undefined)
      return [{ start: startOf(map), end: contentEnd(text, map), text: `{ ${written} }` }]
    const before = because === undefined ? undefined : startOf(because.key)
    if (before !== undefined) return [{ start: before, end: before, text: `${written}, ` }]
    const end = last.value === null ? (last.key.range?.[1] ?? 0) : contentEnd(text, last.value)
    return [{ start: end, end, text: `, ${written}` }]
  }
  if (last === undefined) return []
  const indent = ' '.repeat(columnOf(text, startOf(last.key)))
  if (because !== undefined) {
    const before = startOf(because.key)
    const column = ' '.repeat(columnOf(text, before))
    return [{ start: before, end: before, text: `${written}${newline}${column}` }]
  }
  const at = lineEnd(text, contentEnd(text, map))
  return [{ start: at, end: at, text: `${newline}${indent}${written}` }]
}

/** `until: …` in the place of another one, or of `for: …`; quoted as that one was. */
export function replaceEnd(
  text: string,
  { key, value }: Pair<Node, Node | null>,
  until: string,
  isJson: boolean,
): readonly Splice[] {
  const [keyStart = 0, keyEnd = 0] = key.range ?? []
  const quoteOfKey = quoteAt(text, keyStart)
  const keySplice =
    text.slice(keyStart, keyEnd).replaceAll(/["']/g, '') === 'until'
      ? []
      : [{ start: keyStart, end: keyEnd, text: `${quoteOfKey}until${quoteOfKey}` }]
  if (!isPlainNode(value)) return []
  const start = startOf(value)
  const quote = quoteAt(text, start)
  const written = quote === '' ? writeText(until, isJson) : `${quote}${until}${quote}`
  return [...keySplice, { start, end: contentEnd(text, value), text: written }]
}

function quoteAt(text: string, offset: number): string {
  const first = text[offset]
  return first === '"' || first === "'" ? first : ''
}

/** The short form of a team becomes the long one; lines of its list move to the right. */
function endOfList(
  yaml: YamlText,
  pair: Pair<Node, Node | null>,
  list: YAMLSeq,
  until: string,
): readonly Splice[] {
  const { isJson, newline, text } = yaml
  const written = writePair('until', until, isJson)
  const end = contentEnd(text, list)
  if (list.flow === true) {
    const start = startOf(list)
    const key = isJson ? '"members"' : 'members'
    return [
      { start, end: start, text: `{ ${key}: ` },
      { start: end, end, text: `, ${written} }` },
    ]
  }
  const column = columnOf(text, startOf(pair.key)) + 2
  const first = lineStart(text, startOf(list))
  const shift = Math.max(0, column + 2 - columnOf(text, startOf(list)))
  const splices: Splice[] = [{ start: first, end: first, text: `${' '.repeat(column)}members:${newline}` }]
  for (let at = first; at < end; at = lineEnd(text, at) + newline.length)
    if (text.slice(at, lineEnd(text, at)).trim() !== '')
      splices.push({ start: at, end: at, text: ' '.repeat(shift) })
  const last = lineEnd(text, end)
  return [...splices, { start: last, end: last, text: `${newline}${' '.repeat(column)}${written}` }]
}
