import type { Expiring } from '@ringfence/lifecycle'
import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'

export interface ExpiringOptions {
  readonly file: string
  /** Such as `14d`. */
  readonly within: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `expiring`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'the declared file: .yaml, .yml, .json, .ts, .mts, .js or .mjs')
    .option('--within <time>', 'how far to look ahead: hours, days or weeks, such as 12h, 14d or 4w', '14d')
    .option('--json', 'print {"formatVersion":1,"within","expiring":[…]}', false)
    .action(async (file: string, options: Omit<ExpiringOptions, 'file'>) =>
      context.done(await runExpiring({ file, ...options }, context.io)),
    )
}

/** Lists what ends soon, and what has ended and still stands in the file; fails with 7 if there is any. */
export async function runExpiring(options: ExpiringOptions, io: Io): Promise<ExitCode> {
  const { expiring } = await import('@ringfence/lifecycle')
  const { readDuration } = await import('../edit/time-options.js')
  const { loadDeclaration } = await import('../declaration-file.js')
  const withinMs = readDuration(options.within, '--within')
  const loaded = await loadDeclaration(options.file, io)
  // What has ended is in the list: its warnings would say so twice.
  const findings = loaded.findings.filter(
    ({ code }) => !/^(MEMBER|KEY|TEAM|GRANT)_EXPIRED$/.test(code) || !loaded.ok,
  )
  tellFindings(findings, loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const found = expiring(loaded.value, io.nowMs(), withinMs)
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ formatVersion: 1, within: options.within, expiring: found })}\n`)
  } else if (found.length === 0) {
    io.stdout.write(`nothing ends within ${options.within}\n`)
  } else {
    const colors = colorsOf(io.stdout)
    const width = Math.max(...found.map((one) => printWhen(one).length))
    for (const one of found) {
      const when = printWhen(one).padEnd(width)
      const place = `${one.declaredAt.file}:${one.declaredAt.line}:${one.declaredAt.column}`
      const painted = one.inMs <= 0 ? colors.red(when) : when
      io.stdout.write(`${one.until}  ${painted}  ${one.kind} ${printable(one.name)}  (${place})\n`)
    }
  }
  return found.length === 0 ? exitCode.ok : exitCode.unexpectedChanges
}

const hourMs = 3_600_000

function printWhen({ inMs }: Expiring): string {
  if (inMs <= 0) return 'has ended'
  const hours = Math.floor(inMs / hourMs)
  if (hours < 1) return 'in less than an hour'
  if (hours < 48) return `in ${hours} ${hours === 1 ? 'hour' : 'hours'}`
  return `in ${Math.floor(hours / 24)} days`
}
