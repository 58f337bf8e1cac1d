import type { ActionElement } from '../../policy.js'
import { endsAgree, includesPattern } from '../texts/pattern-inclusion.js'
import type { Token } from '../texts/pattern.js'
import { actionTokens } from '../texts/text-patterns.js'

/** What an element names of one service. */
interface ServiceNames {
  /** Names without wildcards. */
  readonly exact: Map<string, readonly Token[]>
  /** The same as a list, which is gone through often. */
  readonly names: string[]
  readonly patterns: (readonly Token[])[]
}

/** The actions that an Action or NotAction lists, service by service. */
interface ActionSet {
  readonly everything: boolean
  readonly services: ReadonlyMap<string, ServiceNames>
  readonly named: readonly string[]
}

const sets = new WeakMap<ActionElement, ActionSet>()

function setOf(element: ActionElement): ActionSet {
  const known = sets.get(element)
  if (known) return known
  const services = new Map<string, ServiceNames>()
  let everything = false
  for (const { name, service } of element.patterns) {
    if (service === '*') {
      everything = true
      continue
    }
    let names = services.get(service)
    if (!names) services.set(service, (names = { exact: new Map(), names: [], patterns: [] }))
    const tokens = actionTokens(name)
    if (tokens.some((token) => token < 0)) names.patterns.push(tokens)
    else if (!names.exact.has(name)) {
      names.exact.set(name, tokens)
      names.names.push(name)
    }
  }
  const set = { everything, services, named: [...services.keys()] }
  sets.set(element, set)
  return set
}

/** Whether the patterns alone show that every action that the second lists is one that the first lists. */
export function listsAll(wide: ActionElement, narrow: ActionElement): boolean {
  const [outer, inner] = [setOf(wide), setOf(narrow)]
  if (outer.everything) return true
  if (inner.everything) return false
  for (const service of inner.named) {
    const names = inner.services.get(service)!
    const among = outer.services.get(service)
    if (!among) return false
    const isListed = (tokens: readonly Token[]): boolean =>
      among.patterns.some((pattern) => includesPattern(pattern, tokens))
    for (const name of names.names)
      if (!among.exact.has(name) && !isListed(names.exact.get(name)!)) return false
    if (!names.patterns.every(isListed)) return false
  }
  return true
}

/** False where no action can be among those that both list. */
export function mayShare(one: ActionElement, other: ActionElement): boolean {
  const [a, b] = [setOf(one), setOf(other)]
  if (a.everything || b.everything) return true
  for (const service of a.named) {
    const others = b.services.get(service)
    if (others && namesMayShare(a.services.get(service)!, others)) return true
  }
  return false
}

function namesMayShare(a: ServiceNames, b: ServiceNames): boolean {
  const isFewer = a.names.length < b.names.length
  const many = isFewer ? b.exact : a.exact
  for (const name of isFewer ? a.names : b.names) if (many.has(name)) return true
  if (a.patterns.length + b.patterns.length === 0) return false
  const meets = (names: ServiceNames, pattern: readonly Token[]): boolean => {
    for (const tokens of names.exact.values()) if (includesPattern(pattern, tokens)) return true
    return names.patterns.some((tokens) => endsAgree(pattern, tokens))
  }
  return a.patterns.some((pattern) => meets(b, pattern)) || b.patterns.some((pattern) => meets(a, pattern))
}
