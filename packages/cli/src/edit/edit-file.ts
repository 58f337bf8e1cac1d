import type { Edited, EditProblem } from '@ringfence/lifecycle'
import type { AccessSummary } from '@ringfence/plan'
import { extname, resolve } from 'node:path'
import { CliError } from '../cli-error.js'
import { maxDeclarationBytes } from '../declaration-file.js'
import { printAccessChange } from '../deploy/print-access.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { type Colors, colorsOf } from '../output/color.js'
import { type Finding, tellFindings } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import { loadPlan, type LoadedPlan } from '../plan-file.js'
import { decodeText, displayPath, readTextFile } from '../text-file.js'
import { printTextDiff } from './text-diff.js'

export interface EditOptions {
  readonly file: string
  /** Show what would change, and write nothing. */
  readonly dryRun: boolean
  readonly json: boolean
  /** False where the edit is about how the file is written, and not about access. */
  readonly tellsAccess?: boolean
  /** Codes of mistakes that the edit is there to end: where one is left it is told, and the command has failed. */
  readonly meant?: readonly string[]
}

/** What came of an edit: the exit code, and whether the text is another one now. */
export interface EditOutcome {
  readonly code: ExitCode
  readonly changed: boolean
}

/**
 * Edits a declared file where it lies: makes the edit in memory, reads the result as every command would, writes it only
 * if that tells no mistake that was not there before, and prints who gains and who loses what, the lines, and what there is
 * to warn of since.
 * `byHand` says what to do in a file that is a program.
 */
export async function editFile(
  { file, dryRun, json, meant = [], tellsAccess = true }: EditOptions,
  edit: (text: string) => Edited,
  byHand: string,
  io: Io,
): Promise<EditOutcome> {
  const shown = displayPath(file, io)
  refuseModules(file, shown, byHand)
  const path = resolve(io.cwd, file)
  const read = await readTextFile(file, io, maxDeclarationBytes)
  if (!read.ok) {
    tellFindings([read.finding], new Map(), io, { json })
    return { code: exitCode.usage, changed: false }
  }
  const edited = edit(read.text)
  if (!edited.ok) {
    tellFindings([findingOf(edited.problem, shown)], new Map([[shown, read.text]]), io, { json })
    return { code: exitCode.usage, changed: false }
  }
  const before = await loadPlan(file, io)
  const after = await loadPlan(file, withText(io, path, edited.text))
  const fresh = newFindings('error', before, after)
  if (fresh.length > 0) {
    tellFindings(fresh, after.sources, io, { json })
    if (!json) io.stderr.write(`${printable(shown)} is left as it was\n`)
    return { code: exitCode.usage, changed: false }
  }
  const changed = edited.text !== read.text
  const written = changed && !dryRun
  if (written) await writeBack(path, shown, read.text, edited.text, io)
  const diff = printTextDiff(shown, read.text, edited.splices)
  const access = await accessOf(before, after)
  const left = findingsOf('error', after).filter(({ code }) => meant.includes(code))
  const code = left.length > 0 ? exitCode.usage : exitCode.ok
  if (json) {
    const changes = access?.changes ?? null
    io.stdout.write(
      `${JSON.stringify({ formatVersion: 1, file: shown, changed, written, access: changes, diff })}\n`,
    )
  } else if (!changed) {
    if (left.length === 0) io.stdout.write(`${printable(shown)} says so already\n`)
  } else {
    io.stdout.write(diff)
    if (tellsAccess)
      io.stdout.write(access === undefined ? unknownAccess(after) : printAccess(access, colorsOf(io.stdout)))
    if (dryRun) io.stdout.write(`Nothing is written to ${printable(shown)}\n`)
  }
  tellFindings([...left, ...newFindings('warning', before, after)], after.sources, io, { json })
  return { code, changed }
}

function refuseModules(file: string, shown: string, byHand: string): void {
  if (!/^\.[cm]?[jt]s$/i.test(extname(file))) return
  throw new CliError('MODULE_NOT_EDITABLE', `${shown} is a program, which only people edit`, {
    hint: byHand,
    exitCode: exitCode.usage,
  })
}

function findingOf({ code, message, hint, related = [] }: EditProblem, shown: string): Finding {
  return {
    code,
    severity: 'error',
    message,
    ...(hint === undefined ? {} : { hint }),
    related: related.map((one) => ({
      message: one.message,
      span: { file: shown, line: one.line, column: 1, endLine: one.line, endColumn: 1 },
    })),
  }
}

/** The same world, but for what one file says. */
function withText(io: Io, path: string, text: string): Io {
  const bytes = new TextEncoder().encode(text)
  const read: Io['files']['read'] = async (asked, maxBytes) => {
    if (resolve(io.cwd, asked) !== path) return io.files.read(asked, maxBytes)
    return bytes.length > maxBytes ? 'too-large' : bytes
  }
  return { ...io, files: { ...io.files, read } }
}

type Severity = Finding['severity']

/** Findings that the file did not have before, wherever they stand. */
function newFindings(severity: Severity, before: LoadedPlan, after: LoadedPlan): readonly Finding[] {
  const known = new Map<string, number>()
  for (const one of findingsOf(severity, before)) known.set(keyOf(one), (known.get(keyOf(one)) ?? 0) + 1)
  return findingsOf(severity, after).filter((one) => {
    const left = known.get(keyOf(one)) ?? 0
    known.set(keyOf(one), left - 1)
    return left <= 0
  })
}

function findingsOf(severity: Severity, { findings }: LoadedPlan): readonly Finding[] {
  return findings.filter((one) => one.severity === severity)
}

function keyOf({ code, message }: Finding): string {
  return `${code} ${message}`
}

/** Keeps a byte order mark, and what somebody else wrote in the meantime. */
async function writeBack(path: string, shown: string, old: string, text: string, io: Io): Promise<void> {
  const bytes = await io.files.read(path, maxDeclarationBytes)
  const now = decodeText(bytes, shown, maxDeclarationBytes)
  if (!now.ok || now.text !== old) {
    throw new CliError('FILE_CHANGED', `${shown} was changed by somebody else in the meantime`, {
      hint: 'run the command again',
    })
  }
  const mark = typeof bytes !== 'string' && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  try {
    await io.files.write(path, (mark ? '\uFEFF' : '') + text, { overwrite: true })
  } catch (error) {
    throw new CliError('FILE_NOT_WRITABLE', `${shown} cannot be written: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

type AccessOfEdit = NonNullable<Awaited<ReturnType<typeof accessOf>>>

function printAccess({ after, before, changes }: AccessOfEdit, colors: Colors): string {
  return printAccessChange(changes, before, after, colors)
}

function unknownAccess(after: LoadedPlan): string {
  return after.ok
    ? 'Access: no change can be told, because the file had a mistake before, which is mended now\n'
    : 'Access: not known, because the file has other mistakes ("ringfence plan" tells them)\n'
}

async function accessOf(before: LoadedPlan, after: LoadedPlan) {
  if (!after.ok) return undefined
  const { diffAccess } = await import('@ringfence/plan')
  // A file whose mistake the edit mends had no access that anybody could tell.
  const old: AccessSummary | undefined = before.ok ? before.plan.access : undefined
  if (old === undefined) return undefined
  return { before: old, after: after.plan.access, changes: diffAccess(old, after.plan.access) }
}
