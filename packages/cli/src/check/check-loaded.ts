import type { ProofCache } from '@ringfence/check'
import type { Declaration, Plan } from '@ringfence/plan'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import type { Sources } from '../output/diagnostics.js'
import type { CheckResult } from './report.js'

/** Checks what a declared file promises; with `proofs`, what has changed since the check that left them. */
export async function checkLoaded(
  declaration: Declaration,
  plan: Plan,
  proofs?: ProofCache,
): Promise<CheckResult> {
  const [{ checkPlan, namesOf }, { loadActionCatalogue }] = await Promise.all([
    import('@ringfence/check'),
    import('@ringfence/policy'),
  ])
  const catalogue = await loadActionCatalogue()
  const { account, findings } = checkPlan(declaration, plan, {
    catalogue,
    ...(proofs === undefined ? {} : { cache: proofs }),
  })
  return { findings, names: namesOf(account, 'file'), region: plan.region }
}

/**
 * Before a rehearsal or a deployment: tells on stderr what is refuted or not known. Gives whether to go on, which
 * only a refutation forbids.
 */
export async function holdsBefore(
  { declaration, plan, sources }: LoadedForCheck,
  io: Io,
  options: { readonly json: boolean; readonly proofs?: ProofCache },
): Promise<boolean> {
  const result = await checkLoaded(declaration, plan, options.proofs)
  const { countFindings, printFailures } = await import('./report.js')
  const { proved, refuted, unknown } = countFindings(result.findings)
  if (refuted + unknown > 0) {
    if (options.json) {
      const { findingJson } = await import('./report-json.js')
      const open = result.findings.filter(({ answer }) => answer.proof !== 'proved')
      const findings = open.map((finding) => findingJson(finding, result))
      io.stderr.write(`${JSON.stringify({ formatVersion: 1, findings })}\n`)
    } else {
      io.stderr.write(printFailures(result, sources, colorsOf(io.stderr)))
    }
  }
  if (!options.json && refuted + unknown === 0)
    io.stderr.write(`checked: ${proved} guarantees proved, for every request\n`)
  return refuted === 0
}

interface LoadedForCheck {
  readonly declaration: Declaration
  readonly plan: Plan
  readonly sources: Sources
}
