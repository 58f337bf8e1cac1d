import { type LiteralPlaces, locateLiteral, type Path } from '../literal-places.js'
import type { Finding } from '../output/diagnostics.js'
import { indexText, type TextIndex } from '../text-span.js'

/** The cases of a file, unchecked, and where their parts stand in it. */
export interface RawCases {
  readonly values: readonly unknown[]
  /** Where a case stands in the file: at its root, or as an item of its list. */
  pathOf(index: number): Path
  readonly lines: TextIndex
  /** JSON does not say which of two equal keys counts, so that neither does. */
  readonly places: LiteralPlaces
}

export type RawCasesResult =
  { readonly ok: true; readonly value: RawCases } | { readonly ok: false; readonly finding: Finding }

/** Reads one case or a list of cases, as JSON. */
export function parseCases(text: string, file: string): RawCasesResult {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return { ok: false, finding: syntaxFinding(error as SyntaxError, text, file) }
  }
  const isList = Array.isArray(parsed)
  const values: readonly unknown[] = isList ? (parsed as readonly unknown[]) : [parsed]
  const places = locateLiteral(text, text.search(/\S/))
  return {
    ok: true,
    value: { values, places, lines: indexText(text, file), pathOf: (index) => (isList ? [index] : []) },
  }
}

function syntaxFinding(error: SyntaxError, text: string, file: string): Finding {
  const offset = offsetOf(error.message, text)
  const reason = error.message.replace(/ (?:in JSON )?at position .*$|, ".*" is not valid JSON$/s, '')
  return {
    code: 'JSON_SYNTAX',
    severity: 'error',
    message: text.trim() === '' ? `${file} is empty` : `${file} is not JSON: ${reason}`,
    hint: 'write one case, {"request":{…},…}, or a list of cases',
    span: indexText(text, file).span({ start: offset, end: offset }),
  }
}

/** V8 names the position in its message, but for the end of the text and for a wrong token. */
function offsetOf(message: string, text: string): number {
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  if (!message.startsWith('Unexpected token')) return text.trimEnd().length
  let fine = 0
  let wrong = text.length
  while (wrong - fine > 1) {
    const middle = Math.floor((fine + wrong) / 2)
    if (hasWrongToken(text.slice(0, middle))) wrong = middle
    else fine = middle
  }
  return fine
}

function hasWrongToken(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    return (error as SyntaxError).message.startsWith('Unexpected token')
  }
}
