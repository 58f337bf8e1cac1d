import type { z } from 'zod'
import type { Path } from './locator.js'
import type { GrantValue, GuaranteeValue, OrganizationValue } from './schema.js'
import { organizationSchema } from './schema.js'

type Issue = z.core.$ZodIssue

/** Stands for a text that was wrong and has been reported; looking it up finds nothing, silently. */
export const broken = '\u0000'
/** The same for a list of capabilities, recognised by identity. */
export const brokenCapabilities: readonly ['read'] = ['read']
const brokenGrant: GrantValue = { to: broken, can: ['read'], on: broken }
const brokenGuarantee: GuaranteeValue = { never: { who: broken, can: ['read'], on: broken } }

export interface Repaired {
  readonly value: OrganizationValue
  /** Names that were declared, but not well: using them is no second mistake. */
  readonly brokenNames: ReadonlySet<string>
}

type Change = { readonly path: Path; readonly to: unknown } | { readonly path: Path; readonly remove: true }

/**
 * The value without what the schema refused, so that its meaning can be checked too and all errors of a file
 * are told at once. Positions stay as they are. Undefined where nothing sensible is left.
 */
export function repair(value: unknown, issues: readonly Issue[]): Repaired | undefined {
  const brokenNames = new Set<string>()
  const owned = new WeakSet<object>()
  let repaired = value
  for (const issue of issues) {
    for (const change of changesFor(issue, brokenNames)) repaired = apply(repaired, change, 0, owned)
  }
  return organizationSchema.safeParse(repaired).success
    ? { value: repaired as OrganizationValue, brokenNames }
    : undefined
}

function changesFor(issue: Issue, brokenNames: Set<string>): Change[] {
  const path = issue.path as Path
  const [section, name, field] = path
  if (issue.code === 'invalid_key') {
    brokenNames.add(String(name))
    return [{ path, remove: true }]
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], remove: true }))
  }
  switch (section) {
    case undefined:
      return []
    case 'grants':
    case 'guarantees':
      if (name === undefined) return [{ path: [section], remove: true }]
      return section === 'grants' ? changesForGrant(path) : changesForGuarantee(path)
    case 'teams':
      return changesForTeam(path)
    case 'platforms':
      return changesForPlatform(path)
    case 'members':
    case 'datasets':
    case 'models':
      if (name === undefined) return [{ path: [section], remove: true }]
      return [
        field === undefined
          ? { path: [section, name], to: null }
          : { path: [section, name, field], remove: true },
      ]
    case 'organization':
      return [{ path: [section], to: 'x' }]
    case 'account':
      return [{ path: [section], to: '000000000000' }]
    case 'region':
      return [{ path: [section], to: 'us-east-1' }]
    case 'administrators':
      return [{ path: [section], to: [broken] }]
    default:
      return [{ path: [section], remove: true }]
  }
}

function changesForTeam(path: Path): Change[] {
  const [section, name, field, index] = path
  if (section === undefined) return []
  if (name === undefined) return [{ path: [section], remove: true }]
  if (typeof field === 'number') return [{ path: [section, name, field], to: broken }]
  if (field === 'members' && index !== undefined) return [{ path: [section, name, field, index], to: broken }]
  if (field === 'until' || field === 'for') return [{ path: [section, name, field], remove: true }]
  return [{ path: [section, name], to: [broken] }]
}

function changesForGrant(path: Path): Change[] {
  const [section, index, field] = path
  if (section === undefined || index === undefined) return []
  switch (field) {
    case undefined:
      return [{ path: [section, index], to: brokenGrant }]
    case 'to':
    case 'on':
      return [{ path: [section, index, field], to: broken }]
    case 'can':
      return [{ path: [section, index, field], to: brokenCapabilities }]
    default:
      return [{ path: [section, index, field], remove: true }]
  }
}

function changesForGuarantee(path: Path): Change[] {
  const [section, index, field, part] = path
  if (section === undefined || index === undefined) return []
  if (field === undefined || part === undefined) return [{ path: [section, index], to: brokenGuarantee }]
  const to = field === 'never' && part === 'can' ? brokenCapabilities : broken
  return [{ path: [section, index, field, part], to }]
}

function changesForPlatform(path: Path): Change[] {
  const [section, name, field, index] = path
  if (section === undefined) return []
  if (name === undefined) return [{ path: [section], remove: true }]
  if (field === undefined) return [{ path: [section, name], to: { kind: 'sagemaker' } }]
  if (field === 'kind') return [{ path: [section, name, field], to: 'sagemaker' }]
  if (index === undefined || (field !== 'reads' && field !== 'writes')) {
    return [{ path: [section, name, field], remove: true }]
  }
  return [{ path: [section, name, field, index], to: broken }]
}

/**
 * Copies what lies on the path and nothing else. What was copied before, and is in `owned`, is changed in place:
 * a file with thousands of mistakes costs one copy of each list and map, not one a mistake.
 */
function apply(value: unknown, change: Change, depth: number, owned: WeakSet<object>): unknown {
  const step = change.path[depth]
  if (step === undefined) return 'to' in change ? change.to : value
  if (typeof value !== 'object' || value === null) return value
  const copy = (
    owned.has(value) ? value : Array.isArray(value) ? [...(value as unknown[])] : { ...value }
  ) as Record<PropertyKey, unknown>
  owned.add(copy)
  if (Array.isArray(copy) && typeof step !== 'number') return copy
  if (!Array.isArray(copy) && 'remove' in change && depth === change.path.length - 1) delete copy[step]
  else copy[step] = apply(copy[step], change, depth + 1, owned)
  return copy
}
