import type { EncodedKey } from './condition-keys.js'
import { OutsideSubset } from './outside-subset.js'
import { and, not, or, type Term } from './regular.js'

const [LIST, FIRST, LAST, VIA] = [
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:viaawsservice',
] as const

/** How many values a list has beside those that its own conditions ask for: the ends of a chain of services. */
export function furtherItems(name: string, asked: ReadonlyMap<string, unknown>): number {
  return name === LIST ? [FIRST, LAST].filter((end) => asked.has(end)).length : 0
}

/**
 * What holds for keys that AWS fills in together. [access_forward_access_sessions; reference_policies_condition-keys,
 * aws:CalledVia and aws:PrincipalOrgPaths]
 */
export function tiedUniverse(keys: ReadonlyMap<string, EncodedKey>): readonly Term[] {
  return [...callUniverse(keys), ...organizationUniverse(keys)]
}

function callUniverse(keys: ReadonlyMap<string, EncodedKey>): readonly Term[] {
  const [list, first, last, via] = [LIST, FIRST, LAST, VIA].map((name) => keys.get(name))
  const chain = [list, first, last].filter((key) => key !== undefined)
  const [one, ...others] = chain
  if (!one) return []
  const ends = [
    { end: first, item: 0 },
    { end: last, item: -1 },
  ]
  return [
    ...others.map((other) => `(= ${isPresent(one)} ${isPresent(other)})`),
    ...(via ? [`(=> ${isPresent(one)} (= ${textOf(via)} "true"))`] : []),
    ...ends.flatMap(({ end, item }) => {
      if (!list || !end) return []
      const { present } = list.items.at(item)!
      return [`(=> ${isPresent(end)} ${and(present, `(= ${textOf(list, item)} ${textOf(end)})`)})`]
    }),
  ]
}

/** IDs have neither slash nor colon; each path begins with the one ID, of which it tells where nobody asks for that. */
function organizationUniverse(keys: ReadonlyMap<string, EncodedKey>): readonly Term[] {
  const [id, paths] = ['aws:principalorgid', 'aws:principalorgpaths'].map((name) => keys.get(name))
  const all = (paths?.items ?? []).map(({ present }, at) => ({ present, text: textOf(paths!, at) }))
  const ids = all.map(({ text }) => `(str.substr ${text} 0 (str.indexof ${text} "/" 0))`)
  return [
    ...(id ? [`(=> ${isPresent(id)} ${isId(textOf(id))})`] : []),
    ...(id && paths ? [`(= ${isPresent(id)} ${isPresent(paths)})`] : []),
    ...all.map(({ present, text }, at) => {
      return `(=> ${present} ${and(`(str.contains ${text} "/")`, isId(ids[at]!), ...(id ? [`(= ${ids[at]} ${textOf(id)})`] : []))})`
    }),
    ...all.flatMap(({ present }, at) =>
      all.slice(0, at).map((other, before) => {
        return `(=> ${and(present, other.present)} (= ${ids[at]} ${ids[before]}))`
      }),
    ),
  ]
}

function isId(text: Term): Term {
  const parts = ['/', ':'].map((separator) => not(`(str.contains ${text} "${separator}")`))
  return and(not(`(= ${text} "")`), ...parts)
}

const isPresent = ({ items }: EncodedKey): Term => or(...items.map(({ present }) => present))

function textOf({ items }: EncodedKey, at = 0): Term {
  const { text } = items.at(at)!
  if (text === undefined)
    throw new OutsideSubset('a key that hangs on others is compared otherwise than as text')
  return text
}
