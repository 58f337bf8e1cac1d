import type { AnswerOptions, AskedAccount, Problem } from '@ringfence/check'
import type { Io } from '../io.js'
import { type Finding, tellFindings } from '../output/diagnostics.js'
import { type AccountOptions, loadAskedAccount } from './asked-account.js'

/** What an answer is worked out from. */
export interface Asking {
  readonly asked: AskedAccount
  readonly options: AnswerOptions
}

/** Reads what is asked about and tells what was found; undefined where that is wrong. */
export async function prepare(
  options: AccountOptions & { readonly json: boolean },
  io: Io,
): Promise<Asking | undefined> {
  const { loadActionCatalogue } = await import('@ringfence/policy')
  const loaded = await loadAskedAccount(options, io)
  tellFindings(loaded.findings, loaded.sources, io, options)
  if (!loaded.ok) return undefined
  const catalogue = await loadActionCatalogue()
  return { asked: loaded.asked, options: { catalogue, cache: new Map(), nowMs: io.nowMs() } }
}

/** Tells what could not be asked. */
export function refuse(problem: Problem, options: { readonly json: boolean }, io: Io): void {
  const { code, hint, message } = problem
  const finding: Finding = { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }
  tellFindings([finding], new Map(), io, options)
}
