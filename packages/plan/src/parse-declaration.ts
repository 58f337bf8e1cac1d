import type { Declaration } from './declaration.js'
import type { Diagnostic, Result } from './diagnostic.js'
import { programLocator } from './locator.js'
import type { Path } from './locator.js'
import { readYaml } from './read-yaml.js'
import { repair } from './repair.js'
import type { Reporter } from './reporter.js'
import { createReporter } from './reporter.js'
import { resolve } from './resolve.js'
import type { KnownMembers } from './resolve-members.js'
import type { OrganizationValue } from './schema.js'
import { organizationSchema } from './schema.js'
import type { Roster } from './roster.js'
import { mergeRoster, rosterSource, withoutRoster } from './roster/merge-roster.js'
import { findSecrets, show } from './secrets.js'
import { describeType, reportShape } from './shape.js'
import { reportText } from './text-places.js'

/** Characters of a declared file. 100,000 members with teams, datasets and grants fit. */
export const maxFileLength = 9 * 1024 * 1024

/** Values (scalars, lists, mappings) of a declaration that a program made. */
const maxValues = 2_000_000

/**
 * Reads a declared file (YAML). All problems that can be told apart are in `diagnostics`; `nowMs` (epoch
 * milliseconds) decides what has expired. Problems of people on the roster are at their places in the roster.
 */
export function parseDeclaration(options: {
  readonly file: string
  readonly text: string
  readonly nowMs: number
  /** What `members.from` names; needed where the file has it, and not looked at otherwise. */
  readonly roster?: Roster | undefined
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
  const unwritten = reportText(file, text)
  const yaml = readYaml(file, text, unwritten.sensitive)
  const meaning = yaml.complete ? interpret(yaml.value, yaml.reporter, nowMs, options.roster) : undefined
  return finish(meaning?.declaration, [unwritten, ...(meaning?.reporters ?? [yaml.reporter])])

  function fail(code: 'FILE_TOO_LARGE' | 'FILE_EMPTY', message: string, hint: string): Result<Declaration> {
    return { ok: false, diagnostics: [{ code, severity: 'error', message, hint, span: start }] }
  }
}

/** The same for a value that a program made (`defineOrganization`); messages name the path to each problem. */
export function readDeclaration(options: {
  readonly file: string
  readonly value: unknown
  readonly nowMs: number
  readonly roster?: Roster | undefined
}): Result<Declaration> {
  const reporter = createReporter(programLocator(options.file))
  if (!checkProgramValue(options.value, reporter)) return finish(undefined, [reporter])
  const { declaration, reporters } = interpret(options.value, reporter, options.nowMs, options.roster)
  return finish(declaration, reporters)
}

/** What `members.from` of a declared file (YAML) names; undefined where it has no roster, or is no YAML. */
export function readRosterSource(text: string): string | undefined {
  // Files without one, which can be large, are not read twice.
  if (!/(?:\bfrom["']?\s*:)/.test(text) || text.length > maxFileLength) return undefined
  const { complete, value } = readYaml('', text, true)
  return complete ? rosterSource(value) : undefined
}

interface Meaning {
  readonly declaration: Declaration | undefined
  /** Of the file alone, and of the file with its roster. */
  readonly reporters: readonly Reporter[]
}

function interpret(value: unknown, reporter: Reporter, nowMs: number, roster: Roster | undefined): Meaning {
  const nothing = { declaration: undefined, reporters: [reporter] }
  if (value === null || value === undefined) {
    reporter.error('FILE_EMPTY', [], 'the file declares nothing', { hint: 'Start with "ringfence init".' })
    return nothing
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    reporter.error(
      'TYPE_WRONG',
      [],
      `the file must be a mapping that starts with "organization:", not ${describeType(value)}`,
    )
    return nothing
  }
  const section = value as Readonly<Record<string, unknown>>
  const source = rosterSource(section)
  if (source === undefined) return { ...nothing, declaration: declare(section, new Set(), nowMs, reporter) }
  if (roster === undefined) {
    reporter.error(
      'ROSTER_MISSING',
      ['members', 'from'],
      `members come from the roster ${show(source)}, and it was not read`,
    )
    const { error } = organizationSchema.safeParse(withoutRoster(section))
    if (error !== undefined) reportShape(error.issues, section, reporter)
    return nothing
  }
  const merged = mergeRoster(section, roster, reporter)
  const declared = declare(merged.value, roster.broken ?? new Set(), nowMs, merged.reporter, merged.known)
  const declaration = declared && withIds(declared, roster)
  return { declaration, reporters: [reporter, merged.reporter] }
}

/** With the ids of a roster in CSV: those of a directory are its own, and others once it is made anew. */
function withIds(declaration: Declaration, { people, source }: Roster): Declaration {
  const ids = new Map(people.flatMap(({ id, name }) => (id === undefined ? [] : [[name, id]])))
  if (source === 'scim' || ids.size === 0) return declaration
  const members = declaration.members.map((member) => {
    const rosterId = ids.get(member.name)
    return rosterId === undefined ? member : { ...member, rosterId }
  })
  return { ...declaration, members }
}

function declare(
  value: Readonly<Record<string, unknown>>,
  brokenNames: ReadonlySet<string>,
  nowMs: number,
  reporter: Reporter,
  known: KnownMembers = [],
): Declaration | undefined {
  // Nothing is transformed, so the value itself is what was parsed; its positions are the file's.
  const parsed = organizationSchema.safeParse(value)
  if (parsed.success)
    return resolve({ value: value as OrganizationValue, brokenNames }, known, nowMs, reporter)
  reportShape(parsed.error.issues, value, reporter)
  const repaired = repair(value, parsed.error.issues)
  if (repaired !== undefined) {
    const names = new Set([...brokenNames, ...repaired.brokenNames])
    resolve({ value: repaired.value, brokenNames: names }, known, nowMs, reporter)
  }
  return undefined
}

function finish(declaration: Declaration | undefined, reporters: readonly Reporter[]): Result<Declaration> {
  const inFile = (one: Diagnostic): number => Number(one.span?.file !== reporters[0]?.locator.file)
  const diagnostics = reporters
    .flatMap((reporter) => reporter.diagnostics)
    .toSorted(
      (one, other) =>
        inFile(one) - inFile(other) ||
        (one.span?.line ?? 0) - (other.span?.line ?? 0) ||
        (one.span?.column ?? 0) - (other.span?.column ?? 0),
    )
  const failed = declaration === undefined || reporters.some((reporter) => reporter.hasErrors())
  return failed ? { ok: false, diagnostics } : { ok: true, value: declaration, diagnostics }
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
    for (const [key, child] of Object.entries(item)) {
      if (key === '__proto__') {
        fine = false
        reporter.error('NAME_INVALID', path, '"__proto__" cannot be used as a key', {
          hint: 'Take another name.',
        })
      }
      visit(child, [...path, Array.isArray(item) ? Number(key) : key])
    }
    open.delete(item)
  }
  visit(value, [])
  return fine
}
