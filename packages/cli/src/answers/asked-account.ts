import type { AskedAccount } from '@ringfence/check'
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
  if (!loaded.ok) return { ok: false, findings, sources }
  const { accountOfPlan } = await import('@ringfence/check')
  const { plan } = loaded
  return { ok: true, asked: { account: accountOfPlan(plan), access: plan.access }, findings, sources }
}
