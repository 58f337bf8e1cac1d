import type { AccessSummary } from './access.js'
import type { IdentityCenterPlan } from './identity-center-plan.js'
import type { Plan, SourceSpan } from './plan.js'

/**
 * The plan as JSON text, one member, team, grant, resource and statement source a line, so that a difference
 * between two plans shows as the lines of what changed. Deterministic: the same plan gives the same bytes. Plans that could pass
 * the longest text of the engine (half a billion characters) are written by `printPlanLines`.
 */
export function printPlan(plan: Plan): string {
  return `${[...printPlanLines(plan)].join('\n')}\n`
}

/** The lines of `printPlan`, one at a time, without their ends. */
export function* printPlanLines(plan: Plan): Generator<string> {
  const { access, resources, external, statements, identityCenter, ...head } = plan
  yield '{'
  for (const [key, value] of Object.entries(head)) yield `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`
  yield* printAccess(access)
  yield* printList('resources', resources, ',')
  yield* printList('external', external, ',')
  yield* printList('statements', statements, identityCenter === undefined ? '' : ',')
  if (identityCenter !== undefined) yield* printIdentityCenter(identityCenter)
  yield '}'
}

function* printIdentityCenter({ resources, external, ...head }: IdentityCenterPlan): Generator<string> {
  yield '  "identityCenter": {'
  for (const [key, value] of Object.entries(head))
    yield `    ${JSON.stringify(key)}: ${JSON.stringify(value)},`
  for (const line of printList('resources', resources, ',')) yield `  ${line}`
  for (const line of printList('external', external, '')) yield `  ${line}`
  yield '  }'
}

function* printAccess({ members, teams, grants, ...head }: AccessSummary): Generator<string> {
  yield '  "access": {'
  for (const [key, value] of Object.entries(head))
    yield `    ${JSON.stringify(key)}: ${JSON.stringify(value)},`
  yield* printEntries('members', members)
  yield* printEntries('teams', teams)
  for (const line of printList('grants', grants, '')) yield `  ${line}`
  yield '  },'
}

function* printEntries(key: string, record: Readonly<Record<string, unknown>>): Generator<string> {
  const entries = Object.entries(record)
  if (entries.length === 0) {
    yield `    ${JSON.stringify(key)}: {},`
    return
  }
  yield `    ${JSON.stringify(key)}: {`
  for (const [index, [name, value]] of entries.entries()) {
    yield `      ${JSON.stringify(name)}: ${JSON.stringify(value)}${index === entries.length - 1 ? '' : ','}`
  }
  yield '    },'
}

function* printList(key: string, items: readonly unknown[], end: string): Generator<string> {
  if (items.length === 0) {
    yield `  ${JSON.stringify(key)}: []${end}`
    return
  }
  yield `  ${JSON.stringify(key)}: [`
  for (const [index, item] of items.entries()) {
    yield `    ${JSON.stringify(item)}${index === items.length - 1 ? '' : ','}`
  }
  yield `  ]${end}`
}

const indexes = new WeakMap<Plan, Map<string, SourceSpan>>()

/** The line of the file that asked for a statement; `policy` and `sid` as a decision names them. */
export function sourceOf(plan: Plan, policy: string, sid: string): SourceSpan | undefined {
  let index = indexes.get(plan)
  if (index === undefined) {
    index = new Map()
    for (const entry of plan.statements) {
      const key = `${entry.policy} ${entry.sid}`
      if (!index.has(key)) index.set(key, entry.declaredAt)
    }
    indexes.set(plan, index)
  }
  return index.get(`${policy} ${sid}`)
}
