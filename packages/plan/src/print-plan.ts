import type { Plan, SourceSpan } from './plan.js'

/**
 * The plan as JSON text, one resource and one statement source a line, so that a difference between two plans
 * shows as the lines of what changed. Deterministic: the same plan gives the same bytes.
 */
export function printPlan(plan: Plan): string {
  const { resources, external, statements, ...head } = plan
  const lines = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  lines.push(list('resources', resources), list('external', external), list('statements', statements))
  return `{\n${lines.join(',\n')}\n}\n`
}

function list(key: string, items: readonly unknown[]): string {
  if (items.length === 0) return `  ${JSON.stringify(key)}: []`
  return `  ${JSON.stringify(key)}: [\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
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
