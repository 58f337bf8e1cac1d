/**
 * Every bound on the prover's work. They count steps, never time, so that an answer does not hang on the
 * machine. Beyond one the answer is `unknown`, with what was too large.
 */
export interface Bounds {
  /** States of the product of one variable's patterns. */
  readonly states: number
  /** Classes of one variable. */
  readonly classes: number
  /** Combinations of classes that the solver compares. */
  readonly combinations: number
}

export const DEFAULT_BOUNDS: Bounds = { states: 50_000, classes: 20_000, combinations: 500_000 }

/** Why there is no answer. */
export class Undecided {
  constructor(
    readonly code: UndecidedCode,
    /** For people: what could not be decided, and what to do about it. */
    readonly reason: string,
  ) {}
}

/** `tooLarge`: a bound was reached. `notSupported`: no exact method is known here. */
export type UndecidedCode = 'tooLarge' | 'notSupported'

/** What one search may still spend. */
export class Budget {
  private left: number

  constructor(
    private readonly total: number,
    /** What is counted, and of what, e.g. `states of the patterns of s3:prefix`. */
    private readonly what: string,
    private readonly hint: string,
  ) {
    this.left = total
  }

  /** False when it is used up. */
  spend(amount = 1): boolean {
    this.left -= amount
    return this.left >= 0
  }

  exhausted(): Undecided {
    return new Undecided('tooLarge', `more than ${this.total} ${this.what}; ${this.hint}`)
  }
}
