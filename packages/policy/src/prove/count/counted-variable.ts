import type { Statement, Text } from '../../policy.js'
import { Undecided } from '../bounds.js'
import { CLOCK_KEYS, keyShape, PRINCIPAL_KEYS, RESOURCE_KEYS } from '../options/key-shapes.js'
import { askedTogether } from '../options/tied-keys.js'
import type { PairTerm, Term } from '../search/term.js'
import type { Variable } from '../variables/substitute.js'

/** Keys that follow from who asks, by whose values requests can be counted one class after the other. */
const COUNTED_PRINCIPAL_KEYS: ReadonlySet<string> = new Set(['aws:username', 'aws:principalaccount'])

/** The one key that the variables of some statements name; undefined where they have none. */
export function countedVariable({ keys, statements }: Term): Variable | undefined | Undecided {
  const found = statements.flatMap(({ statement }) => variablesOf(statement))
  const [first] = found
  if (!first) return undefined
  const name = first.key.toLowerCase()
  const other = found.find(({ key }) => key.toLowerCase() !== name)
  if (other) return notCounted(`\${${first.key}} and \${${other.key}} in one policy`)
  if (found.some(({ fallback }) => fallback !== undefined)) return notCounted(`a default of \${${first.key}}`)
  const follows = CLOCK_KEYS.has(name) || RESOURCE_KEYS.has(name) || PRINCIPAL_KEYS.has(name)
  if (follows && !COUNTED_PRINCIPAL_KEYS.has(name)) return notCounted(`\${${first.key}}`)
  if (askedTogether({ keys }, name)) return notCounted(`\${${first.key}} beside keys that hang on it`)
  const { many, type } = keyShape(name)
  if (many === true || !['any', 'text', 'account', 'organization'].includes(type))
    return notCounted(`\${${first.key}}`)
  return first
}

/** A variable is expanded, and then ARNs are split and letters folded: only plain texts are followed so. */
function variablesOf(statement: Statement): readonly Variable[] {
  return textsOf(statement).flatMap(({ parts }) => parts.filter((part) => part.type === 'variable'))
}

function textsOf({ conditions, resource }: Statement): readonly Text[] {
  return [
    ...(resource?.patterns ?? []).flatMap((pattern) => (pattern.type === 'arn' ? pattern.segments : [])),
    ...conditions.flatMap(({ values }) => values.flatMap((value) => ('text' in value ? [value.text] : []))),
  ]
}

/** A condition whose variables are followed otherwise than text by text. */
export function isFoldedOrSplit({ statements }: Term): boolean {
  return statements.some(({ statement }) =>
    statement.conditions.some(
      ({ operator, values }) =>
        operator.family !== 'string' &&
        operator.family !== 'stringLike' &&
        values.some((value) => 'text' in value && value.text.parts.some(({ type }) => type === 'variable')),
    ),
  )
}

/** All keys that requests have: those that statements ask about, and those that their variables name. */
export function withVariableKeys(both: PairTerm): PairTerm {
  const keys = new Map(both.keys)
  for (const { statement } of both.statements)
    for (const { key } of variablesOf(statement)) {
      const name = key.toLowerCase()
      if (!keys.has(name)) keys.set(name, { key, uses: [] })
    }
  return keys.size === both.keys.size ? both : { ...both, keys }
}

export function notCounted(what: string): Undecided {
  return new Undecided('notSupported', `requests are not counted with policy variables such as ${what}`)
}
