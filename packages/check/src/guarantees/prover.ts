import type {
  AccessQuestion,
  ActionCatalogue,
  Bounds,
  ContextValue,
  Policy,
  PolicyLayers,
  Proof,
  ProveOptions,
  Who,
} from '@ringfence/policy'
import { proveAllowed, proveNothingAllowed, proveWithin } from '@ringfence/policy'
import { contentOf, contentOfDocument } from '../account/read-policies.js'
import { familiarExamples } from '../words/familiar-examples.js'
import type { NamedPolicy } from '../account/account.js'
import type { Answer } from './finding.js'
import type { Canonical } from './canonical-text.js'
import { areProved } from './again/kept.js'
import { createProofCache, type ProofCache } from './again/proof-cache.js'
import { Likeness, type Said } from './likeness.js'
import type { Region } from './region.js'

/** `AccessQuestion` with a region that is read only when the answer is not known yet. */
export interface Asked {
  readonly who: Who
  readonly layers: PolicyLayers
  readonly resourceAccount: string
  readonly within?: Region
  readonly keys?: Readonly<Record<string, ContextValue | null>>
}

export interface ProverOptions {
  /** Known actions, from `loadActionCatalogue`. */
  readonly catalogue?: ActionCatalogue
  readonly bounds?: Partial<Bounds>
}

/** How many answers were worked out, and how many were known. */
export interface ProverCounts {
  asked: number
  proved: number
}

/**
 * Asks the prover, each question once: questions are the same when all policies in them say the same, whatever they
 * are called. Proofs are shared by questions that differ in names alone, and requests are about the names asked about.
 */
export class Prover {
  readonly counts: ProverCounts = { asked: 0, proved: 0 }

  private readonly shared = new Map<string, readonly Answer[]>()
  private readonly held = new Map<string, boolean>()
  private readonly byTags = new Map<NamedPolicy, boolean>()
  private readonly options: ProverOptions & Pick<ProveOptions, 'cache' | 'examples'>
  private readonly likeness: Likeness

  /** `canonical` says which questions differ in names alone. */
  constructor(
    canonical: Canonical,
    options: ProverOptions = {},
    private readonly cache: ProofCache = createProofCache(),
  ) {
    this.likeness = new Likeness(canonical, cache.numbers)
    // The prover's own: what different questions come down to is often the same.
    this.options = { ...options, cache: new Map(), examples: familiarExamples() }
  }

  /** Whether no request is allowed. */
  nothing(asked: Asked): Proof {
    return this.answer('nothing', asked, undefined, () =>
      proveNothingAllowed(questionOf(asked), this.options),
    )
  }

  /** Whether no request of a question is allowed, of which it is not remembered what was asked. */
  plain(question: AccessQuestion): Proof {
    return proveNothingAllowed(question, this.options)
  }

  /** Whether whatever is allowed lies in the region. */
  within(asked: Asked, region: Region): Proof {
    return this.answer('within', asked, region, () =>
      proveWithin(questionOf(asked), region.policy, this.options),
    )
  }

  /** Whether all requests are allowed. */
  allowed(asked: Asked): Proof {
    return this.answer('allowed', asked, undefined, () => proveAllowed(questionOf(asked), this.options))
  }

  /** Whether all requests are allowed, where nobody is to see one that is not. */
  allows(asked: Asked): boolean {
    const prove = (): Proof => proveAllowed(questionOf(asked), { ...this.options, examples: [] })
    return this.answer('allows', asked, undefined, prove).proof === 'proved'
  }

  /** Whether something holds that hangs on nothing but what is said, whatever names are in it. */
  holds(parts: readonly Said[], compute: () => boolean): boolean {
    const key = this.likeness.keyOf(parts)
    let known = this.held.get(key)
    if (known === undefined) this.held.set(key, (known = compute()))
    return known
  }

  /** Answers that hang on nothing but what is said, whatever names are in it, where they are all proved. */
  share(parts: readonly Said[], compute: () => readonly Answer[]): readonly Answer[] {
    const key = this.likeness.keyOf(parts)
    const answers = this.shared.get(key) ?? compute()
    if (areProved(answers)) this.shared.set(key, answers)
    return answers
  }

  /** Whether a policy may go by tags of principals. */
  mayGoByTags(named: NamedPolicy): boolean {
    let mayGo = this.byTags.get(named)
    if (mayGo === undefined) this.byTags.set(named, (mayGo = /principaltag/i.test(contentOfDocument(named))))
    return mayGo
  }

  private answer(goal: string, asked: Asked, region: Region | undefined, prove: () => Proof): Proof {
    this.counts.asked++
    const parts = this.saidOf(asked, goal)
    if (region !== undefined) parts.push(this.saidOfRegion(region))
    const { proofs } = this.cache
    const alike = this.likeness.keyOf(parts)
    const shared = proofs.get(alike)
    if (shared !== undefined) return shared
    // Requests of other answers are about the names that are asked about.
    const exact = this.likeness.exactKeyOf(parts)
    let proof = proofs.get(exact)
    if (proof === undefined) {
      this.counts.proved++
      proof = prove()
      proofs.set(proof.proof === 'proved' ? alike : exact, proof)
    }
    return proof
  }

  /** What is said in a question: first which parts it has, then part by part. */
  private saidOf({ keys, layers, resourceAccount, who, within }: Asked, goal: string): Said[] {
    const { managementAccount, publicAccessBlock, resourcePolicy } = layers
    const { resourceControlPolicies: resourceControls, serviceControlPolicies: serviceControls } = layers
    const lists = [
      layers.identityPolicies,
      layers.permissionsBoundary,
      layers.sessionPolicies,
      resourcePolicy && [resourcePolicy],
      ...(serviceControls ?? []),
      ...(resourceControls ?? []),
    ]
    const has = `${keys !== undefined} ${publicAccessBlock !== undefined} ${within !== undefined}`
    let lengths = `${serviceControls?.length} ${resourceControls?.length}`
    for (const list of lists) lengths += ` ${list?.length}`
    const accounts = `${resourceAccount} ${managementAccount ?? ''}`
    const parts = [
      this.said(`${goal} ${has} ${lengths} ${resourcePolicy?.kind} ${accounts}`),
      this.said(JSON.stringify(who)),
    ]
    if (keys !== undefined) parts.push(this.said(JSON.stringify(keys)))
    if (publicAccessBlock !== undefined) parts.push(this.said(JSON.stringify(publicAccessBlock)))
    if (within !== undefined) parts.push(this.saidOfRegion(within))
    for (const list of lists) for (const policy of list ?? []) parts.push(this.saidOfPolicy(policy))
    return parts
  }

  said(text: string): Said {
    return this.likeness.said(text)
  }

  saidBy(object: object, textOf: () => string): Said {
    return this.likeness.saidBy(object, textOf)
  }

  /** What a document says, without reading it as a policy. */
  saidOfDocument(named: NamedPolicy): Said {
    return this.likeness.saidBy(named, () => contentOfDocument(named))
  }

  saidOfPolicy(policy: Policy): Said {
    return this.likeness.saidBy(policy, () => contentOf(policy))
  }

  saidOfRegion(region: Region): Said {
    return this.likeness.saidBy(region, () => region.key)
  }

  /** Of a text that is not to be looked into. */
  numberOf(text: string): number {
    return this.cache.numbers.of(text)
  }
}

/** The question as the prover takes it. */
export function questionOf(asked: Asked): AccessQuestion {
  const { within } = asked
  return { ...asked, within: within?.policy }
}
