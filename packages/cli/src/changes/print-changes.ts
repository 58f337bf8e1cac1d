import { awsCommand, namesOf, requestWords } from '@ringfence/check'
import type { Colors } from '../output/color.js'
import { printPlace } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import type { ChangeLine, Sides } from './change-lines.js'

/** What is printed of long lists; `--json` has all of it. */
const most = { groups: 40, names: 8, actions: 4, text: 500 } as const

export const noChange = 'no change in access'

/** Who gains and who loses what, those with the same changes together. */
export function printChanges(
  changes: readonly ChangeLine[],
  notes: readonly string[],
  colors: Colors,
): string {
  if (changes.length === 0) return [noChange, ...notes.map(printable), ''].join('\n')
  const people = new Map<string, string[]>()
  for (const change of changes) {
    const lines = people.get(change.who) ?? []
    people.set(change.who, lines)
    lines.push(...printLine(change, colors))
  }
  const groups = new Map<string, string[]>()
  for (const [who, lines] of people) {
    const key = lines.join('\n')
    groups.set(key, [...(groups.get(key) ?? []), who])
  }
  const shown = [...groups]
    .slice(0, most.groups)
    .map(([text, who]) => `${colors.bold(whoText(who))}\n${text}`)
  const rest = groups.size - most.groups
  const more = rest > 0 ? [`and ${rest} more groups; --json shows everybody`] : []
  return `${[...shown, ...more, ...notes.map(printable)].join('\n')}\n`
}

/** The first names and a count. */
export function whoText(who: readonly string[]): string {
  const rest = who.length - most.names
  const named = (rest > 1 ? who.slice(0, most.names) : who).map(printable).join(', ')
  return rest > 1 ? `${named} and ${rest} more` : named
}

function printLine(change: ChangeLine, colors: Colors): readonly string[] {
  const { already, can, lines, on, reasons, when } = change
  const sign = { gains: colors.green('+'), loses: colors.red('-'), unknown: colors.yellow('?') }[
    change.change
  ]
  const head = `  ${sign} ${printable(doingOn(can, on))}`
  if (change.change === 'unknown')
    return [head, ...reasons.map((reason) => `      unknown: ${printable(reason)}`)]
  const place = lines[0] === undefined ? '' : `  (${printPlace(lines[0])})`
  const verb = change.change === 'gains' ? 'before' : 'now'
  return [
    ...when.map((text) => `${head}: ${clip(text)}${place}`),
    ...already.map((text) => `      ${verb}: ${clip(text)}`),
    ...(change.actions.every((action) => can.includes(action))
      ? []
      : [`      ${actionsText(change.actions)}`]),
  ]
}

/** `read corpus`, `s3:* on arn:…`, `change the settings of corpus`. */
function doingOn(can: string, on: string): string {
  if (can.includes(':')) return `${can} on ${on}`
  if (can.endsWith(' the settings')) return `${can} of ${on}`
  return PHRASES[can]?.(on) ?? `${can} ${on}`
}

/** Of doings whose words name what they are done to. */
const PHRASES: Readonly<Record<string, (on: string) => string>> = {
  'all actions': (on) => `all actions on ${on}`,
  'change the key': (on) => `change ${on}`,
  'create the bucket': (on) => `create ${on}`,
  decrypt: (on) => `decrypt with ${on}`,
  'delete the bucket or its policy': (on) => `delete ${on} or its policy`,
  encrypt: (on) => `encrypt with ${on}`,
  'let others use it': (on) => `let others use ${on}`,
  'sign or check codes': (on) => `sign or check codes with ${on}`,
  'use with other actions': (on) => `use ${on} with other actions`,
}

function clip(text: string): string {
  return printable(text.length > most.text ? `${text.slice(0, most.text)}…` : text)
}

/** `s3:GetObject, s3:GetObjectTagging and 4 more actions`. */
export function actionsText(actions: readonly string[]): string {
  const rest = actions.length - most.actions
  const named = (rest > 1 ? actions.slice(0, most.actions) : actions).join(', ')
  return printable(rest > 1 ? `${named} and ${rest} more actions` : named)
}

/** Why `--no-new-access` fails: a request that only the newer side allows, as a sentence, JSON and a command. */
export function printWidened(changes: readonly ChangeLine[], { newer }: Sides): string {
  const gained = changes.find(({ example, change }) => change === 'gains' && example !== undefined)
  if (!gained?.example) return 'new access cannot be ruled out, because something is not known\n'
  const { command, notes } = awsCommand(gained.example, newer.account.region)
  return [
    `new access: ${printable(requestWords(gained.example, namesOf(newer.account)))}`,
    `  ${printable(JSON.stringify(gained.example))}`,
    ...(command === undefined ? [] : [`  ${printable(command)}`]),
    ...notes.map((note) => `  ${printable(note)}`),
    '',
  ].join('\n')
}
