import type { Request } from './offer.js'

/** One step of a chain. */
export interface EscalationStep {
  /** Ours, as in docs/escalation.md. */
  readonly id: string
  /** Paths of pathfinding.cloud. */
  readonly publicIds: readonly string[]
  /** ARN of who takes it. */
  readonly who: string
  /** ARN of whom or what it is done to. */
  readonly target: string
  readonly requests: readonly Request[]
  /** What it brings, as a sentence. */
  readonly gives: string
  /** What has to hold for it and is not known, in words. */
  readonly needs: readonly string[]
}

/** A chain of steps by which somebody who is no administrator comes to a goal. */
export interface EscalationPath {
  /** ARN. */
  readonly from: string
  /** ARNs of others with the same policies, who can do the same. */
  readonly alike: readonly string[]
  /** ARN of as whom the goal is reached: the last one of the chain. */
  readonly to: string
  /** E.g. `is an administrator`. */
  readonly goal: string
  /** ARN of what the goal is about, and the request that does it. */
  readonly what: string
  /** The same as it is told beside the request: `*` where the goal is about anything. */
  readonly on: string
  readonly request: Request
  /** What has to hold for that request and is not known, in words. */
  readonly needs: readonly string[]
  /** Paths of pathfinding.cloud, of single steps and of two together. */
  readonly publicIds: readonly string[]
  readonly steps: readonly EscalationStep[]
  /** `possible`: something has to exist or to say what the input does not tell; each step, or the end, names it. */
  readonly certainty: 'certain' | 'possible'
}
