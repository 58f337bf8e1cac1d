import { Remembered, type Proof } from '@ringfence/policy'
import { Numbers } from '../numbers.js'
import type { LastCheck } from './kept.js'

/** What a check leaves to the next one, for what has not changed since. Opaque. */
export class ProofCache {
  /** By what was asked. */
  readonly proofs = new Remembered<Proof>(65_536)
  /** So that keys stay short. */
  readonly numbers = new Numbers()
  private last: LastCheck | undefined

  /** The check before; once, as its parts are taken over. */
  takeLast(): LastCheck | undefined {
    const { last } = this
    this.last = undefined
    return last
  }

  leave(check: LastCheck): void {
    this.last = check
  }

  /** Whether there is a check to take over from. */
  get isUsed(): boolean {
    return this.last !== undefined
  }
}

export function createProofCache(): ProofCache {
  return new ProofCache()
}
