import { instantAfter } from '@ringfence/lifecycle'
import { durationMs } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'

/** Milliseconds of `14d` and the like; anything else is a mistake of the command line. */
export function readDuration(written: string, option: string): number {
  const lengthMs = durationMs(written)
  if (lengthMs !== undefined) return lengthMs
  throw new CliError('DURATION_UNKNOWN', `${JSON.stringify(written)} is no length of time for ${option}`, {
    hint: 'write hours, days or weeks: 12h, 14d or 4w',
    exitCode: exitCode.usage,
  })
}

/** The end that `--until` or `--for` asks for, as it is to stand in the file. */
export function readEnd(
  options: { readonly until?: string; readonly for?: string },
  nowMs: number,
): string | undefined {
  if (options.for === undefined) return options.until
  if (options.until !== undefined) {
    throw new CliError('OPTION_CONFLICT', '--until and --for are two ends', {
      hint: 'give one of the two',
      exitCode: exitCode.usage,
    })
  }
  return instantAfter(nowMs, readDuration(options.for, '--for'))
}
