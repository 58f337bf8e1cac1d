import type { Plan, PolicyDocument, PolicyStatement } from '@ringfence/plan'

/** One seeded fault in a plan. */
export interface Fault {
  /** For people: what was done to which statement of which policy. */
  readonly what: string
  readonly kind: FaultKind
  readonly make: () => Plan
}

export type FaultKind =
  | 'statement dropped'
  | 'effect swapped'
  | 'condition dropped'
  | 'value of a condition dropped'
  | 'pattern widened'
  | 'prefix without its slash'
  | 'action dropped'
  | 'actions widened'
  | 'NotAction grown'
  | 'date moved'

type Change = readonly [kind: FaultKind, detail: string, made: PolicyStatement | undefined]
interface WithPolicies {
  readonly policy?: PolicyDocument
  readonly assumeRolePolicy?: PolicyDocument
}

/** Every single fault that is seeded into a plan's policies, in a fixed order. */
export function faultsOf(plan: Plan): readonly Fault[] {
  return plan.resources.flatMap((resource, at) =>
    (['policy', 'assumeRolePolicy'] as const).flatMap((name) => {
      const document = (resource as WithPolicies)[name]
      const withStatements = (Statement: readonly PolicyStatement[]): Plan => {
        const changed = Object.assign({}, resource, { [name]: { ...document!, Statement } })
        return { ...plan, resources: plan.resources.with(at, changed) }
      }
      return document ? faultsIn(document, resource.id, withStatements) : []
    }),
  )
}

function faultsIn(
  { Statement }: PolicyDocument,
  id: string,
  withStatements: (statements: readonly PolicyStatement[]) => Plan,
): Fault[] {
  return Statement.flatMap((statement, index) =>
    [...changesOf(statement)].flatMap(([kind, detail, made]) => {
      const changed = Statement.toSpliced(index, 1, ...(made ? [made] : []))
      // AWS takes no policy without statements.
      if (changed.length === 0) return []
      const what = `${kind}: ${id} ${statement.Sid} ${detail}`
      return [{ kind, what, make: () => withStatements(changed) }]
    }),
  )
}

function* changesOf(statement: PolicyStatement): Generator<Change> {
  yield ['statement dropped', '', undefined]
  const { Effect } = statement
  yield ['effect swapped', '', { ...statement, Effect: Effect === 'Allow' ? 'Deny' : 'Allow' }]
  yield* changesOfConditions(statement)
  for (const name of ['Resource', 'NotResource'] as const) {
    const patterns = listOf(statement[name])
    for (const [at, pattern] of patterns.entries())
      for (const [kind, wider] of widened(pattern))
        yield [kind, pattern, { ...statement, [name]: patterns.with(at, wider) }]
  }
  for (const name of ['Action', 'NotAction'] as const) {
    const actions = listOf(statement[name])
    if (actions.length > 1)
      for (const [at, action] of actions.entries())
        yield ['action dropped', action, { ...statement, [name]: actions.toSpliced(at, 1) }]
    const [first] = actions
    if (first === undefined || first === '*') continue
    const service = first.slice(0, first.indexOf(':'))
    const kind = name === 'NotAction' ? 'NotAction grown' : 'actions widened'
    for (const more of [`${service}:*`, `${service}:Delete*`, `${service}:Put*`])
      if (!actions.includes(more)) yield [kind, more, { ...statement, [name]: [...actions, more] }]
  }
}

function* changesOfConditions(statement: PolicyStatement): Generator<Change> {
  const { Condition = {}, ...rest } = statement
  for (const [operator, keys] of Object.entries(Condition))
    for (const [key, value] of Object.entries(keys)) {
      const { [key]: _, ...otherKeys } = keys
      const { [operator]: __, ...others } = Condition
      const left = Object.keys(otherKeys).length > 0 ? { ...others, [operator]: otherKeys } : others
      const without = Object.keys(left).length > 0 ? { ...rest, Condition: left } : rest
      yield ['condition dropped', `${operator} ${key}`, without]
      const values = listOf(value)
      const withValues = (made: readonly string[]): PolicyStatement => {
        return { ...rest, Condition: { ...Condition, [operator]: { ...keys, [key]: made } } }
      }
      for (const [at, one] of values.entries()) {
        if (values.length > 1)
          yield ['value of a condition dropped', `${key} ${one}`, withValues(values.toSpliced(at, 1))]
        if (/^\d{4}-\d\d-\d\dT/.test(one))
          yield ['date moved', `${key} ${one}`, withValues(values.with(at, `2040${one.slice(4)}`))]
        if (operator.includes('Like'))
          for (const [kind, wider] of widened(one))
            yield [kind, `${key} ${one}`, withValues(values.with(at, wider))]
      }
    }
}

/** A shorter beginning and a star; and a prefix that lost the slash before its star. */
function* widened(pattern: string): Generator<readonly [FaultKind, string]> {
  if (pattern.endsWith('/*')) yield ['prefix without its slash', `${pattern.slice(0, -2)}*`]
  const start = pattern.startsWith('arn:') ? pattern.split(':', 5).join(':').length + 1 : 0
  const rest = pattern.slice(start)
  if (rest.length <= 4 || rest === '*') return
  // Half of a variable is none.
  const head = pattern.slice(0, start + (rest.length >> 1)).replace(/\$\{[^}]*$/, '')
  if (head.length > start) yield ['pattern widened', `${head}*`]
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}
