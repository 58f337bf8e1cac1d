import type { Declaration, Plan } from '@ringfence/plan'
import { accountOfPlan } from '../account/account-of-plan.js'
import { accountAgain } from './again/account-again.js'
import type { Account } from '../account/account.js'
import { canonicalizer } from './canonical-text.js'
import { checkAccount } from './check-account.js'
import { checkChains } from './check-chains.js'
import { checkGrants, checkOwnSignIn } from './check-grants.js'
import { checkGuarantees } from './check-guarantees.js'
import { checkPlatforms } from './check-platforms.js'
import { checkPrincipals } from './check-principals.js'
import { checkRoles } from './check-roles.js'
import { checkSecret } from './check-secrets.js'
import { checkStore } from './check-stores.js'
import { declaredWorld } from './declared-world.js'
import type { Finding } from './finding.js'
import { grantedRegions } from './granted-regions.js'
import { Kept } from './again/kept.js'
import type { ProverCounts, ProverOptions } from './prover.js'
import { createProofCache, type ProofCache } from './again/proof-cache.js'
import { Prover } from './prover.js'
import { foundIn } from './reach.js'
import type { Setting } from './setting.js'
import { unchangedSince } from './again/unchanged.js'
import { worldAgain } from './again/world-again.js'

/** What a check found, and how much work it was. */
export interface PlanCheck {
  readonly findings: readonly Finding[]
  readonly account: Account
  readonly counts: ProverCounts
}

export interface CheckOptions extends ProverOptions {
  /**
   * Of an earlier check: what has not changed since is not proved again. The plans that were checked with it have to
   * stay as they are.
   */
  readonly cache?: ProofCache
}

/**
 * Checks what a declared file promises against the plan that it becomes, for all requests of all principals that
 * there can be. What the file promises is read from the declaration, never from the plan's policies.
 */
export function checkPlan(declaration: Declaration, plan: Plan, options: CheckOptions = {}): PlanCheck {
  const { cache = createProofCache(), ...proverOptions } = options
  const prover = new Prover(canonicalizer(declaration), proverOptions, cache)
  return checkWith(prover, declaration, plan, cache)
}

/** The same with a prover that is handed in. */
export function checkWith(
  prover: Prover,
  declaration: Declaration,
  plan: Plan,
  cache: ProofCache,
): PlanCheck {
  const last = cache.takeLast()
  const account =
    (last && accountAgain({ plan: last.plan, account: last.world.account }, plan)) ?? accountOfPlan(plan)
  const again = last && worldAgain(last.world, declaration, account)
  const world = again ?? declaredWorld(declaration, account)
  const kept = new Kept(last?.kept, again !== undefined)
  const regions = grantedRegions(world)
  const unchanged = unchangedSince(last?.world, world)
  const setting: Setting = { world, account, prover, regions, unchanged, kept }
  const own = checkGrants(setting).concat(
    checkOwnSignIn(setting),
    checkPrincipals(setting),
    checkRoles(setting),
    world.stores.flatMap((store, index) => checkStore(setting, store, index)),
    world.secrets.flatMap((secret, index) => checkSecret(setting, secret, index)),
    checkAccount(setting),
    checkPlatforms(setting),
  )
  const findings = own.concat(checkChains(setting, own), checkGuarantees(setting, foundIn(own)))
  cache.leave({ plan, world, kept })
  return { findings, account, counts: prover.counts }
}
