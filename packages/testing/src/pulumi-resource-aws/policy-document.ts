import { isObject } from './properties.js'

/**
 * Whether two policies mean the same: AWS may give one back with its members and lists in another order, with
 * lists of one as bare values, and an account as its root's ARN.
 */
export function sameDocument(one: string, other: string): boolean {
  if (one === other) return true
  if (one === '' || other === '') return false
  return canonicalText(one) === canonicalText(other)
}

function canonicalText(text: string): string {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return text
  }
  if (!isObject(document)) return JSON.stringify(document)
  const statements = listOf(document['Statement']).map((statement) => JSON.stringify(statementOf(statement)))
  return JSON.stringify([document['Version'] ?? '2008-10-17', document['Id'] ?? '', statements.toSorted()])
}

function statementOf(statement: unknown): unknown {
  if (!isObject(statement)) return statement
  return sortedMembers(statement).map(([name, member]) => {
    if (name === 'Condition' && isObject(member)) {
      const operators = sortedMembers(member).map(([operator, keys]) => [operator, valuesByName(keys)])
      return [name, operators]
    }
    if (name === 'Principal' || name === 'NotPrincipal') return [name, principalsOf(member)]
    if (name === 'Sid' || name === 'Effect') return [name, member]
    return [name, sortedValues(member)]
  })
}

function principalsOf(principal: unknown): unknown {
  if (!isObject(principal)) return principal
  return sortedMembers(principal).map(([kind, names]) => [
    kind,
    listOf(names)
      .map((name) => String(name))
      .map((name) => (kind === 'AWS' && /^\d{12}$/.test(name) ? `arn:aws:iam::${name}:root` : name))
      .toSorted(),
  ])
}

function valuesByName(keys: unknown): unknown {
  return isObject(keys) ? sortedMembers(keys).map(([key, values]) => [key, sortedValues(values)]) : keys
}

/** Booleans and numbers in a policy are what their text is. */
function sortedValues(values: unknown): readonly string[] {
  return listOf(values)
    .map((value) => String(value))
    .toSorted()
}

function sortedMembers(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
