import type { AccessChange, AccessSummary } from '@ringfence/plan'
import type { Colors } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import { type AccessGroup, type AccessLine, groupAccess } from './access-groups.js'

/** What is printed of each list; `--json` has all of it. */
const most = { groups: 12, names: 6, lines: 12 } as const

/** Who gains and who loses what, those with the same changes together; long lists end in a count. */
export function printAccessChange(
  changes: readonly AccessChange[],
  before: AccessSummary | undefined,
  after: AccessSummary,
  colors: Colors,
): string {
  if (changes.length === 0) return `${colors.bold('Access')}: nobody gains or loses anything\n`
  const groups = groupAccess(changes, before, after)
  const shown = groups.slice(0, most.groups).flatMap((group) => printGroup(group, colors))
  const rest = groups.slice(most.groups)
  if (rest.length > 0) {
    const people = rest.reduce((sum, { who }) => sum + who.length, 0)
    shown.push(`  and ${people} more; --json shows everybody`)
  }
  return `${colors.bold('Access')}: ${summarize(changes)}\n${shown.join('\n')}\n`
}

function summarize(changes: readonly AccessChange[]): string {
  const parts = (['gains', 'loses'] as const).flatMap((change) => {
    const who = new Set(changes.filter((one) => one.change === change).map((one) => one.who))
    const members = [...who].filter((one) => one.startsWith('member/')).length
    const platforms = who.size - members
    const named = [
      ...(members > 0 ? [count(members, 'member')] : []),
      ...(platforms > 0 ? [count(platforms, 'platform')] : []),
    ]
    if (named.length === 0) return []
    return [`${named.join(' and ')} ${who.size === 1 ? change : change.slice(0, -1)}`]
  })
  return parts.join(', ')
}

function printGroup({ who, lines }: AccessGroup, colors: Colors): readonly string[] {
  const names = who
    .slice(0, most.names)
    .map(({ name, note }) => colors.bold(printable(name)) + (note === undefined ? '' : ` (${note})`))
  const rest = who.length - most.names
  const head = rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ')
  const shown = lines.slice(0, most.lines).map((line) => printLine(line, colors))
  const cut = lines.length - most.lines
  return [`  ${head}`, ...shown, ...(cut > 0 ? [`    and ${cut} more`] : [])]
}

function printLine({ change, can, on, under, until, except = [] }: AccessLine, colors: Colors): string {
  const sign = change === 'gains' ? colors.green('+') : colors.red('-')
  const verb = change === 'gains' ? 'held already' : 'kept'
  const kept = except.map((part) => `${printPart(part.under, part.until) || 'all of it'} ${verb}`)
  const limits = [printPart(under, until), ...kept].filter((text) => text !== '')
  const [kind, ...name] = on.split('/')
  const target = `${kind} ${printable(name.join('/'))}`
  return `    ${sign} ${can.join(', ')}  ${target}${limits.length > 0 ? `  ${limits.join('; ')}` : ''}`
}

function printPart(under: string, until: string | undefined): string {
  const parts = [
    ...(under === '' ? [] : [`under ${printable(under)}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ]
  return parts.join(' ')
}
