import type { ImportDiagnostic } from './diagnostic.js'
import { startOf } from './diagnostic.js'
import type { Format } from './format.js'
import type { ParsedFile } from './input-file.js'
import type { Scope } from './inventory.js'

type ScopeResult =
  | { readonly ok: true; readonly value: Scope }
  | { readonly ok: false; readonly diagnostics: readonly ImportDiagnostic[] }

/** Which account files are about: the one that is handed in, and the same in all of them. */
export function scopeOf(
  files: ReadonlyMap<Format, readonly ParsedFile[]>,
  options: { readonly account?: string; readonly region?: string },
): ScopeResult {
  const { account: given } = options
  if (given !== undefined && !/^\d{12}$/.test(given)) {
    return refuse('IMPORT_ACCOUNT_INVALID', `"${given}" is no account`, 'an account has 12 digits')
  }
  /** The first file that names each. */
  const accounts = new Map<string, string>()
  const spanning = new Map<string, string>()
  const partitions = new Set<string>()
  const regions = new Set<string>()
  for (const [format, those] of files) {
    for (const file of those) {
      for (const { account, partition, region } of format.placesIn(file)) {
        const named = format.spansAccounts && given !== undefined ? spanning : accounts
        if (/^\d{12}$/.test(account) && !named.has(account)) named.set(account, file.path)
        if (partition !== '') partitions.add(partition)
        if (region !== '') regions.add(region)
      }
    }
  }
  const [first, second] = accounts
  const other = [...accounts].find(([account]) => account !== given)
  if (given !== undefined && other !== undefined) {
    const message = `${other[1]} is about account ${other[0]}, not ${given}`
    return refuse('IMPORT_ACCOUNT_MIXED', message, 'import each account from a folder of its own', other[1])
  }
  if (first !== undefined && second !== undefined) {
    const message = `${first[1]} is about account ${first[0]}, ${second[1]} about ${second[0]}`
    return refuse(
      'IMPORT_ACCOUNT_MIXED',
      message,
      'import each account from a folder of its own; of states that span several, name one with --account',
      second[1],
    )
  }
  const account = given ?? first?.[0]
  if (account === undefined) {
    return refuse(
      'IMPORT_ACCOUNT_MISSING',
      'no file tells which account it is',
      'ringfence import FOLDER --account 111122223333; what it prints with --json goes in place of the folder',
    )
  }
  const region = options.region ?? (regions.size === 1 ? [...regions][0] : undefined)
  const partition = partitions.size === 1 ? [...partitions][0]! : partitionOf(region)
  return { ok: true, value: { account, partition, ...(region === undefined ? {} : { region }) } }
}

/** [reference-arns] */
function partitionOf(region: string | undefined): string {
  if (region?.startsWith('cn-')) return 'aws-cn'
  return region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

function refuse(code: ImportDiagnostic['code'], message: string, hint: string, file?: string): ScopeResult {
  const span = file === undefined ? {} : { span: startOf(file) }
  return { ok: false, diagnostics: [{ code, severity: 'error', message, hint, ...span }] }
}
