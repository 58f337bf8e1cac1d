import type { PolicyDocument, PolicyStatement, SourceSpan, StatementSource } from '../plan.js'

/** A statement with the lines of the file that asked for it. */
export interface Sourced {
  readonly statement: PolicyStatement
  readonly sources: readonly SourceSpan[]
}

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/** One value stands alone, as AWS prints it. */
export function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 && values[0] !== undefined ? values[0] : values
}

/** `user-data-a` → `UserDataA`: Sids of managed policies are alphanumeric. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** Gives every statement a Sid of its own, by a number behind the ones that are taken. */
export function withUniqueSids(statements: readonly Sourced[]): Sourced[] {
  const taken = new Set<string>()
  return statements.map((sourced) => {
    const base = sourced.statement.Sid
    let sid = base
    for (let number = 2; taken.has(sid); number += 1) sid = `${base}${number}`
    taken.add(sid)
    return sid === base ? sourced : { ...sourced, statement: { ...sourced.statement, Sid: sid } }
  })
}

export function toDocument(statements: readonly Sourced[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements.map(({ statement }) => statement) }
}

/** Characters of the document as it is sent: without white space. */
export function documentLength(document: PolicyDocument): number {
  return JSON.stringify(document).length
}

/** The entries of `Plan.statements` for one policy. */
export function sourcesOf(policy: string, statements: readonly Sourced[]): StatementSource[] {
  return statements.flatMap(({ statement, sources }) =>
    sources.map((declaredAt) => ({ policy, sid: statement.Sid, declaredAt })),
  )
}

/** Joins conditions whose operators and keys do not meet. */
export function allOf(...conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const joined: Record<string, Record<string, string | readonly string[]>> = {}
  for (const condition of conditions) {
    for (const [operator, keys] of Object.entries(condition ?? {})) {
      for (const [key, value] of Object.entries(keys)) {
        const operands = (joined[operator] ??= {})
        if (operands[key] !== undefined) throw new Error(`condition ${operator} ${key} is given twice`)
        operands[key] = value
      }
    }
  }
  return Object.keys(joined).length === 0 ? undefined : joined
}

/** Access ends at an instant (ISO 8601, UTC). */
export function before(until: string | undefined): Condition | undefined {
  return until === undefined ? undefined : { DateLessThan: { 'aws:CurrentTime': until } }
}

/** Code-unit order: the same on every machine. */
export function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
