import type { Policy } from '../../policy.js'
import { DEFAULT_BOUNDS, Undecided, type Bounds } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import type { AccessQuestion, Proof } from '../question.js'
import { framesOf, type Frame } from './frames.js'
import type { ProofCache } from './proof-cache.js'
import { proveFrame, type Claim, type ProveSettings } from './prove-frame.js'

export interface ProveOptions {
  /**
   * Known actions, from `loadActionCatalogue`: what holds for these alone is proved too, and refuted only by one of
   * them.
   */
  readonly catalogue?: ActionCatalogue
  readonly bounds?: Partial<Bounds>
  /** A map that is kept between questions. */
  readonly cache?: ProofCache
  /**
   * Identity policies that tell which requests make the better examples: a refutation is one that the first of them
   * allows by itself, if there is one, else the second, and so on.
   */
  readonly examples?: readonly Policy[]
}

/** Whether no request of the question is allowed. A refutation is a request that is. */
export function proveNothingAllowed(question: AccessQuestion, options: ProveOptions = {}): Proof {
  const allows = { type: 'layers', question } as const
  return prove({ question, allows, refuses: { type: 'nothing' } }, options)
}

/** Whether the identity policy `region` allows, by itself, whatever is allowed. */
export function proveWithin(question: AccessQuestion, region: Policy, options: ProveOptions = {}): Proof {
  const allows = { type: 'layers', question } as const
  return prove({ question, allows, refuses: { type: 'region', region } }, options)
}

/** Whether all requests of the question, which its `within` limits, are allowed. A refutation is one that is not. */
export function proveAllowed(question: AccessQuestion, options: ProveOptions = {}): Proof {
  const refuses = { type: 'layers', question } as const
  return prove({ question, allows: { type: 'everything' }, refuses }, options)
}

/**
 * Whether whatever the newer layers allow the older ones allow too. Both questions are about the same principals
 * and the same owner, and about the requests of `newer.within`; each has its own `keys`.
 */
export function proveNoMore(newer: AccessQuestion, older: AccessQuestion, options: ProveOptions = {}): Proof {
  const allows = { type: 'layers', question: newer } as const
  const refuses = { type: 'layers', question: older } as const
  return prove({ question: newer, allows, refuses }, options)
}

/** Every refutation was decided by `authorize` too; where it disagrees `PROOF_NOT_REPLAYED` is thrown. */
function prove(claim: Claim, options: ProveOptions): Proof {
  const { question } = claim
  const layers = [claim.allows, claim.refuses].flatMap((decider) => {
    return decider.type === 'layers' ? [decider.question.layers] : []
  })
  const controls = layers.find(
    ({ resourceControlPolicies, serviceControlPolicies }) =>
      resourceControlPolicies ?? serviceControlPolicies,
  )
  const frames = framesOf(question.who, controls ?? layers[0] ?? {}, question.resourceAccount)
  if (frames instanceof Undecided) return { proof: 'unknown', code: frames.code, reason: frames.reason }
  const settings = {
    catalogue: options.catalogue,
    bounds: { ...DEFAULT_BOUNDS, ...options.bounds },
    cache: options.cache,
  }
  let proof: Proof = { proof: 'proved', world: 'allActions' }
  for (const frame of frames) {
    const found = proveFrame(claim, frame, settings)
    if (found.proof === 'refuted') return betterExample(claim, frame, settings, options.examples) ?? found
    if (found.proof === 'unknown') proof = found
    else if (proof.proof === 'proved' && found.world === 'knownActions') proof = found
  }
  return proof
}

function betterExample(
  claim: Claim,
  frame: Frame,
  settings: ProveSettings,
  examples: readonly Policy[] = [],
): Proof | undefined {
  for (const among of examples) {
    const found = proveFrame({ ...claim, among }, frame, settings)
    if (found.proof === 'refuted') return found
  }
  return undefined
}
