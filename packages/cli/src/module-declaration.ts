import {
  type Declaration,
  type Diagnostic,
  parseDeclaration,
  readDeclaration,
  type Result,
  type Roster,
  type SourceSpan,
} from '@ringfence/plan'
import { locateDeclared, locateLiteral, type Path, type Stretch } from './literal-places.js'
import type { Finding } from './output/diagnostics.js'
import { indexText, lastAtMost } from './text-span.js'

export interface ModuleDeclaration {
  readonly file: string
  /** The text of the module. */
  readonly text: string
  /** What it declares. */
  readonly value: unknown
  readonly nowMs: number
  /** What `members.from` of the value names. */
  readonly roster?: Roster | undefined
}

/**
 * The declaration of a module, with places in its text. A value has no places of its own: it is printed as
 * JSON and read from there, and each place in that text becomes the place where the module writes the same part
 * as a literal, or else the nearest part around it. Where the value is not what its JSON says (a function, a
 * cycle), the value counts and places are only paths.
 */
export function readModuleDeclaration(module: ModuleDeclaration): Result<Declaration> {
  const { file, value, nowMs, text, roster } = module
  const direct = readDeclaration({ file, value, nowMs, roster })
  const json = printJson(value)
  if (json === undefined) return direct
  const placed = parseDeclaration({ file, text: json, nowMs, roster })
  if (placed.ok !== direct.ok || codesOf(placed) !== codesOf(direct)) return direct
  const mover = placeMover(json, text, file)
  // What the roster says has its place in the roster.
  const move = (span: SourceSpan): SourceSpan => (span.file === file ? mover(span) : span)
  const moved = moveSpans(placed, move) as Result<Declaration>
  return { ...moved, diagnostics: moved.diagnostics.toSorted(byPlace(file)) }
}

/** Keys that an object literal has twice: JavaScript takes the last without a word. */
export function findDuplicateKeys(file: string, text: string): readonly Finding[] {
  const { span } = indexText(text, file)
  return locateDeclared(text).duplicates.map(({ path, key }) => ({
    code: 'MODULE_DUPLICATE_KEY',
    severity: 'error',
    message: `the key ${JSON.stringify(path.at(-1))} is there twice`,
    hint: 'keep one of the two',
    span: span(key),
  }))
}

function printJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, null, 1) as string | undefined
  } catch {
    return undefined
  }
}

function codesOf({ diagnostics }: Result<Declaration>): string {
  return diagnostics
    .map(({ code }) => code)
    .toSorted()
    .join()
}

/** The file's own first. */
function byPlace(file: string): (one: Diagnostic, other: Diagnostic) => number {
  return ({ span: one }, { span: other }) =>
    Number(one?.file !== file) - Number(other?.file !== file) ||
    (one?.line ?? 0) - (other?.line ?? 0) ||
    (one?.column ?? 0) - (other?.column ?? 0)
}

/** From a place in the JSON to the place in the module. */
function placeMover(json: string, text: string, file: string): (span: SourceSpan) => SourceSpan {
  const written = [...locateLiteral(json, 0).parts()].toSorted((one, other) => one.start - other.start)
  const starts = written.map(({ start }) => start)
  const jsonIndex = indexText(json, file)
  const moduleIndex = indexText(text, file)
  const places = locateDeclared(text)
  return (span) => {
    const part = written[lastAtMost(starts, jsonIndex.offset(span.line, span.column))]
    return moduleIndex.span(stretchOf(part?.path ?? [], part?.isKey ?? false, places.place))
  }
}

function stretchOf(
  path: Path,
  wantsKey: boolean,
  place: ReturnType<typeof locateDeclared>['place'],
): Stretch {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = place(path.slice(0, length))
    if (found === undefined) continue
    if (length === path.length) return wantsKey ? (found.key ?? found.value) : found.value
    return found.key ?? { start: found.value.start, end: found.value.start + 1 }
  }
  return { start: 0, end: 0 }
}

function moveSpans(part: unknown, move: (span: SourceSpan) => SourceSpan): unknown {
  if (Array.isArray(part)) return part.map((item: unknown) => moveSpans(item, move))
  if (typeof part !== 'object' || part === null) return part
  if ('endColumn' in part) return move(part as SourceSpan)
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, moveSpans(item, move)]))
}
