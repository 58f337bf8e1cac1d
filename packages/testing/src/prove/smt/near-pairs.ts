import * as fc from 'fast-check'
import { asList, type RawPolicy, type RawStatement } from '../../reference/case.js'
import { conditionArbitrary, mutateCondition } from './near-conditions.js'
import { actionArbitrary, mutatePattern, resourceArbitrary } from './near-patterns.js'

/** Two policies to compare; the second is mostly the first with one thing changed. */
export interface NearPair {
  readonly first: RawPolicy
  readonly second: RawPolicy
}

const few = <T>(one: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> =>
  fc.array(one, { minLength: 1, maxLength: most })

const statementArbitrary: fc.Arbitrary<RawStatement> = fc
  .record({
    Effect: fc.constantFrom<('Allow' | 'Deny')[]>('Allow', 'Allow', 'Allow', 'Deny'),
    actions: few(actionArbitrary, 2),
    notAction: fc.integer({ min: 0, max: 7 }),
    resources: few(resourceArbitrary, 2),
    notResource: fc.integer({ min: 0, max: 7 }),
    conditions: fc.oneof(
      { arbitrary: fc.constant([]), weight: 2 },
      { arbitrary: few(conditionArbitrary, 2), weight: 3 },
    ),
  })
  .map(({ Effect, actions, conditions, notAction, notResource, resources }) => {
    const Condition: Record<string, Record<string, string | string[]>> = {}
    for (const { key, operator, values } of conditions) (Condition[operator] ??= {})[key] = values
    const statement = {
      Effect,
      [notAction === 0 ? 'NotAction' : 'Action']: actions,
      [notResource === 0 ? 'NotResource' : 'Resource']: resources,
    }
    return (conditions.length > 0 ? Object.assign(statement, { Condition }) : statement) as RawStatement
  })

const policyArbitrary: fc.Arbitrary<RawPolicy> = fc
  .record({
    Version: fc.constantFrom<('2012-10-17' | '2008-10-17')[]>('2012-10-17', '2012-10-17', '2008-10-17'),
    allow: statementArbitrary,
    others: fc.array(statementArbitrary, { maxLength: 2 }),
  })
  .map(({ Version, allow, others }) => ({
    Version,
    // Without an Allow a policy says nothing, and every other one is as good.
    Statement: [{ ...allow, Effect: 'Allow' }, ...others],
  }))

/** Changes one element of a statement; `at` says where in it. */
function changeElement(statement: RawStatement, choice: number, at: number): RawStatement {
  const element = (['Action', 'NotAction', 'Resource', 'NotResource'] as const).filter(
    (name) => statement[name] !== undefined,
  )[choice % 2]!
  const patterns = asList(statement[element]!)
  const index = at % patterns.length
  switch (choice % 5) {
    case 0:
      return patterns.length > 1 ? { ...statement, [element]: patterns.toSpliced(index, 1) } : statement
    case 1:
      return { ...statement, Effect: statement.Effect === 'Allow' ? 'Deny' : 'Allow' }
    case 2:
      return mutateCondition(statement, at)
    default:
      return {
        ...statement,
        [element]: patterns.with(
          index,
          mutatePattern(patterns[index]!, at, element.endsWith('Action') ? 's3:*' : 'arn:aws:s3:::*'),
        ),
      }
  }
}

/** The same policy in other words: a statement for each action, others in another order, one said twice. */
function rewrite(statements: readonly RawStatement[], at: number): readonly RawStatement[] {
  const index = at % statements.length
  const statement = statements[index]!
  if (at % 3 === 0) return statements.toReversed()
  if (at % 3 === 1 || statement.Action === undefined) return [...statements, statement]
  const split = asList(statement.Action).map((Action) => Object.assign({}, statement, { Action }))
  return statements.toSpliced(index, 1, ...split)
}

function change(policy: RawPolicy, choice: number, at: number, more: RawStatement): RawPolicy {
  const statements = asList(policy.Statement)
  const index = at % statements.length
  const Statement = (() => {
    switch (choice % 8) {
      case 0:
        return rewrite(statements, at)
      case 1:
        return [...statements, more]
      case 2:
        return statements.length > 1 ? statements.toSpliced(index, 1) : rewrite(statements, at)
      default:
        return statements.with(index, changeElement(statements[index]!, choice >> 3, at))
    }
  })()
  return { ...policy, Statement }
}

/** Pairs of the encoded subset. */
export const nearPairArbitrary: fc.Arbitrary<NearPair> = fc
  .tuple(policyArbitrary, policyArbitrary, fc.nat(), fc.nat(), fc.nat(), fc.nat())
  .map(([first, other, way, choice, at, further]) => {
    if (way % 10 === 0) return { first, second: other }
    const more = asList(other.Statement).at(-1)!
    const once = change(first, choice, at, more)
    return { first, second: way % 10 < 3 ? change(once, further, at, more) : once }
  })
