import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { type Finding, type Sources, tellFindings } from '../output/diagnostics.js'
import { decodeText, displayPath, readTextFile, type TextResult } from '../text-file.js'

/** The largest file of cases that is read, in bytes. */
const maxCasesBytes = 128 * 1024 * 1024

export interface SimulateOptions {
  /** A path, or `-` for stdin. */
  readonly file: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `simulate`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'one case or a list of cases, as JSON; - for stdin')
    .option('--json', 'print a list with one {"decision","because"} for each case', false)
    .action(async (file: string, options: Omit<SimulateOptions, 'file'>) =>
      context.done(await runSimulate({ file, ...options }, context.io)),
    )
}

/**
 * Decides the cases of a file. Whatever is decided is `exitCode.ok`; a case that cannot be understood is
 * answered in its place by an error, and makes it `exitCode.usage`.
 */
export async function runSimulate(options: SimulateOptions, io: Io): Promise<ExitCode> {
  const shown = options.file === '-' ? 'stdin' : displayPath(options.file, io)
  const read = await readCases(options.file, shown, io)
  if (!read.ok) return refuse(read.finding, new Map(), options, io)
  const { parseCases } = await import('../simulate/parse-cases.js')
  const sources = new Map([[shown, read.text]])
  const cases = parseCases(read.text, shown)
  if (!cases.ok) {
    const { code, message } = cases.finding
    if (options.json)
      io.stdout.write(`${JSON.stringify([{ decision: 'error', because: [`${message} (${code})`] }])}\n`)
    return refuse(cases.finding, sources, options, io)
  }
  const { decideCases } = await import('../simulate/decide-cases.js')
  const { answers, findings } = decideCases(cases.value)
  if (options.json) {
    io.stdout.write(
      answers.length === 0
        ? '[]\n'
        : `[\n${answers.map((answer) => JSON.stringify(answer)).join(',\n')}\n]\n`,
    )
  } else {
    const { printAnswers } = await import('../output/answers.js')
    io.stdout.write(printAnswers(cases.value.values, answers, colorsOf(io.stdout)))
  }
  tellFindings(findings, sources, io, options)
  return answers.some(({ decision }) => decision === 'error') ? exitCode.usage : exitCode.ok
}

async function readCases(path: string, shown: string, io: Io): Promise<TextResult> {
  if (path !== '-') return readTextFile(path, io, maxCasesBytes)
  return decodeText(await io.stdin.read(maxCasesBytes), shown, maxCasesBytes)
}

function refuse(finding: Finding, sources: Sources, options: SimulateOptions, io: Io): ExitCode {
  tellFindings([finding], sources, io, options)
  return exitCode.usage
}
