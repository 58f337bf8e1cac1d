import {
  awsCommand,
  namesOf,
  printChain,
  requestWords,
  type Account,
  type Exposed,
  type Exposure,
  type OpenSignIn,
} from '@ringfence/check'
import type { Colors } from '../output/color.js'
import { printable } from '../output/printable.js'

/** More than these are counted, not told; `--json` has them all. */
const TOLD = 20

/** What an account lays open, for people. */
export function printExposure(account: Account, exposure: Exposure, colors: Colors): string {
  const { buckets, crossAccount, escalations, public: open, signIns, unknowns } = exposure
  const names = namesOf(account)
  const nameOf = (arn: string): string => printable(names.resource(arn))
  const whoOf = (arn: string): string => printable(names.principal(arn) ?? arn)
  const reach = buckets.map(({ bucket, can, perhaps, who }) => {
    const parts = who.length > 0 ? [who.map(whoOf).join(', ')] : []
    if (perhaps.length > 0) parts.push(`perhaps ${perhaps.map(whoOf).join(', ')}`)
    return `  ${can} ${nameOf(bucket)}: ${parts.join('; ')}\n`
  })
  const chains = escalations.paths.map((path) => {
    const chain = printable(printChain(path)).replaceAll('\n', '\n    ')
    return `  ${path.certainty === 'certain' ? '' : 'perhaps '}${chain}\n`
  })
  // Whoever is not described may be one of them, or a step on somebody's way.
  const isOpen = unknowns.some(({ missing }) => missing === 'principals' || missing === 'policies')
  return [
    section('public', exposedTexts(open, nameOf, account), colors),
    section('open to other accounts', exposedTexts(crossAccount, nameOf, account), colors),
    section(
      'open to anybody at an identity provider',
      signIns.map((one) => signInText(one, account)),
      colors,
    ),
    section('who can do what with buckets', reach, colors),
    section(
      'ways to become an administrator',
      chains,
      colors,
      escalations.unknowns.length === 0 && !isOpen
        ? undefined
        : 'none that is certain: see what is not known',
    ),
    section('not known', [...unknowns, ...escalations.unknowns].map(unknownText), colors),
  ].join('\n')
}

function unknownText({ about, reason }: { readonly about: string; readonly reason: string }): string {
  return `  ${printable(about)}: ${printable(reason)}\n`
}

/** What is open to several is told once, with a request of the first of them. */
function exposedTexts(
  all: readonly Exposed[],
  nameOf: (arn: string) => string,
  account: Account,
): readonly string[] {
  const groups = new Map<string, Exposed[]>()
  for (const one of all) {
    const key = `${one.resource} ${one.isKnown} ${one.reason}`
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()].map((group) => exposedText(group, nameOf, account))
}

/** The role, a token that it takes, and what its trust policy lacks. */
function signInText(signIn: OpenSignIn, account: Account): string {
  const { called, example, isKnown, key, provider, reason, request, role } = signIn
  const name = printable(namesOf(account).principal(role) ?? role)
  const head = `  ${isKnown ? '' : 'perhaps '}${name}, to anybody at ${called} (${printable(provider)})`
  const lines = [
    `${head}${reason === undefined ? '' : `: ${printable(reason)}`}`,
    ...(request ? [`    ${JSON.stringify(request)}`] : []),
    `    Try: a condition on ${key} in its trust policy, such as "${example}"`,
  ]
  return `${lines.join('\n')}\n`
}

function exposedText(group: readonly Exposed[], nameOf: (arn: string) => string, account: Account): string {
  const { isKnown, reason, request, resource } = group[0]!
  const whom = group.map(({ who }) => printable(who)).join(', ')
  const head = `  ${isKnown ? '' : 'perhaps '}${nameOf(resource)}, to ${whom}`
  if (!request) return `${head}: ${printable(reason ?? '')}\n`
  const { command } = awsCommand(request, account.region)
  const sentence = requestWords(request, namesOf(account), {
    withAnyPolicy: request.principal.startsWith('arn:'),
  })
  const lines = [head, `    ${printable(sentence)}`, `    ${JSON.stringify(request)}`]
  return `${[...lines, ...(command === undefined ? [] : [`    ${printable(command)}`])].join('\n')}\n`
}

/** `unsure`: what is said in place of `nothing` where that is not known. */
function section(title: string, lines: readonly string[], colors: Colors, unsure?: string): string {
  if (lines.length === 0) return `${colors.bold(title)}: ${unsure ?? colors.green('nothing')}\n`
  const rest = lines.length - TOLD
  const shown = rest > 1 ? lines.slice(0, TOLD) : lines
  return `${colors.bold(title)}\n${shown.join('')}${rest > 1 ? `  and ${rest} more: --json tells them all\n` : ''}`
}
