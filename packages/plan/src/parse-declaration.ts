import type { Declaration } from './declaration.js'
import type { Result } from './diagnostic.js'
import { codePointName } from './characters.js'
import { programLocator } from './locator.js'
import type { Path } from './locator.js'
import { readYaml } from './read-yaml.js'
import { repair } from './repair.js'
import type { Reporter } from './reporter.js'
import { createReporter } from './reporter.js'
import { resolve } from './resolve.js'
import type { OrganizationValue } from './schema.js'
import { organizationSchema } from './schema.js'
import { findSecrets } from './secrets.js'
import { describeType, reportShape } from './shape.js'

/** Characters of a declared file. 100,000 members with teams, datasets and grants fit. */
export const maxFileLength = 9 * 1024 * 1024

/** Values (scalars, lists, mappings) of a declaration that a program made. */
const maxValues = 2_000_000

/**
 * Reads a declared file (YAML). All problems that can be told apart are in `diagnostics`; `nowMs` (epoch
 * milliseconds) decides what has expired.
 */
export function parseDeclaration(options: {
  readonly file: string
  readonly text: string
  readonly nowMs: number
}): Result<Declaration> {
  const { file, nowMs } = options
  const text = options.text.startsWith('\uFEFF') ? options.text.slice(1) : options.text
  const start = { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
  if (text.length > maxFileLength) {
    return fail(
      'FILE_TOO_LARGE',
      `the file has ${text.length} characters; at most ${maxFileLength} are read`,
      'Split the organization into several files, each with its own "organization" name.',
    )
  }
  if (text.trim() === '') return fail('FILE_EMPTY', 'the file is empty', 'Start with "ringfence init".')
  const secrets = findSecrets(text)
  const unwritten = createReporter(textLocator(file, text), secrets.length > 0)
  for (const secret of secrets) {
    unwritten.error('SECRET_IN_FILE', [secret.start, secret.end], `the file holds ${secret.kind}`, {
      sensitive: true,
      hint: 'Remove it and rotate it: whoever can read the file, or its history, has it.',
    })
  }
  checkCharacters(text, unwritten)
  const yaml = readYaml(file, text, secrets.length > 0)
  const meaning = yaml.complete ? interpret(yaml.value, yaml.reporter, nowMs) : undefined
  return finish(meaning, [unwritten, yaml.reporter])

  function fail(code: 'FILE_TOO_LARGE' | 'FILE_EMPTY', message: string, hint: string): Result<Declaration> {
    return { ok: false, diagnostics: [{ code, severity: 'error', message, hint, span: start }] }
  }
}

/** The same for a value that a program made (`defineOrganization`); messages name the path to each problem. */
export function readDeclaration(options: {
  readonly file: string
  readonly value: unknown
  readonly nowMs: number
}): Result<Declaration> {
  const reporter = createReporter(programLocator(options.file))
  if (!checkProgramValue(options.value, reporter)) return finish(undefined, [reporter])
  return finish(interpret(options.value, reporter, options.nowMs), [reporter])
}

function interpret(value: unknown, reporter: Reporter, nowMs: number): Declaration | undefined {
  if (value === null || value === undefined) {
    reporter.error('FILE_EMPTY', [], 'the file declares nothing', { hint: 'Start with "ringfence init".' })
    return undefined
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    reporter.error(
      'TYPE_WRONG',
      [],
      `the file must be a mapping that starts with "organization:", not ${describeType(value)}`,
    )
    return undefined
  }
  const parsed = organizationSchema.safeParse(value)
  // Nothing is transformed, so the value itself is what was parsed; its positions are the file's.
  if (parsed.success)
    return resolve({ value: value as OrganizationValue, brokenNames: new Set() }, nowMs, reporter)
  reportShape(parsed.error.issues, value, reporter)
  const repaired = repair(value, parsed.error.issues)
  if (repaired !== undefined) resolve(repaired, nowMs, reporter)
  return undefined
}

function finish(declaration: Declaration | undefined, reporters: readonly Reporter[]): Result<Declaration> {
  const diagnostics = reporters
    .flatMap((reporter) => reporter.diagnostics)
    .toSorted(
      (one, other) =>
        (one.span?.line ?? 0) - (other.span?.line ?? 0) ||
        (one.span?.column ?? 0) - (other.span?.column ?? 0),
    )
  const failed = declaration === undefined || reporters.some((reporter) => reporter.hasErrors())
  return failed ? { ok: false, diagnostics } : { ok: true, value: declaration, diagnostics }
}

/** Characters that make a text read otherwise than it is: bidirectional controls, NUL and other controls. */
const deceptive = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu

function checkCharacters(text: string, reporter: Reporter): void {
  let count = 0
  for (const match of text.matchAll(deceptive)) {
    reporter.error(
      'CHARACTER_NOT_ALLOWED',
      [match.index, match.index + match[0].length],
      `the file holds the invisible character ${codePointName(match[0])}`,
      {
        hint: 'Remove it: the file must mean what it looks like.',
      },
    )
    count += 1
    if (count >= 100) return
  }
}

/** Locates by offsets: the path is [start, end]. */
function textLocator(file: string, text: string) {
  const place = (offset: number): { line: number; column: number } => {
    const before = text.lastIndexOf('\n', offset - 1)
    let line = 1
    for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
    return { line, column: offset - before }
  }
  const span = (path: Path) => {
    const from = place(Number(path[0]))
    const to = place(Number(path[1]))
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
  }
  return { file, value: span, key: span, written: () => undefined, suffix: () => '' }
}

/** Values of a program can hold what a text cannot: cycles, endless depth, secrets in any string. */
function checkProgramValue(value: unknown, reporter: Reporter): boolean {
  const open = new Set<object>()
  let fine = true
  let count = 0
  const visit = (item: unknown, path: Path): void => {
    count += 1
    if (count > maxValues) {
      if (count === maxValues + 1) {
        fine = false
        reporter.error('FILE_TOO_LARGE', path, `the value holds more than ${maxValues} values`)
      }
      return
    }
    if (typeof item === 'string') {
      for (const secret of findSecrets(item, 1)) {
        fine = false
        reporter.error('SECRET_IN_FILE', path, `the value holds ${secret.kind}`, {
          sensitive: true,
          hint: 'Remove it and rotate it.',
        })
      }
      return
    }
    if (typeof item !== 'object' || item === null) return
    if (open.has(item) || open.size > 64) {
      fine = false
      reporter.error('YAML_TOO_DEEP', path, 'the value contains itself, or is nested too deep')
      return
    }
    open.add(item)
    for (const [key, child] of Object.entries(item))
      visit(child, [...path, Array.isArray(item) ? Number(key) : key])
    open.delete(item)
  }
  visit(value, [])
  if (Object.hasOwn(Object(value) as object, '__proto__')) fine = false
  return fine
}
