import type { SourceSpan } from '@ringfence/plan'
import type { LiteralPlace, Path } from '../literal-places.js'
import type { TextIndex } from '../text-span.js'
import type { Finding } from '../output/diagnostics.js'
import type { RawCases } from './parse-cases.js'

/** What a diagnostic about a case says; those of `@ringfence/policy` do. */
export interface CaseDiagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint?: string
  /** The policy that it is about, or `case`. */
  readonly name: string
  /** Where in that. */
  readonly path: string
}

export interface CaseInFile {
  readonly cases: RawCases
  readonly index: number
}

/** A diagnostic about a case, with its place in the file: that of the nearest part that is written there. */
export function locateDiagnostic(diagnostic: CaseDiagnostic, where: CaseInFile): Finding {
  const { code, severity, message, hint } = diagnostic
  const start = where.cases.pathOf(where.index)
  let path: Path = [...start, ...pathInCase(diagnostic, where.cases.values[where.index])]
  while (path.length > start.length && where.cases.places.place(path) === undefined) path = path.slice(0, -1)
  const place = where.cases.places.place(path)
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { span: pointedAt(place, code, where.cases.lines) }),
  }
}

/** The key where it is the key that is wrong, and where the value has several lines. */
function pointedAt({ key, value }: LiteralPlace, code: string, lines: TextIndex): SourceSpan {
  const span = lines.span(value)
  const aboutKey = /(?:KEY|ELEMENT|OPERATOR|TYPE)_UNKNOWN$|^ELEMENT_NOT_ADMITTED$/.test(code)
  return key !== undefined && (aboutKey || span.endLine > span.line) ? lines.span(key) : span
}

/**
 * Diagnostics about a policy have paths within it, and as name the policy's own or else its path in the case;
 * those about the case itself are named `case`.
 */
function pathInCase({ name, path }: CaseDiagnostic, value: unknown): Path {
  if (name === 'case') return splitPath(path)
  const policy = pathOfNamed(name, value) ?? splitPath(name)
  return [...policy, ...(hasDocument(value, policy) ? ['policy'] : []), ...splitPath(path)]
}

/** `Statement[0].Condition["aws:username"]` in steps. */
export function splitPath(path: string): Path {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, word]) =>
    index === undefined ? (quoted ?? word ?? '') : Number(index),
  )
}

/** The path of the only policy with this name; with several it could be any. */
function pathOfNamed(name: string, value: unknown): Path | undefined {
  const found: Path[] = []
  const visit = (part: unknown, path: Path): void => {
    if (typeof part !== 'object' || part === null || path.length > 4) return
    if ((part as Readonly<Record<string, unknown>>)['name'] === name) found.push(path)
    for (const [key, child] of Object.entries(part))
      visit(child, [...path, Array.isArray(part) ? Number(key) : key])
  }
  visit(value, [])
  return found.length === 1 ? found[0] : undefined
}

function hasDocument(value: unknown, path: Path): boolean {
  let part = value
  for (const step of path)
    part = (part as Readonly<Record<string | number, unknown>> | null | undefined)?.[step]
  return typeof part === 'object' && part !== null && 'policy' in part
}
