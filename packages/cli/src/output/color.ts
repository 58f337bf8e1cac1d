import pico from 'picocolors'
import type { Io, Output } from '../io.js'

/** Colouring functions of a stream: identity functions where it takes no colours. */
export type Colors = ReturnType<typeof pico.createColors>

/** The colours of a stream. */
export function colorsOf(output: Output): Colors {
  return pico.createColors(output.color)
}

/**
 * Whether a stream takes colours: never with NO_COLOR (https://no-color.org: set and not empty), always with
 * FORCE_COLOR (other than `0`), else on a terminal that is not `dumb`. NO_COLOR wins over FORCE_COLOR.
 */
export function wantsColor(env: Io['env'], isTTY: boolean): boolean {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTTY && env['TERM'] !== 'dumb'
}
