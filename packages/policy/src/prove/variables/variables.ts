import type { Statement } from '../../policy.js'
import { hasVariable } from '../../syntax/text.js'

const known = new WeakMap<Statement, boolean>()

/** Whether a statement has policy variables where they are expanded. */
export function hasVariables(statement: Statement): boolean {
  let found = known.get(statement)
  if (found === undefined) known.set(statement, (found = searchVariables(statement)))
  return found
}

function searchVariables({ conditions, resource }: Statement): boolean {
  return (
    (resource?.patterns.some((pattern) => pattern.type === 'arn' && pattern.segments.some(hasVariable)) ??
      false) ||
    conditions.some(({ values }) => values.some((value) => 'text' in value && hasVariable(value.text)))
  )
}
