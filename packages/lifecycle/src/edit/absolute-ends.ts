import { durationMs } from '@ringfence/plan'
import { isMap, isScalar, isSeq } from 'yaml'
import type { Edited } from './edited.js'
import { unreadable } from './edited.js'
import { replaceEnd } from './set-end.js'
import type { Splice } from './splice.js'
import type { Node, Pair, YamlText } from './yaml-text.js'
import { checkedEdit, isPlainNode, pairOf, readYamlText } from './yaml-text.js'

/** The instant so much later, ISO 8601 in UTC to the second. */
export function instantAfter(nowMs: number, lengthMs: number): string {
  return new Date(Math.floor((nowMs + lengthMs) / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/** A relative end in a file. */
interface Relative {
  readonly path: readonly (string | number)[]
  readonly pair: Pair<Node, Node | null>
  readonly until: string
}

/**
 * Writes each relative end (`for: 30d`) of members, keys, teams and grants as the instant so long after `nowMs`. Ends
 * that are no length of time, or stand beside an `until`, are left for the parser to tell. Nothing else is changed.
 */
export function writeAbsoluteEnds(text: string, nowMs: number): Edited {
  const yaml = readYamlText(text)
  if (yaml === undefined) return unreadable()
  const found = relativeEnds(yaml, nowMs)
  const splices = found.flatMap(({ pair, until }): readonly Splice[] =>
    replaceEnd(text, pair, until, yaml.isJson),
  )
  return checkedEdit(yaml, splices, (value) => {
    for (const { path, until } of found) {
      const owner = path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], value)
      const entry = owner as Record<string, unknown>
      delete entry['for']
      entry['until'] = until
    }
  })
}

function relativeEnds({ root }: YamlText, nowMs: number): readonly Relative[] {
  const found: Relative[] = []
  const look = (node: Node | null | undefined, path: Relative['path']): void => {
    if (!isPlainNode(node) || !isMap(node)) return
    const pair = pairOf(node, 'for')
    if (pair === undefined || pairOf(node, 'until') !== undefined || !isScalar(pair.value)) return
    const lengthMs = durationMs(String(pair.value.value))
    if (lengthMs !== undefined) found.push({ path, pair, until: instantAfter(nowMs, lengthMs) })
  }
  for (const section of ['members', 'teams'] as const) {
    const map = pairOf(root, section)?.value
    if (!isMap(map)) continue
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      if (!isScalar(key)) continue
      const path = [section, String(key.value)]
      look(value, path)
      if (section === 'members') look(pairOf(value, 'keys')?.value, [...path, 'keys'])
    }
  }
  const grants = pairOf(root, 'grants')?.value
  if (isSeq(grants))
    for (const [index, item] of (grants.items as (Node | null)[]).entries()) look(item, ['grants', index])
  return found
}
