import { proveNoMore, type AccessQuestion, type ProveOptions, type Statement } from '@ringfence/policy'
import { conditionsPhrase, exceptionWords } from '../words/condition-words.js'
import { listWords } from '../words/value-words.js'
import { holdsAlways, type Determined } from './determined.js'
import { keepStatements, statementsOf, type Placed } from './layer-statements.js'
import { covers, mayOverlap, type Shape } from './region.js'
import { coversResources, resourceLimits } from './resource-limits.js'

/** Deny statements that refuse something that would be allowed without them. */
export interface TakenAway {
  readonly denies: readonly Placed[]
  /** What they leave over, or what they take, in words. */
  readonly words: readonly string[]
}

/** Finds the Denies that make a difference: each is asked for by the prover with and without it. */
export function takenAway(
  question: AccessQuestion,
  shape: Shape,
  determined: Determined,
  options: ProveOptions,
): TakenAway {
  const denies: Placed[] = []
  const words: string[] = []
  for (const placed of statementsOf(question.layers)) {
    const { statement } = placed
    if (statement.effect === 'Allow' || !mayMatter(statement, shape, determined)) continue
    const layers = keepStatements(question.layers, (_, one) => one !== statement)
    if (proveNoMore({ ...question, layers }, question, options).proof === 'proved') continue
    denies.push(placed)
    words.push(denyWords(statement, shape, determined))
  }
  return { denies, words }
}

/** Without asking the prover: the actions may be the same, and no condition fails for everybody. */
function mayMatter({ action, conditions }: Statement, shape: Shape, determined: Determined): boolean {
  const isAsked =
    action.negated ||
    action.patterns.some(({ source }) =>
      shape.actions.some((asked) => source === '*' || mayOverlap(source.toLowerCase(), asked.toLowerCase())),
    )
  return isAsked && conditions.every((condition) => holdsAlways(condition, determined) !== false)
}

function denyWords(statement: Statement, shape: Shape, determined: Determined): string {
  const conditions = statement.conditions.filter((condition) => holdsAlways(condition, determined) !== true)
  const { action } = statement
  const actions = action.patterns
    .map(({ source }) => source)
    .filter((source) => shape.actions.some((asked) => mayOverlap(source.toLowerCase(), asked.toLowerCase())))
  const isWhole = action.negated
    ? actions.length === 0
    : shape.actions.every((asked) =>
        actions.some((source) => covers(source.toLowerCase(), asked.toLowerCase())),
      )
  if (isWhole && coversResources(statement, shape) && conditions.length > 0) return exceptionWords(conditions)
  const what = isWhole
    ? []
    : [action.negated ? `all but ${listWords(actions, 'and')}` : listWords(actions, 'and')]
  const where = resourceLimits(statement, shape).map((part) =>
    part.replace(/^except /, 'outside of what is '),
  )
  const asked = conditions.length === 0 ? [] : [conditionsPhrase(conditions)]
  return `except ${[...what, ...where, ...asked].join(' ')}`
}
