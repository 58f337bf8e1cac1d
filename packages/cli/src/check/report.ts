import type { SourceSpan } from '@ringfence/plan'
import type { Finding, GuaranteeKind, Names } from '@ringfence/check'
import { codeFrame } from '../output/code-frame.js'
import type { Colors } from '../output/color.js'
import { count, printPlace, type Sources } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import { guaranteeWords, refutationWords } from './finding-words.js'

/** More findings than this are counted, not told; `--json` has them all. */
const TOLD = 20

/** What a check found, and what its sentences call things. */
export interface CheckResult {
  readonly findings: readonly Finding[]
  readonly names: Names
  readonly region: string | undefined
}

const titles: Readonly<Record<GuaranteeKind, string>> = {
  works: 'what is granted works',
  nothingElse: 'nothing else does',
  separate: 'kept separate',
  never: 'never',
  notPublic: 'not public',
  tls: 'nothing without TLS',
  fence: 'fence by administrators only',
  lockOut: 'administrators not locked out',
}

/** For people: how many guarantees of each kind, then what was refuted and what is not known. */
export function printCheck(result: CheckResult, sources: Sources, colors: Colors): string {
  const { findings } = result
  const open = openOf(findings)
  const parts = [printCounts(findings, colors), ...printOpen(result, sources, colors)]
  if (open.length > TOLD)
    parts.push(`and ${count(open.length - TOLD, 'more finding')}: --json tells them all\n`)
  parts.push(printSummary(findings, colors))
  return parts.join('\n')
}

/** Only what was refuted or is not known, with a line that sums up; empty where all is proved. */
export function printFailures(result: CheckResult, sources: Sources, colors: Colors): string {
  const parts = printOpen(result, sources, colors)
  return parts.length === 0 ? '' : [...parts, printSummary(result.findings, colors)].join('\n')
}

/** What is refuted comes first. */
function openOf(findings: readonly Finding[]): readonly Finding[] {
  const refuted = findings.filter(({ answer }) => answer.proof === 'refuted')
  return [...refuted, ...findings.filter(({ answer }) => answer.proof === 'unknown')]
}

function printCounts(findings: readonly Finding[], colors: Colors): string {
  const lines = Object.entries(titles).flatMap(([guarantee, title]) => {
    const all = findings.filter((finding) => finding.guarantee === guarantee)
    if (all.length === 0) return []
    const proved = all.filter(({ answer }) => answer.proof === 'proved').length
    const shown =
      proved === all.length ? colors.green(`${proved} proved`) : `${proved} of ${all.length} proved`
    return [`  ${title.padEnd(30)} ${shown}\n`]
  })
  return lines.join('')
}

function printOpen(result: CheckResult, sources: Sources, colors: Colors): readonly string[] {
  const lines = new Map([...sources].map(([file, text]) => [file, text.split('\n')]))
  return openOf(result.findings)
    .slice(0, TOLD)
    .map((finding) => printFinding(finding, result, lines, colors))
}

function printFinding(
  finding: Finding,
  { names, region }: CheckResult,
  sources: ReadonlyMap<string, readonly string[]>,
  colors: Colors,
): string {
  const { answer, declaredAt, guarantee } = finding
  const expected = `  expected  ${printable(guaranteeWords(finding))}\n`
  if (answer.proof !== 'refuted') {
    const [place] = declaredAt
    const reason = answer.proof === 'unknown' ? answer.reason : ''
    return `${head(place, colors.yellow('unknown'), guarantee, reason, colors)}${expected}`
  }
  const { refutation } = answer
  const words = refutationWords(refutation, names, region)
  const places = [...refutation.decidedBy.flatMap((one) => one.declaredAt ?? []), ...declaredAt]
  const [place] = places
  return [
    head(place, colors.red('refuted'), guarantee, words.sentence, colors),
    ...frameOf(place, sources, colors),
    expected,
    ...(refutation.steps ?? []).map((step, index) => `  step ${index + 1}    ${printable(step)}\n`),
    `  request   ${printable(JSON.stringify(refutation.request))}\n`,
    ...(words.command === undefined ? [] : [`  command   ${printable(words.command)}\n`]),
    ...words.notes.map((note) => `  note      ${printable(note)}\n`),
  ].join('')
}

function head(
  place: SourceSpan | undefined,
  verdict: string,
  guarantee: GuaranteeKind,
  text: string,
  colors: Colors,
): string {
  const where = place === undefined ? '' : `${colors.bold(printPlace(place))}: `
  return `${where}${verdict}[${guarantee}]: ${printable(text)}\n`
}

function frameOf(
  place: SourceSpan | undefined,
  sources: ReadonlyMap<string, readonly string[]>,
  colors: Colors,
): readonly string[] {
  const lines = place === undefined ? undefined : sources.get(place.file)
  const frame =
    place === undefined || lines === undefined
      ? undefined
      : codeFrame(lines, place, colors, { above: 0, below: 0 })
  return frame === undefined ? [] : [`${frame}\n`]
}

function printSummary(findings: readonly Finding[], colors: Colors): string {
  const { proved, refuted, unknown } = countFindings(findings)
  if (refuted === 0 && unknown === 0)
    return `${colors.green('ok')}: ${count(proved, 'guarantee')}, all proved for every request\n`
  const verdict = refuted === 0 ? colors.yellow('not decided') : colors.red('not as declared')
  return `${verdict}: ${refuted} refuted, ${unknown} unknown, ${proved} proved\n`
}

/** How many findings there are of each answer. */
export function countFindings(
  findings: readonly Finding[],
): Readonly<Record<Finding['answer']['proof'], number>> {
  const counts = { proved: 0, refuted: 0, unknown: 0 }
  for (const { answer } of findings) counts[answer.proof]++
  return counts
}
