import type { Declaration, Store } from '@ringfence/plan'

/** A part of a bucket that grants may tell apart from the rest, with a folder of its own for probes. */
export interface Area {
  /** `''` for what no declared prefix covers, else the declared prefix, ending in `/`. */
  readonly under: string
  /** True for the one area outside of every prefix that stands for the whole bucket in the matrix. */
  readonly whole: boolean
  /** Ends in `/`; probes in this area touch only keys that start with it. */
  readonly folder: string
}

/** What probes do to the keys of an area; each action has a key of its own, so that order does not matter. */
export type ProbeKey = 'object' | 'put' | 'delete' | 'copy' | 'acl' | 'plain'

const FOLDER = 'ringfence-rehearsal'

/**
 * The areas of a store: outside of every prefix, inside each declared one, and right beside each (`raw/` has
 * the neighbour `raw-beside/`, which a pattern that forgets the slash would let in).
 */
export function areasOf(declaration: Declaration, store: Pick<Store, 'kind' | 'name'>): readonly Area[] {
  const prefixes = prefixesOf(declaration, store)
  const outside = (name: string): string => {
    let folder = `${name}/`
    for (let number = 2; prefixes.some((prefix) => folder.startsWith(prefix)); number += 1)
      folder = `${name}-${number}/`
    return folder
  }
  return [
    { under: '', whole: true, folder: outside(FOLDER) },
    ...prefixes.flatMap((prefix): Area[] => [
      { under: prefix, whole: false, folder: `${prefix}${FOLDER}/` },
      { under: '', whole: false, folder: outside(`${prefix.slice(0, -1)}-beside`) },
    ]),
  ]
}

/** Every prefix that some grant or platform names on this store, in the order of the file, without repeats. */
function prefixesOf(declaration: Declaration, store: Pick<Store, 'kind' | 'name'>): readonly string[] {
  const grants = declaration.grants.filter(({ on }) => on.kind === store.kind && on.name === store.name)
  const references = declaration.platforms
    .flatMap(({ reads, writes }) => [...reads, ...writes])
    .filter(({ kind, name }) => kind === store.kind && name === store.name)
  const prefixes = [...grants, ...references].map(({ under }) => under)
  return [...new Set(prefixes)].filter((prefix) => prefix !== '')
}

export function keyIn(area: Area, purpose: ProbeKey): string {
  return `${area.folder}${purpose}.txt`
}
