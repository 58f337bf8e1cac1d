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
  const texts = [
    ...(resource?.patterns ?? []).flatMap((pattern) => (pattern.type === 'arn' ? pattern.segments : [])),
    ...conditions.flatMap(({ values }) => values.flatMap((value) => ('text' in value ? [value.text] : []))),
  ]
  return texts.some(hasVariable)
}
