import { sameDocument } from './policy-document.js'
import { hasUnknown, isObject } from './properties.js'

/** What an argument can be. `document` is a policy as JSON, `strings` a set, `blocks` an ordered list. */
export type Kind =
  | 'string'
  | 'document'
  | 'boolean'
  | 'number'
  | 'strings'
  | 'map'
  | { readonly block: Readonly<Record<string, Kind>> }
  | { readonly blocks: Readonly<Record<string, Kind>> }

/** What is wrong with a value of that kind; several things are told one by one. */
export function faultsOf(kind: Kind, value: unknown, path: string): { property: string; reason: string }[] {
  const fault = (reason: string) => [{ property: path, reason }]
  if (value === undefined || value === null || hasUnknown(value)) return []
  if (typeof kind === 'object') {
    if ('blocks' in kind) {
      if (!Array.isArray(value)) return fault('must be a list')
      return value.flatMap((item, index) => faultsOf({ block: kind.blocks }, item, `${path}[${index}]`))
    }
    if (!isObject(value)) return fault('must be an object')
    return Object.entries(value).flatMap(([name, member]) => {
      const itsKind = kind.block[name]
      if (itsKind !== undefined) return faultsOf(itsKind, member, `${path}.${name}`)
      return [{ property: `${path}.${name}`, reason: unknownName(name, Object.keys(kind.block)) }]
    })
  }
  if (kind === 'strings') {
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? []
      : fault('must be a list of strings')
  }
  if (kind === 'map') {
    return isObject(value) && Object.values(value).every((item) => typeof item === 'string')
      ? []
      : fault('must be an object of strings')
  }
  if (kind === 'document') return typeof value === 'string' && isJson(value) ? [] : fault('must be JSON')
  return typeof value === kind ? [] : fault(`must be a ${kind}`)
}

/** Why a name is refused. */
export function unknownName(name: string, known: readonly string[]): string {
  return `the stand-in for the AWS provider does not know '${name}' here; it knows ${known.join(', ')}`
}

/** Whether two values mean the same; an absent one is the empty one of its kind. */
export function sameValue(kind: Kind, one: unknown, other: unknown): boolean {
  if (kind === 'document') return sameDocument(text(one), text(other))
  return JSON.stringify(canonical(kind, one)) === JSON.stringify(canonical(kind, other))
}

function canonical(kind: Kind, value: unknown): unknown {
  if (typeof kind === 'object') {
    if ('blocks' in kind) {
      const items = Array.isArray(value) ? value : []
      return items.map((item) => canonical({ block: kind.blocks }, item))
    }
    const members = isObject(value) ? value : {}
    // A member that the stand-in has no kind for comes from AWS, and must not be overlooked.
    const names = new Set([...Object.keys(kind.block), ...Object.keys(members)])
    return [...names].toSorted().map((name) => {
      const itsKind = kind.block[name]
      return [name, itsKind === undefined ? members[name] : canonical(itsKind, members[name])]
    })
  }
  if (kind === 'strings') return Array.isArray(value) ? [...new Set(value)].toSorted() : []
  if (kind === 'map') return isObject(value) ? Object.entries(value).toSorted(byName) : []
  if (kind === 'boolean') return value ?? false
  if (kind === 'number') return value ?? 0
  return value ?? ''
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}
