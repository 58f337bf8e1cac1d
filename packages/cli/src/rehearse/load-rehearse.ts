import type { Declaration, Plan } from '@ringfence/plan'
import type { Rehearsal, RehearsalOptions } from './rehearse.js'

/**
 * Tries a plan out against the declaration that it was made from, and takes everything down again. The local
 * AWS is loaded by the first call: declared files import this package too.
 */
export async function rehearse(
  declaration: Declaration,
  plan: Plan,
  options: RehearsalOptions,
): Promise<Rehearsal> {
  const loaded = await import('./rehearse.js')
  return loaded.rehearse(declaration, plan, options)
}
