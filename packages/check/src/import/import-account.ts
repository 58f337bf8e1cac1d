import type { Account } from '../account/account.js'
import { accountFileFormat, isAccountFile, readAccountFile } from './account-file.js'
import { accountOfInventory } from './account-of-inventory.js'
import { authorizationDetails } from './authorization-details.js'
import { cloudFormation } from './cloudformation/template.js'
import { type ImportDiagnostic, type ImportResult, startOf } from './diagnostic.js'
import type { Format } from './format.js'
import { type InputFile, type ParsedFile, parseFile } from './input-file.js'
import { Inventory } from './inventory.js'
import { namedPolicies } from './named-policies.js'
import { scopeOf } from './scope-of-files.js'
import { pulumiStack } from './states/pulumi.js'
import { terraform } from './states/terraform.js'
import { selfNamingAnswers } from './self-naming-answers.js'

/** In this order: the first that recognizes a file has it. */
const formats: readonly Format[] = [
  authorizationDetails,
  cloudFormation,
  terraform,
  pulumiStack,
  selfNamingAnswers,
  namedPolicies,
]

export interface ImportOptions {
  /** 12 digits; needed where no file tells the account, and then that of all of them. */
  readonly account?: string
  /** For files that hold in any region, such as templates. */
  readonly region?: string
}

/**
 * The account that files describe, in any mix of the formats that are read, or that a file is which was printed of one;
 * each file's format is told by its content.
 * Mistakes are data: all of them, with their places. What the files do not tell is among `unknowns` of the account.
 */
export function importAccount(files: readonly InputFile[], options: ImportOptions = {}): ImportResult {
  const diagnostics: ImportDiagnostic[] = []
  const parsed: ParsedFile[] = []
  for (const file of files) {
    const read = parseFile(file)
    if (read.ok) parsed.push(read.file)
    else diagnostics.push(...read.diagnostics)
  }
  if (files.length === 0) diagnostics.push(nothing)
  const whole = parsed.find(isAccountFile)
  if (whole !== undefined && diagnostics.length === 0)
    return readAccountFile(
      whole,
      parsed.filter((file) => file !== whole),
      options.account,
    )
  const byFormat = new Map<Format, ParsedFile[]>(formats.map((format) => [format, []]))
  for (const file of parsed) {
    const format = formats.find(({ recognizes }) => recognizes(file))
    if (format === undefined) diagnostics.push(unknownFormat(file))
    else byFormat.get(format)!.push(file)
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  const scope = scopeOf(byFormat, options)
  if (!scope.ok) return scope
  const inventory = new Inventory(scope.value)
  for (const [format, those] of byFormat) if (those.length > 0) format.read(those, inventory)
  return finish(inventory)
}

function finish(inventory: Inventory): ImportResult {
  const { diagnostics } = inventory
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics }
  const value: Account = accountOfInventory(inventory)
  return { ok: true, value, diagnostics }
}

const nothing: ImportDiagnostic = {
  code: 'IMPORT_NOTHING',
  severity: 'error',
  message: 'there is no file to import an account from',
  hint: 'aws iam get-account-authorization-details > FOLDER/details.json',
}

function unknownFormat({ path }: ParsedFile): ImportDiagnostic {
  return {
    code: 'IMPORT_FILE_UNKNOWN',
    severity: 'error',
    message: `${path} is in none of the formats that are read`,
    hint: `take it out of the folder, or give it as one of: ${[...formats.map(({ name }) => name), accountFileFormat].join('; ')}`,
    span: startOf(path),
  }
}
