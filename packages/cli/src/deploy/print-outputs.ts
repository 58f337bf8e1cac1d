import { printable } from '../output/printable.js'

/**
 * `name: value` lines; values of maps stand indented under the map's name. `access` is a summary for the next
 * preview and not for people: `--json` has it.
 */
export function printOutputs(outputs: Readonly<Record<string, unknown>>): string {
  return Object.entries(outputs)
    .filter(([name]) => name !== 'access')
    .map(([name, value]) => {
      if (typeof value !== 'object' || value === null) return `${name}: ${text(value)}\n`
      const entries = Object.entries(value)
      if (entries.length === 0) return `${name}: none\n`
      return `${name}:\n${entries.map(([key, one]) => `  ${printable(key)}: ${text(one)}\n`).join('')}`
    })
    .join('')
}

function text(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
}
