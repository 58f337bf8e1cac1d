import type { SourceSpan } from '@ringfence/plan'
import type { Colors } from '../output/color.js'
import { codeFrame } from '../output/code-frame.js'
import { count, printPlace, type Sources } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import { actorLabel } from './actor.js'
import type { DecidedBy, Surprise } from './explain.js'
import { printMatrix } from './print-matrix.js'
import type { Rehearsal } from './rehearse.js'

/** More surprises than this are counted, not told; `--json` has them all. */
const TOLD = 20

/** What a rehearsal found, for people: matrix, surprises, notes and one line that sums up. */
export function printRehearsal(rehearsal: Rehearsal, sources: Sources, colors: Colors): string {
  // Half of the answers would make a matrix that shows too little.
  const matrix = rehearsal.cancelled ? '' : printMatrix(rehearsal.matrix, colors.bold)
  const told = rehearsal.surprises.slice(0, TOLD)
  const linesOf = sourceLines(sources)
  const parts = [
    matrix,
    ...told.map((surprise) => printSurprise(surprise, linesOf, colors)),
    ...(rehearsal.surprises.length > TOLD
      ? [`and ${count(rehearsal.surprises.length - TOLD, 'more surprise')}: --json tells them all\n`]
      : []),
    ...rehearsal.notes.map((note) => `${colors.yellow('note')}: ${printable(note)}\n`),
    printSummary(rehearsal, colors),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function sourceLines(sources: Sources): (file: string) => readonly string[] | undefined {
  const lines = new Map<string, readonly string[]>()
  return (file) => {
    const known = lines.get(file) ?? sources.get(file)?.split('\n')
    if (known !== undefined) lines.set(file, known)
    return known
  }
}

type LinesOf = ReturnType<typeof sourceLines>

/** One surprise: what was asked, what came, what was declared, what decided, and the lines of both. */
function printSurprise({ probe, answer, decidedBy }: Surprise, linesOf: LinesOf, colors: Colors): string {
  const who = printable(actorLabel(probe.actor))
  const what = `${who}: ${printable(probe.description)}`
  const status = answer.httpStatus === undefined ? '' : ` (HTTP ${answer.httpStatus})`
  const message = answer.message === undefined ? '' : `: ${printable(answer.message)}`
  const [because] = probe.expectation.because
  const place = placesOf(decidedBy)[0] ?? because
  return [
    `${place === undefined ? '' : `${colors.bold(printPlace(place))}: `}${colors.red('surprise')}: ${what}`,
    ...frame(place, linesOf, colors),
    `  declared  ${probe.expectation.expected}: ${printable(probe.expectation.reason)}`,
    ...(because === undefined ? [] : [`            ${printPlace(because)}`]),
    `  answered  ${outcomeText(answer.outcome)}${answer.code === undefined ? '' : ` ${printable(answer.code)}`}${status}${message}`,
    `  request   ${probe.service} ${probe.operation} ${printable(requestText(probe.input))}`,
    ...decidedBy.flatMap((decided) => decidedLines(decided)),
    '',
  ].join('\n')
}

function frame(place: SourceSpan | undefined, linesOf: LinesOf, colors: Colors): readonly string[] {
  const lines = place === undefined ? undefined : linesOf(place.file)
  if (place === undefined || lines === undefined) return []
  const text = codeFrame(lines, place, colors, { above: 0, below: 0 })
  return text === undefined ? [] : [text]
}

function outcomeText(outcome: Surprise['answer']['outcome']): string {
  return outcome === 'failed' ? 'neither allowed nor denied:' : outcome
}

/** Longest request that is told; policies in it are long and known. */
const REQUEST_LENGTH = 300

function requestText(input: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(input)
  return text.length > REQUEST_LENGTH ? `${text.slice(0, REQUEST_LENGTH)}…` : text
}

function decidedLines({ reasons, lines }: DecidedBy): readonly string[] {
  return [
    ...reasons.map((reason) => `  decided   ${printable(reason)}`),
    ...lines.flatMap(({ sid, declaredAt }) =>
      declaredAt.map((place) => `            ${printable(sid)} comes from ${printPlace(place)}`),
    ),
  ]
}

function placesOf(decidedBy: readonly DecidedBy[]): readonly SourceSpan[] {
  return decidedBy.flatMap(({ lines }) => lines.flatMap(({ declaredAt }) => declaredAt))
}

function printSummary({ results, surprises, cancelled }: Rehearsal, colors: Colors): string {
  const probes = count(results.length, 'probe')
  if (cancelled)
    return `${colors.yellow('cancelled')} after ${probes}, ${count(surprises.length, 'surprise')}\n`
  if (surprises.length === 0) return `${colors.green('ok')}: ${probes}, all as declared\n`
  return `${colors.red('not as declared')}: ${count(surprises.length, 'surprise')} in ${probes}\n`
}
