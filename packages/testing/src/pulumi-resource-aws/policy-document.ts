import { isObject } from './properties.js'

/**
 * Whether two policies mean the same: AWS may give one back with its members and lists in another order, with
 * lists of one as bare values, and an account as its root's ARN.
 */
export function sameDocument(one: string, other: string): boolean {
  if (one === other) return true
  if (one === '' || other === '') return false
  return JSON.stringify(canonicalDocument(one)) === JSON.stringify(canonicalDocument(other))
}

const mostDocuments = 2000
const canonicalDocuments = new Map<string, unknown>()

/**
 * A policy in the one spelling that all of the same meaning have. What is no JSON object stays as it is. Kept by text:
 * an account's policies are read again and again.
 */
export function canonicalDocument(text: string): unknown {
  let document = canonicalDocuments.get(text)
  if (document === undefined) {
    document = inOneSpelling(text)
    if (canonicalDocuments.size >= mostDocuments) canonicalDocuments.clear()
    canonicalDocuments.set(text, document)
  }
  return document
}

function inOneSpelling(text: string): unknown {
  const document = parsed(text)
  if (!isObject(document)) return text
  const { Version = '2008-10-17', Id = '', Statement } = document
  const statements = listOf(Statement).map(statementOf)
  return { Version, Id, Statement: statements.toSorted(byText) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function statementOf(statement: unknown): unknown {
  return mapMembers(statement, (member, name) => {
    if (name === 'Condition') return mapMembers(member, (keys) => mapMembers(keys, sortedValues))
    if (name === 'Principal' || name === 'NotPrincipal') return mapMembers(member, principalsOf)
    return name === 'Sid' || name === 'Effect' ? member : sortedValues(member)
  })
}

function principalsOf(names: unknown, kind: string): readonly string[] {
  const spelled = listOf(names).map(String)
  if (kind !== 'AWS') return spelled.toSorted()
  return spelled.map((name) => (/^\d{12}$/.test(name) ? `arn:aws:iam::${name}:root` : name)).toSorted()
}

/** Booleans and numbers in a policy are what their text is. */
function sortedValues(values: unknown): readonly string[] {
  return listOf(values).map(String).toSorted()
}

/** An object with its members in order; everything else stays as it is. */
function mapMembers(value: unknown, each: (member: unknown, name: string) => unknown): unknown {
  if (!isObject(value)) return value
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, each(member, name)]))
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
