import {
  type Access,
  type Account,
  type AskedAnswer,
  type Lines,
  linesOf,
  statementOf,
  type TellingStatement,
  type Way,
  type WhoCan,
} from '@ringfence/check'
import type { Colors } from '../output/color.js'
import { printPlace } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'

/** What is shown of long lists; `--json` has all of it. */
const most = { names: 12, limits: 6, limitLength: 160 } as const

/** A block of an answer: what is the same for several. */
interface Block {
  readonly lines: readonly string[]
  readonly names: string[]
}

/** Who can: those with the same answer together, yes before unknown before no. */
export function printWhoCan(everybody: readonly WhoCan[], account: Account, colors: Colors): string {
  const lines = linesOf(account)
  const groups = {
    yes: new Map<string, Block>(),
    unknown: new Map<string, Block>(),
    no: new Map<string, Block>(),
  }
  for (const { answers, called } of everybody) {
    const { answer, text } = joinAnswers(answers, lines, colors)
    const key = text.join('\n')
    const known = groups[answer].get(key)
    if (known) known.names.push(called)
    else groups[answer].set(key, { lines: text, names: [called] })
  }
  const blocks = [groups.yes, groups.unknown, groups.no].flatMap((group) => Array.from(group.values()))
  return `${blocks.map((block) => `${[...block.lines, `  ${namesText(block.names)}`].join('\n')}\n`).join('\n')}`
}

function namesText(names: readonly string[]): string {
  const rest = names.length - most.names
  const shown = (rest > 1 ? names.slice(0, most.names) : names).map(printable)
  return `${shown.join(', ')}${rest > 1 ? ` and ${rest} more` : ''}`
}

/** Several answers as one: some way is enough for yes, and one that is not known is enough for unknown. */
export function joinAnswers(
  answers: readonly AskedAnswer[],
  lines: Lines,
  colors: Colors,
): { readonly answer: AskedAnswer['answer']; readonly text: readonly string[] } {
  const yes = answers.filter((one) => one.answer === 'yes')
  if (yes.length > 0) {
    const ways = yes.flatMap(({ on, ways: own }) =>
      own.map((way) => `${colors.green('yes')}  ${onText(on)}${wayText(way, lines)}`),
    )
    const rest = yes.flatMap(({ incomplete }) =>
      incomplete === undefined ? [] : [`perhaps more: ${printable(incomplete)}`],
    )
    return { answer: 'yes', text: [...new Set(ways), ...rest] }
  }
  const unknown = answers.filter((one) => one.answer === 'unknown')
  if (unknown.length > 0) {
    const reasons = unknown.flatMap((one) => one.reasons.map((reason) => `  because ${printable(reason)}`))
    const ways = unknown.flatMap((one) =>
      one.ways.map((way) => `  as far as is known yes  ${onText(one.on)}${wayText(way, lines)}`),
    )
    return { answer: 'unknown', text: [colors.yellow('unknown'), ...new Set([...reasons, ...ways])] }
  }
  const no = answers.flatMap((one) => (one.answer === 'no' ? [one] : []))
  const reasons = no.flatMap(({ because, statements }) =>
    because.map((reason, index) => {
      const line = index === Math.max(0, because.length - statements.length) ? lineText(statements) : ''
      return `  ${printable(withoutPrincipal(reason))}${line}`
    }),
  )
  return { answer: 'no', text: [colors.red('no'), ...new Set(reasons)] }
}

/** Which of several things that are asked about. */
function onText(on: string | undefined): string {
  return on === undefined ? '' : `${printable(on)}: `
}

/** Who asked stands below; the statement is the same for all of them. */
function withoutPrincipal(reason: string): string {
  return reason.replace(
    /(, which failed at (?:Principal|Condition \S+ aws:(?:PrincipalArn|userid|username)): .*), was [^,]*$/is,
    '$1',
  )
}

/** `over TLS, until 2035-03-31  (ringfence.yaml:70:5)`. */
export function wayText(way: Way, lines: Lines): string {
  const told = way.grants.map((grant) => statementOf(grant, lines))
  const any = way.grants.some(({ layer, policy }) => layer === 'identity' && policy.name === 'any policy')
  const limits = [...(any ? ['with any policy that allows it'] : []), ...way.limits]
  const rest = limits.length - most.limits
  const shown = (rest > 1 ? limits.slice(0, most.limits) : limits).map((limit) =>
    limit.length > most.limitLength ? `${limit.slice(0, most.limitLength)}…` : limit,
  )
  const words = [...shown, ...(rest > 1 ? [`${rest} more conditions, with --json`] : [])]
  const text = words.length === 0 ? 'without conditions' : printable(words.join(', '))
  return `${text}${lineText(told) || sourceText(told)}`
}

/** The line of the file that gives it; where there is none, the statement. */
function lineText(statements: readonly TellingStatement[]): string {
  const declared = statements.find(({ declaredAt }) => declaredAt !== undefined)?.declaredAt
  return declared === undefined ? '' : `  (${printPlace(declared)})`
}

function sourceText([first]: readonly TellingStatement[]): string {
  if (!first || first.policy === 'any policy') return ''
  const statement = first.sid === undefined ? `statement ${first.index + 1}` : `statement ${first.sid}`
  return printable(`  (${statement} of ${first.policy})`)
}

/** What somebody can, by what it is about; doings with the same limits together. */
export function printAccess(
  called: string,
  access: readonly Access[],
  account: Account,
  colors: Colors,
): string {
  const lines = linesOf(account)
  const things = new Map<string, Map<string, string[]>>()
  for (const { answer, can, on } of access) {
    const { text } = joinAnswers([answer], lines, colors)
    const key = text.map((line) => line.replace(`${colors.green('yes')}  `, '')).join('\n')
    const thing = things.get(on) ?? new Map<string, string[]>()
    things.set(on, thing)
    const doings = thing.get(key)
    if (!doings) thing.set(key, [can])
    else if (!doings.includes(can)) doings.push(can)
  }
  if (things.size === 0) return `${printable(called)} can do nothing\n`
  const blocks = [...things].map(([on, doings]) => {
    const told = [...doings].map(
      ([text, can]) => `  ${printable(can.join(', '))}: ${text.replaceAll('\n', '\n    ')}`,
    )
    return [colors.bold(printable(on)), ...told].join('\n')
  })
  return `${colors.bold(printable(called))} can\n\n${blocks.join('\n')}\n`
}
