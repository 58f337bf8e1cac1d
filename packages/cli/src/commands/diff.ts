import type { AccessChangeProved } from '@ringfence/check'
import type { Command } from 'commander'
import type { Sides } from '../changes/change-lines.js'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'

export interface DiffOptions {
  readonly older: string
  readonly newer: string
  /** Both are folders of accounts that exist. */
  readonly account: boolean
  readonly newAccess: boolean
  readonly json: boolean
  readonly markdown: boolean
  readonly sarif: boolean
}

/** Adds the arguments, options and action of `diff`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<old>', 'a declared file, REVISION:PATH as git has it, or OLD..NEW of one file')
    .argument('<new>', 'the declared file that it becomes; after OLD..NEW the one file')
    .option('--account', 'compare two accounts that exist: both are folders of their policies', false)
    .option('--no-new-access', 'fail with 5 where somebody gains something, or that is not known')
    .option('--json', 'print {"formatVersion":1,"old","new","changes":[…]} with all conditions', false)
    .option('--markdown', 'print a table for a pull request, at most 60,000 characters', false)
    .option('--sarif', 'print SARIF 2.1.0', false)
    .action(async (older: string, newer: string, options: Omit<DiffOptions, 'older' | 'newer'>) =>
      context.done(await runDiff({ older, newer, ...options }, context.io)),
    )
}

/** Proves who gains and who loses what. With `newAccess` false, access that is gained is a violation. */
export async function runDiff(options: DiffOptions, io: Io): Promise<ExitCode> {
  refuseSeveralFormats(options)
  const { loadCompared, nameOf, readCompared } = await import('../changes/compared-file.js')
  const [older, newer] = readCompared(options.older, options.newer, options.account, io)
  const before = await loadCompared(older, io)
  tellFindings(before.findings, before.sources, io, options)
  const after = await loadCompared(newer, io, before)
  tellFindings(after.findings, after.sources, io, options)
  if (!before.ok || !after.ok) return exitCode.usage
  const sides = { older: before.asked, newer: after.asked }
  const isSame = before.text !== undefined && before.text === after.text
  const proved = isSame ? [] : await provedChanges(sides, io)
  const { changeJson, changeLines } = await import('../changes/change-lines.js')
  const { declaredNotes } = await import('../changes/declared-notes.js')
  const notes = isSame ? [] : declaredNotes(proved, sides)
  const changes = changeLines(proved, sides)
  const names = { old: nameOf(older), new: nameOf(newer) }
  if (options.json) {
    const printed = proved.map((change) => changeJson(change, sides))
    io.stdout.write(`${JSON.stringify({ formatVersion: 1, ...names, changes: printed, notes })}\n`)
  } else if (options.markdown) {
    const { changesMarkdown } = await import('../changes/markdown.js')
    io.stdout.write(changesMarkdown(changes, notes))
  } else if (options.sarif) {
    const { changesSarif } = await import('../changes/sarif.js')
    io.stdout.write(`${JSON.stringify(changesSarif(changes, sides, names.new), undefined, 2)}\n`)
  } else {
    const { printChanges } = await import('../changes/print-changes.js')
    io.stdout.write(printChanges(changes, notes, colorsOf(io.stdout)))
  }
  const isWidened = changes.some(({ change }) => change !== 'loses')
  if (options.newAccess || !isWidened) return exitCode.ok
  const { printWidened } = await import('../changes/print-changes.js')
  io.stderr.write(printWidened(changes, sides))
  return exitCode.guaranteeViolated
}

function refuseSeveralFormats(options: DiffOptions): void {
  const [one, other] = (['json', 'markdown', 'sarif'] as const).filter((format) => options[format])
  if (other === undefined) return
  throw new CliError('OPTION_CONFLICT', `--${one} and --${other} are two formats`, {
    exitCode: exitCode.usage,
    hint: 'leave one of them out',
  })
}

async function provedChanges(sides: Sides, io: Io): Promise<readonly AccessChangeProved[]> {
  const { diffAccounts } = await import('@ringfence/check')
  const { loadActionCatalogue } = await import('@ringfence/policy')
  const catalogue = await loadActionCatalogue()
  return [...diffAccounts(sides.older, sides.newer, { catalogue, cache: new Map(), nowMs: io.nowMs() })]
}
