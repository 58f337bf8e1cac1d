import { parsePolicy } from '@ringfence/policy'
import type { ImportCode } from './codes.js'
import { type ImportDiagnostic, startOf } from './diagnostic.js'
import { parseTemplateYaml } from './template-yaml.js'

/** A file of an input. */
export interface InputFile {
  /** As people know it, with `/` between folders. */
  readonly path: string
  /** Where it lies in the folder that is the input; default `path`. Folders may say what a file is about. */
  readonly inside?: string
  readonly text: string
}

/** A file as a value of JSON; short forms of a template are the functions that they stand for. */
export interface ParsedFile {
  readonly path: string
  readonly inside: string
  readonly value: unknown
}

export type ParseFileResult =
  | { readonly ok: true; readonly file: ParsedFile }
  | { readonly ok: false; readonly diagnostics: readonly ImportDiagnostic[] }

export type ParseTextResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly diagnostics: readonly ImportDiagnostic[] }

/** No format that is read nests deeper; readers of values recurse. */
const maxDepth = 100

/** Reads JSON, and YAML where it is none. A key that is there twice is refused: readers disagree about which counts. */
export function parseFile({ path, inside = path, text }: InputFile): ParseFileResult {
  const hint = /^\s*$/.test(text)
    ? 'the AWS CLI leaves an empty file behind where it fails; write {} where there is no policy'
    : undefined
  if (hint !== undefined) return refuse('IMPORT_FILE_SYNTAX', path, `${path} is empty`, hint)
  const isJson = /^\s*[{[]/.test(text) && !/\.ya?ml$/.test(path)
  const parsed = isJson ? parseJson(path, text) : parseTemplateYaml(path, text)
  if (!parsed.ok) return parsed
  if (!isTooDeep(parsed.value, 0)) return { ok: true, file: { path, inside, value: parsed.value } }
  return refuse('IMPORT_FILE_TOO_DEEP', path, `values of ${path} are nested deeper than ${maxDepth}`)
}

function parseJson(path: string, text: string): ParseTextResult {
  // The parser of policies knows places and keys that are there twice; what it finds beside is of policies alone.
  const findings = parsePolicy(text, { kind: 'identity', name: path }).diagnostics
  const duplicates = findings.filter(({ code }) => code === 'DUPLICATE_KEY')
  if (duplicates.length > 0) {
    const diagnostics = duplicates.map(({ message, span }) =>
      error('IMPORT_KEY_DUPLICATE', path, message, 'keep one of the two', span),
    )
    return { ok: false, diagnostics }
  }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    const found = findings.find(({ code }) => code === 'JSON_SYNTAX')
    const message = found === undefined ? `${path} is no JSON` : `${path} is no JSON: ${found.message}`
    return { ok: false, diagnostics: [error('IMPORT_FILE_SYNTAX', path, message, undefined, found?.span)] }
  }
}

function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth >= maxDepth || Object.values(value).some((part) => isTooDeep(part, depth + 1))
}

interface Place {
  readonly line: number
  readonly column: number
}

function error(
  code: ImportCode,
  file: string,
  message: string,
  hint?: string,
  at?: { readonly start: Place; readonly end: Place },
): ImportDiagnostic {
  return {
    code,
    severity: 'error',
    message,
    ...(hint === undefined ? {} : { hint }),
    span: at
      ? {
          file,
          line: at.start.line,
          column: at.start.column,
          endLine: at.end.line,
          endColumn: at.end.column,
        }
      : startOf(file),
  }
}

function refuse(code: ImportCode, path: string, message: string, hint?: string): ParseFileResult {
  return { ok: false, diagnostics: [error(code, path, message, hint)] }
}
