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
import { contentOf } from '../account/read-policies.js'
import { familiarExamples } from '../words/familiar-examples.js'
import type { Region } from './region.js'

/** `AccessQuestion` with a region that is read only when the answer is not known yet. */
export interface Asked {
  readonly who: Who
  readonly layers: PolicyLayers
  readonly resourceAccount: string
  readonly within?: Region
  readonly keys?: Readonly<Record<string, ContextValue | null>>
}

/** Answers that a later check takes over where nothing that they hang on has changed. Opaque. */
export interface ProofCache {
  answers: ReadonlyMap<string, Proof>
  /** A number for each text, so that keys of answers stay short. */
  numbers: ReadonlyMap<string, number>
  nextNumber: number
}

export function createProofCache(): ProofCache {
  return { answers: new Map(), numbers: new Map(), nextNumber: 1 }
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
 * are called. Requests of answers are about the same names, because names are part of what policies say.
 */
export class Prover {
  private readonly answers = new Map<string, Proof>()
  private readonly numbers = new Map<string, number>()
  private readonly ofPolicies = new WeakMap<Policy, number>()
  private readonly ofRegions = new WeakMap<Region, number>()
  readonly counts: ProverCounts = { asked: 0, proved: 0 }

  private readonly options: ProverOptions & Pick<ProveOptions, 'cache' | 'examples'>

  constructor(
    options: ProverOptions = {},
    private readonly cache: ProofCache = createProofCache(),
  ) {
    // The prover's own: what different questions come down to is often the same.
    this.options = { ...options, cache: new Map(), examples: familiarExamples() }
  }

  /** Whether no request is allowed. */
  nothing(asked: Asked): Proof {
    return this.answer(`nothing ${this.keyOf(asked)}`, () =>
      proveNothingAllowed(questionOf(asked), this.options),
    )
  }

  /** Whether no request of a question is allowed, of which it is not remembered what was asked. */
  plain(question: AccessQuestion): Proof {
    return proveNothingAllowed(question, this.options)
  }

  /** Whether whatever is allowed lies in the region. */
  within(asked: Asked, region: Region): Proof {
    return this.answer(`within ${this.regionNumber(region)} ${this.keyOf(asked)}`, () =>
      proveWithin(questionOf(asked), region.policy, this.options),
    )
  }

  /** Whether all requests are allowed. */
  allowed(asked: Asked): Proof {
    return this.answer(`allowed ${this.keyOf(asked)}`, () => proveAllowed(questionOf(asked), this.options))
  }

  /** Leaves what was asked for this time, and nothing older, to the next check. */
  finish(): void {
    this.cache.answers = this.answers
    this.cache.numbers = this.numbers
  }

  private answer(key: string, prove: () => Proof): Proof {
    this.counts.asked++
    let proof = this.answers.get(key)
    if (proof !== undefined) return proof
    proof = this.cache.answers.get(key)
    if (proof === undefined) {
      this.counts.proved++
      proof = prove()
    }
    this.answers.set(key, proof)
    return proof
  }

  private keyOf({ keys, layers, resourceAccount, who, within }: Asked): string {
    const {
      identityPolicies, managementAccount, permissionsBoundary, publicAccessBlock, resourceControlPolicies,
      resourcePolicy, serviceControlPolicies, sessionPolicies,
    } = layers // prettier-ignore
    return JSON.stringify([
      who.kind,
      this.numberOf(JSON.stringify(who)),
      resourceAccount,
      within === undefined ? 0 : this.regionNumber(within),
      keys ?? 0,
      this.numbersOf(identityPolicies),
      resourcePolicy === undefined ? 0 : this.policyNumber(resourcePolicy),
      this.numbersOf(permissionsBoundary),
      this.numbersOf(sessionPolicies),
      serviceControlPolicies?.map((level) => this.numbersOf(level)) ?? 0,
      resourceControlPolicies?.map((level) => this.numbersOf(level)) ?? 0,
      publicAccessBlock ?? 0,
      managementAccount ?? 0,
    ])
  }

  private numbersOf(policies: readonly Policy[] | undefined): readonly number[] | 0 {
    return policies?.map((policy) => this.policyNumber(policy)) ?? 0
  }

  private policyNumber(policy: Policy): number {
    let number = this.ofPolicies.get(policy)
    if (number === undefined)
      this.ofPolicies.set(policy, (number = this.numberOf(`${policy.kind} ${contentOf(policy)}`)))
    return number
  }

  private regionNumber(region: Region): number {
    let number = this.ofRegions.get(region)
    if (number === undefined) this.ofRegions.set(region, (number = this.numberOf(region.key)))
    return number
  }

  /** The same for the same text, in later checks too. */
  private numberOf(text: string): number {
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.cache.numbers.get(text) ?? this.cache.nextNumber++
      this.numbers.set(text, number)
    }
    return number
  }
}

/** The question as the prover takes it. */
export function questionOf({ within, ...rest }: Asked): AccessQuestion {
  return within === undefined ? rest : { ...rest, within: within.policy }
}
