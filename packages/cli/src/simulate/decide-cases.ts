import {
  authorize,
  type Decision,
  explainDecision,
  parseCase,
  type RingfenceErrorCode,
  RingfenceError,
} from '@ringfence/policy'
import type { Finding } from '../output/diagnostics.js'
import { type CaseDiagnostic, locateDiagnostic } from './locate-diagnostic.js'
import type { RawCases } from './parse-cases.js'

/** What `simulate` says about one case. */
export type CaseAnswer =
  | ({ readonly because: readonly string[] } & Decision)
  | { readonly decision: 'error'; readonly because: readonly string[] }

export interface DecidedCases {
  /** One for each case, in order. */
  readonly answers: readonly CaseAnswer[]
  /** Errors and warnings with their places in the file. */
  readonly findings: readonly Finding[]
}

/** Decides every case; one that cannot be understood becomes an `error` and does not stop the others. */
export function decideCases(cases: RawCases): DecidedCases {
  const duplicates = findingsOfDuplicates(cases)
  const decided = cases.values.map((value, index) =>
    decideCase(value, duplicates.get(index) ?? [], (diagnostic) =>
      locateDiagnostic(diagnostic, { cases, index }),
    ),
  )
  return {
    answers: decided.map(({ answer }) => answer),
    findings: decided.flatMap(({ findings }) => findings),
  }
}

function decideCase(
  value: unknown,
  duplicates: readonly Finding[],
  locate: (diagnostic: CaseDiagnostic) => Finding,
): { readonly answer: CaseAnswer; readonly findings: readonly Finding[] } {
  const parsed = parseCase(value)
  const findings = [...duplicates, ...parsed.diagnostics.map(locate)]
  if (!parsed.ok || duplicates.length > 0) return { answer: refusal(findings), findings }
  const { request, layers } = parsed.value
  try {
    const decision = authorize(request, layers)
    const { statements, missing, nearest } = decision
    const answer: CaseAnswer = {
      decision: decision.decision,
      because: explainDecision(request, decision),
      statements,
      ...(missing === undefined ? {} : { missing }),
      ...(nearest === undefined ? {} : { nearest }),
    }
    return { answer, findings }
  } catch (error) {
    if (!(error instanceof RingfenceError)) throw error
    const { code, message } = error
    const finding = locate({ code, message, severity: 'error', name: 'case', path: partOf(code) })
    return { answer: refusal([finding]), findings: [...findings, finding] }
  }
}

function refusal(findings: readonly Finding[]): CaseAnswer {
  const errors = findings.filter(({ severity }) => severity === 'error')
  return { decision: 'error', because: errors.map(({ code, message }) => `${message} (${code})`) }
}

function findingsOfDuplicates(cases: RawCases): ReadonlyMap<number, readonly Finding[]> {
  const depth = cases.pathOf(0).length
  const byCase = new Map<number, Finding[]>()
  for (const { path, key } of cases.places.duplicates) {
    const index = depth === 0 ? 0 : Number(path[0])
    const finding: Finding = {
      code: 'DUPLICATE_KEY',
      severity: 'error',
      message: `the key ${JSON.stringify(path.at(-1))} is there twice`,
      hint: 'keep one of the two',
      span: cases.lines.span(key),
    }
    byCase.set(index, [...(byCase.get(index) ?? []), finding])
  }
  return byCase
}

/** The part of a case that `authorize` refuses with this code. */
function partOf(code: RingfenceErrorCode): string {
  switch (code) {
    case 'REQUEST_PRINCIPAL_INVALID':
      return 'request.principal'
    case 'REQUEST_ACTION_INVALID':
      return 'request.action'
    case 'REQUEST_RESOURCE_INVALID':
      return 'request.resource'
    case 'REQUEST_ACCOUNT_INVALID':
      return 'request.resourceAccount'
    case 'REQUEST_CONTEXT_INVALID':
    case 'REQUEST_CONTEXT_DUPLICATE_KEY':
      return 'request.context'
    default:
      return ''
  }
}
