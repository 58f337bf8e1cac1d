import { printable } from '../output/printable.js'
import type { ChangeLine } from './change-lines.js'
import { actionsText, noChange } from './print-changes.js'

/** What GitHub takes as the text of a comment is a little more, in characters. */
export const maxMarkdown = 60_000
const maxCell = 1000

/** A table for a pull request: whole rows only, and a count of those that have no room. */
export function changesMarkdown(changes: readonly ChangeLine[], notes: readonly string[]): string {
  const told = notes.map((note) => `\n${escaped(note)}\n`).join('')
  if (changes.length === 0) return `${noChange}\n${told}`.slice(0, maxMarkdown)
  const head = `${summary(changes)}\n\n|     | Who | Can | On  | When | From |\n| --- | --- | --- | --- | ---- | ---- |\n`
  const rows = changes.map(row)
  const room = maxMarkdown - head.length - footer(rows.length).length
  let shown = ''
  let count = 0
  for (const one of rows) {
    if (shown.length + one.length > room) break
    shown += one
    count++
  }
  const text = `${head}${shown}${footer(rows.length - count)}`
  return text.length + told.length <= maxMarkdown ? `${text}${told}` : text
}

function footer(left: number): string {
  if (left === 0) return ''
  return `\n${left} more ${left === 1 ? 'change is' : 'changes are'} left out here; \`--json\` has all of them.\n`
}

function summary(changes: readonly ChangeLine[]): string {
  const of = (change: ChangeLine['change']): number =>
    new Set(changes.filter((one) => one.change === change).map(({ who }) => who)).size
  const parts = [
    [of('gains'), 'gain access'],
    [of('loses'), 'lose access'],
    [of('unknown'), 'may gain or lose access, which is not decided'],
  ] as const
  return parts.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`])).join(', ')
}

function row({ actions, already, can, change, lines, on, reasons, when, who }: ChangeLine): string {
  const sign = { gains: '➕', loses: '➖', unknown: '❔' }[change]
  const doing = actions.every((action) => can.includes(action)) ? can : `${can} (${actionsText(actions)})`
  const verb = change === 'gains' ? 'before' : 'now'
  const told = [...when, ...already.map((text) => `${verb}: ${text}`), ...reasons]
  const places = lines.map(({ file, line }) => `${file}:${line}`)
  return `| ${[sign, ...[who, doing, on, told.join('; '), places.join(', ')].map(cell)].join(' | ')} |\n`
}

function cell(text: string): string {
  return escaped(text.length > maxCell ? `${text.slice(0, maxCell)}…` : text)
}

/** Text of others as it is: no markup, no mention, no HTML, and no end of the cell. */
export function escaped(text: string): string {
  return printable(text)
    .replace(/[\n\r\t]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('#', '&#35;')
    .replaceAll('@', '&#64;')
    .replace(/[\\`*_{}[\]()!|~]/g, String.raw`\$&`)
    .replace(/https?:/g, (scheme) => scheme.replace(':', '&#58;'))
}
