import type { AskedAccount } from '@ringfence/check'
import type { Plan } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import type { Finding, Sources } from '../output/diagnostics.js'

/** What is read where no file is named. */
export const defaultFile = 'ringfence.yaml'

/** What commands about an account are asked about: a declared file, or the folder of an account that exists. */
export interface AccountOptions {
  readonly file?: string
  readonly account?: string
}

/** An account with all that was found on the way. */
export type LoadedAccount = {
  readonly findings: readonly Finding[]
  readonly sources: Sources
} & ({ readonly ok: true; readonly asked: AskedAccount } | { readonly ok: false })

/**
 * Reads the account of a declared file, or one that exists. Mistakes are findings. Rejects with
 * `FILE_AND_ACCOUNT` where both are named.
 */
export async function loadAskedAccount({ account, file }: AccountOptions, io: Io): Promise<LoadedAccount> {
  if (account !== undefined && file !== undefined)
    throw new CliError('FILE_AND_ACCOUNT', 'a declared file and an account that exists are both named', {
      exitCode: exitCode.usage,
      hint: `leave out ${file}, or --account`,
    })
  if (account !== undefined) {
    const { readAccountFolder } = await import('../account-folder.js')
    const { findings, sources, ...read } = await readAccountFolder(account, {}, io)
    return read.ok
      ? { ok: true, asked: { account: read.value }, findings, sources }
      : { ok: false, findings, sources }
  }
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(file ?? defaultFile, io)
  const { findings, sources } = loaded
  if (!loaded.ok) return { ok: false, findings: findings.map(hintingAtAccount), sources }
  return { ok: true, asked: await askedOfPlan(loaded.plan), findings, sources }
}

/** The account that a plan makes, with what its file says of it. */
export async function askedOfPlan(plan: Plan): Promise<AskedAccount> {
  const { accountOfPlan } = await import('@ringfence/check')
  const { access, organization } = plan
  return { account: accountOfPlan(plan), access, organization }
}

/** Whoever names a folder where a declared file is read may mean an account that exists. */
export function hintingAtAccount(finding: Finding): Finding {
  if (finding.code !== 'FILE_IS_DIRECTORY') return finding
  const hint = 'name the file in it, or put --account before it for an account that exists'
  return { ...finding, hint }
}
