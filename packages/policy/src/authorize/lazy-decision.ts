import type { DecidingStatement, Decision, DecisionKind, LayerName, NearMiss } from '../decision.js'
import type { Layers } from '../layers.js'
import type { Verdict } from './decide.js'
import { decidingStatements } from './deciding-statements.js'
import type { Evaluation } from './evaluation.js'
import { nearestStatement } from './nearest-statement.js'

/** A decision whose reasons are looked up when they are asked for. `JSON.stringify` gives all of it. */
export class LazyDecision implements Decision {
  readonly decision: DecisionKind
  readonly #verdict: Verdict
  readonly #evaluation: Evaluation
  readonly #layers: Layers
  #statements: readonly DecidingStatement[] | undefined
  #nearest: NearMiss | null | undefined

  constructor(verdict: Verdict, evaluation: Evaluation, layers: Layers) {
    this.decision = verdict.decision
    this.#verdict = verdict
    this.#evaluation = evaluation
    this.#layers = layers
  }

  get missing(): LayerName | undefined {
    return this.#verdict.missing
  }

  get statements(): readonly DecidingStatement[] {
    return (this.#statements ??= decidingStatements(this.decision, this.#evaluation, this.#layers))
  }

  get nearest(): NearMiss | undefined {
    if (this.missing === undefined) return undefined
    if (this.#nearest === undefined)
      this.#nearest = nearestStatement(this.missing, this.#evaluation, this.#layers) ?? null
    return this.#nearest ?? undefined
  }

  /** A plain object with everything in it. */
  toJSON(): Decision {
    const { decision, missing, nearest, statements } = this
    return {
      decision,
      statements,
      ...(missing === undefined ? {} : { missing }),
      ...(nearest === undefined ? {} : { nearest }),
    }
  }
}
