import type { PolicyStatement } from '@ringfence/plan'

type OneOrMore = string | readonly string[]

/** Values of a list that one line shows. */
const shownValues = 4

/** A statement's elements on one line, without effect and Sid. */
export function printStatement(statement: PolicyStatement): string {
  return [
    ...part('', statement.Action),
    ...part('all but', statement.NotAction),
    ...part('on', statement.Resource),
    ...part('on all but', statement.NotResource),
    ...(statement.Principal === undefined ? [] : [`for ${printPrincipal(statement.Principal)}`]),
    ...printConditions(statement.Condition),
  ].join(' ')
}

function part(word: string, values: OneOrMore | undefined): readonly string[] {
  if (values === undefined) return []
  return [word === '' ? list(values) : `${word} ${list(values)}`]
}

function printPrincipal(principal: NonNullable<PolicyStatement['Principal']>): string {
  if (typeof principal === 'string') return 'everyone'
  return Object.entries(principal)
    .map(([kind, values]) => (kind === 'AWS' && values === '*' ? 'everyone' : list(values)))
    .join(', ')
}

function printConditions(conditions: PolicyStatement['Condition']): readonly string[] {
  if (conditions === undefined) return []
  return Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${key} ${operator} ${list(values)}`),
    )
    .map((condition, index) => `${index === 0 ? 'if' : 'and'} ${condition}`)
}

function list(values: OneOrMore): string {
  const all = typeof values === 'string' ? [values] : values
  const rest = all.length - shownValues
  return rest > 1 ? `${all.slice(0, shownValues).join(', ')} and ${rest} more` : all.join(', ')
}
