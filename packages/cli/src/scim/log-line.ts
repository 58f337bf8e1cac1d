import type { ApplyState, ScimRequestEvent } from '@ringfence/scim'
import type { Colors } from '../output/color.js'
import { printable } from '../output/printable.js'

/** One line for each request: never a token, a query or a body. */
export function printRequest(event: ScimRequestEvent, colors: Colors): string {
  const { atMs, method, path, status, client = '-', detail } = event
  const paint = status >= 400 ? colors.red : colors.green
  const why = detail === undefined ? '' : `  ${detail}`
  return `${instant(atMs)} ${paint(String(status))} ${printable(`${client} ${method} ${path}${why}`)}\n`
}

/** One line at the start and one at the end of a run. */
export function printRun(state: ApplyState, colors: Colors): string {
  const { lastRun } = state
  if (lastRun === undefined) return ''
  const { startedMs, endedMs, position, result, message, hint } = lastRun
  if (result === undefined) return `${instant(startedMs)} bringing the stack to change ${position}\n`
  const paint = result === 'applied' ? colors.green : colors.red
  const why = message === undefined ? '' : `: ${message}`
  const next = state.retryAtMs === undefined ? '' : `; next run ${instant(state.retryAtMs)}`
  const lines = [
    `${instant(endedMs ?? startedMs)} change ${position} ${paint(result)}${printable(why)}${next}\n`,
  ]
  if (hint !== undefined) lines.push(`  ${colors.cyan('Try:')} ${printable(hint)}\n`)
  return lines.join('')
}

export function instant(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z')
}
