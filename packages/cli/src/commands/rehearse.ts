import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'
import type { Actor } from '../rehearse/actor.js'
import type { OpenRehearsal } from '../rehearse/rehearse.js'

export interface RehearseOptions {
  readonly file: string
  readonly json: boolean
  /** Name of the one member whose probes are sent. */
  readonly as?: string
  /** Leave the local AWS running, and tell how to reach it. */
  readonly keep: boolean
  /** Folder whose folders hold objects of the datasets and models that they are named after. */
  readonly data?: string
}

/** Adds the arguments, options and action of `rehearse`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'the declared file: .yaml, .yml, .json, .ts, .mts, .js or .mjs')
    .option('--json', 'print matrix and surprises as JSON', false)
    .option('--as <member>', 'send only the probes of this member')
    .option('--keep', 'leave the local AWS running until Ctrl-C, and print export AWS_… lines for it', false)
    .option('--data <dir>', 'start with the files of DIR/<dataset or model>/… as objects')
    .action(async (file: string, options: Omit<RehearseOptions, 'file'>) =>
      context.done(await runRehearse({ file, ...options }, context.io)),
    )
}

/**
 * Tries a declared file out on a local AWS as everybody in it, and tells who could do what and what did not go
 * as declared. Only the result goes to stdout.
 */
export async function runRehearse(options: RehearseOptions, io: Io): Promise<ExitCode> {
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(options.file, io)
  tellFindings(loaded.findings, loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const { declaration, plan } = loaded
  const { signal } = io
  const { chooseActors } = await import('../rehearse/choose-actors.js')
  const actors = chooseActors(declaration, options.as)
  const { listDataFolder, putDataFiles } = await import('../rehearse/data-folder.js')
  const files = options.data === undefined ? [] : await listDataFolder(options.data, declaration, io.cwd)
  const { holdsBefore } = await import('../check/check-loaded.js')
  if (!(await holdsBefore(loaded, io, options))) return exitCode.guaranteeViolated
  const { openRehearsal } = await import('../rehearse/rehearse.js')
  const { createProgress } = await import('../rehearse/progress.js')
  const open = await openRehearsal(declaration, plan, {
    nowMs: io.nowMs,
    only: actors.only,
    putData: (local) => putDataFiles(local, files),
    signal,
    progress: createProgress(io.stderr, io.nowMs),
  })
  try {
    await printResult(open, loaded.sources, options, io)
    const { rehearsal } = open
    if (rehearsal.cancelled || signal.aborted) return exitCode.cancelled
    if (options.keep) await keepRunning(open, actors.member, options, io)
    return rehearsal.surprises.length === 0 ? exitCode.ok : exitCode.guaranteeViolated
  } finally {
    await open.close()
  }
}

async function printResult(
  { rehearsal }: OpenRehearsal,
  sources: ReadonlyMap<string, string>,
  options: RehearseOptions,
  io: Io,
): Promise<void> {
  if (options.json) {
    const { printRehearsalJson } = await import('../rehearse/report-json.js')
    io.stdout.write(printRehearsalJson(rehearsal))
    return
  }
  const { printRehearsal } = await import('../rehearse/report.js')
  io.stdout.write(printRehearsal(rehearsal, sources, colorsOf(io.stdout)))
}

/** Until Ctrl-C. With `--json` the lines go to stderr, so that stdout stays one JSON document. */
async function keepRunning(
  open: OpenRehearsal,
  member: Actor | undefined,
  options: RehearseOptions,
  io: Io,
): Promise<void> {
  const { printAccess } = await import('../rehearse/keep.js')
  const lines = await printAccess(open, member)
  ;(options.json ? io.stderr : io.stdout).write(`\n${lines}`)
  io.stderr.write('The local AWS runs until Ctrl-C.\n')
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve()
    else io.signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
