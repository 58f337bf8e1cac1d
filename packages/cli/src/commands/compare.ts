import type { Policy, PolicyDiagnostic } from '@ringfence/policy'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { type Finding, tellFindings } from '../output/diagnostics.js'
import { displayPath, readTextFile } from '../text-file.js'

/** The largest policy that is read, in bytes; AWS's own limits are far below. */
const maxPolicyBytes = 1024 * 1024

export interface CompareOptions {
  readonly first: string
  readonly second: string
  /** Default: `resource` where a statement names a principal. */
  readonly kind?: 'identity' | 'resource'
  /** The most characters of a text of the requests that are counted. Default: that of `countAllowed`. */
  readonly length?: number
  readonly json: boolean
}

/** Adds the arguments, options and action of `compare`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<first>', 'a policy document, as JSON')
    .argument('<second>', 'the policy document that it is read against')
    .addOption(
      new Option(
        '--kind <kind>',
        'identity or resource policies; default resource where a statement has a Principal',
      ).choices(['identity', 'resource']),
    )
    .option(
      '--length <n>',
      'count requests with texts of at most so many characters; default 128',
      parseLength,
    )
    .option('--json', 'print {"formatVersion":1,"kind","open","known","counts"}', false)
    .action(async (first: string, second: string, options: Omit<CompareOptions, 'first' | 'second'>) =>
      context.done(await runCompare({ first, second, ...options }, context.io)),
    )
}

/** Compares what two bare policies allow. Whatever is found is `exitCode.ok`. */
export async function runCompare(options: CompareOptions, io: Io): Promise<ExitCode> {
  const files = [options.first, options.second].map((path) => ({ path, shown: displayPath(path, io) }))
  const texts: string[] = []
  const findings: Finding[] = []
  for (const { path } of files) {
    const read = await readTextFile(path, io, maxPolicyBytes)
    if (read.ok) texts.push(read.text)
    else findings.push(read.finding)
  }
  if (findings.length > 0) return refuse(findings, new Map(), options, io)
  const { comparePolicies, countAllowed, loadActionCatalogue, parsePolicy } =
    await import('@ringfence/policy')
  const kind = options.kind ?? (texts.some(namesPrincipal) ? 'resource' : 'identity')
  const sources = new Map(files.map(({ shown }, index) => [shown, texts[index]!]))
  const policies: Policy[] = []
  for (const [index, text] of texts.entries()) {
    const { diagnostics, policy } = parsePolicy(text, { kind, name: files[index]!.shown })
    findings.push(...diagnostics.map(findingOf))
    if (policy) policies.push(policy)
  }
  const [first, second] = policies
  if (!first || !second) return refuse(findings, sources, options, io)
  tellFindings(findings, sources, io, options)
  const catalogue = await loadActionCatalogue()
  const comparison = comparePolicies(first, second, { catalogue })
  const names = [first.name, second.name] as const
  if (!options.json) {
    // Before the counts, which take longer where patterns are many.
    const { printComparison } = await import('../output/comparison.js')
    io.stdout.write(printComparison(comparison, names, colorsOf(io.stdout)))
  }
  const { length } = options
  const counts = countAllowed(first, second, { catalogue, ...(length === undefined ? {} : { length }) })
  const { countsAsJson, printCounts } = await import('../output/counts.js')
  if (options.json) {
    const answer = { formatVersion: 1, kind, ...comparison, counts: countsAsJson(counts) }
    io.stdout.write(`${JSON.stringify(answer)}\n`)
  } else io.stdout.write(printCounts(counts, names))
  return exitCode.ok
}

/** Of `MOST_LENGTH` of the policy package, which is not loaded to read arguments. */
const mostLength = 2048

function parseLength(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= mostLength) return Number(text)
  throw new InvalidArgumentError(`A length is a number from 1 to ${mostLength}.`)
}

function refuse(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
  options: CompareOptions,
  io: Io,
): ExitCode {
  tellFindings(findings, sources, io, options)
  return exitCode.usage
}

/** Whether a document that may be anything has a statement with a principal. */
function namesPrincipal(text: string): boolean {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return false
  }
  const statements = [(document as { readonly Statement?: unknown } | null)?.Statement].flat()
  return statements.some(
    (statement) =>
      typeof statement === 'object' &&
      statement !== null &&
      ('Principal' in statement || 'NotPrincipal' in statement),
  )
}

function findingOf({ code, hint, message, name, severity, span }: PolicyDiagnostic): Finding {
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(span && {
      span: {
        file: name,
        line: span.start.line,
        column: span.start.column,
        endLine: span.end.line,
        endColumn: span.end.column,
      },
    }),
  }
}
