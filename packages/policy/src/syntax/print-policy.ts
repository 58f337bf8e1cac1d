import type { Condition, Policy, PrincipalElement, PrincipalEntry, Statement } from '../policy.js'

const PRINCIPAL_TYPES: Readonly<Record<PrincipalEntry['type'], string>> = {
  everyone: 'AWS',
  account: 'AWS',
  user: 'AWS',
  role: 'AWS',
  session: 'AWS',
  federatedUser: 'AWS',
  uniqueId: 'AWS',
  service: 'Service',
  federated: 'Federated',
  canonicalUser: 'CanonicalUser',
}

/**
 * The policy as canonical JSON: elements in AWS's order, lists only where there are several values, two spaces
 * of indent. Reading it again gives the same policy (apart from places).
 */
export function printPolicy(policy: Policy): string {
  const document = {
    ...(policy.version === undefined ? {} : { Version: policy.version }),
    ...(policy.id === undefined ? {} : { Id: policy.id }),
    Statement: policy.statements.map(statementDocument),
  }
  return JSON.stringify(document, undefined, 2)
}

function statementDocument(statement: Statement): Record<string, unknown> {
  const { action, conditions, effect, principal, resource, sid } = statement
  const document: Record<string, unknown> = {}
  if (sid !== undefined) document['Sid'] = sid
  document['Effect'] = effect
  if (principal) document[principal.negated ? 'NotPrincipal' : 'Principal'] = principalDocument(principal)
  document[action.negated ? 'NotAction' : 'Action'] = oneOrMany(action.patterns.map((item) => item.source))
  if (resource)
    document[resource.negated ? 'NotResource' : 'Resource'] = oneOrMany(
      resource.patterns.map((item) => item.source),
    )
  if (conditions.length > 0) document['Condition'] = conditionDocument(conditions)
  return document
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values
}

function principalDocument(principal: PrincipalElement): unknown {
  const { entries } = principal
  if (entries.length === 1 && entries[0]!.type === 'everyone') return '*'
  const types = new Map<string, string[]>()
  for (const entry of entries) {
    const type = PRINCIPAL_TYPES[entry.type]
    const values = types.get(type)
    if (values) values.push(entry.source)
    else types.set(type, [entry.source])
  }
  return Object.fromEntries([...types].map(([type, values]) => [type, oneOrMany(values)]))
}

function conditionDocument(conditions: readonly Condition[]): unknown {
  const operators = new Map<string, [string, unknown][]>()
  for (const condition of conditions) {
    const entry: [string, unknown] = [condition.key, oneOrMany(condition.values.map((value) => value.source))]
    const entries = operators.get(condition.operator.source)
    if (entries) entries.push(entry)
    else operators.set(condition.operator.source, [entry])
  }
  return Object.fromEntries(
    [...operators].map(([operator, entries]) => [operator, Object.fromEntries(entries)]),
  )
}
