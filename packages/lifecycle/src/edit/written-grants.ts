import { isMap, isSeq } from 'yaml'
import type { Node, Pair, YAMLMap, YAMLSeq, YamlText } from './yaml-text.js'
import { isPlainNode, pairOf, startOf } from './yaml-text.js'

/** Who may do what on what, as somebody says it: names as in a declared file. */
export interface GrantWords {
  readonly to: string
  readonly can: readonly string[]
  readonly on: string
  /** A prefix; `''` is all of it. Undefined where nothing is said. */
  readonly under?: string
}

/** A grant as it is written in a file. */
export interface WrittenGrant extends Required<GrantWords> {
  readonly index: number
  readonly line: number
  /** Where it can be edited. */
  readonly node: YAMLMap | undefined
}

/** The list of grants, with the pair that holds it. */
export interface GrantList {
  readonly pair: Pair<Node, Node | null>
  readonly list: YAMLSeq | undefined
  readonly grants: readonly WrittenGrant[]
}

export function grantListOf(yaml: YamlText): GrantList | undefined {
  const pair = pairOf(yaml.root, 'grants')
  if (pair === undefined) return undefined
  const list = isSeq(pair.value) ? pair.value : undefined
  const values = Array.isArray(yaml.value['grants']) ? (yaml.value['grants'] as unknown[]) : []
  const grants = values.flatMap((value, index): readonly WrittenGrant[] => {
    const node = list?.items[index] as Node | null | undefined
    if (typeof value !== 'object' || value === null || node === null || node === undefined) return []
    const { to, can, on, under } = value as Readonly<Record<string, unknown>>
    return [
      {
        index,
        line: yaml.lineOf(startOf(node)),
        node: isPlainNode(node) && isMap(node) ? node : undefined,
        to: String(to),
        can: [can].flat().map(String),
        on: String(on),
        under: typeof under === 'string' ? under : '',
      },
    ]
  })
  return { pair, list, grants }
}

/** `user-data` and `datasets/user-data` may be the same name. */
export function sameName(one: string, other: string): boolean {
  if (one === other) return true
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return (
    !short.includes('/') &&
    /^(members|teams|datasets|models|platforms)\//.test(long) &&
    long.endsWith(`/${short}`)
  )
}

/** `research may read, write on corpus under raw/` */
export function sayGrant({ to, can, on, under = '' }: GrantWords): string {
  return `${to} may ${can.join(', ')} on ${on}${under === '' ? '' : ` under ${under}`}`
}
