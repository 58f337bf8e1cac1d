import type { Finding } from '@ringfence/check'
import { guaranteeWords, refutationWords } from './finding-words.js'
import type { CheckResult } from './report.js'
import { countFindings } from './report.js'

/** What a check found, for programs: one JSON document, newline included. */
export function printCheckJson(
  organization: string,
  result: CheckResult,
  notProved: readonly string[],
): string {
  const findings = result.findings.map((finding) => findingJson(finding, result))
  const counts = countFindings(result.findings)
  const document = { formatVersion: 1, organization, counts, notProved, findings }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** One finding; what it refutes is told in words as well. */
export function findingJson(finding: Finding, { names, region }: CheckResult): object {
  const { answer, ...rest } = finding
  const common = { ...rest, expected: guaranteeWords(finding) }
  if (answer.proof !== 'refuted') return { ...common, ...answer }
  const { command, notes, sentence } = refutationWords(answer.refutation, names, region)
  return {
    ...common,
    proof: answer.proof,
    ...answer.refutation,
    sentence,
    ...(command === undefined ? {} : { command }),
    notes,
  }
}
