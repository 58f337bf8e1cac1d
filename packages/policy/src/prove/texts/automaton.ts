import {
  ANY,
  ANY_NAME,
  ANY_WITHIN,
  COLON,
  isLoop,
  nameOfTokens,
  ONE_NAME,
  ONE_WITHIN,
  SLASH,
  wildcardTakes,
  type Token,
} from './pattern.js'
import { bothCases, foldUnit } from './letter-case.js'

/** What is known about a state: `live` texts may still go either way. */
export type Fate = 'live' | 'always' | 'never'

interface State {
  /** Positions in the tokens, ascending. */
  readonly positions: readonly number[]
  readonly fate: Fate
  readonly accepts: boolean
  /** Units that lead elsewhere than all the others do. */
  readonly wanted: readonly number[]
  /** See `aheadOf`. */
  readonly ahead: number
  /** See `restarts`. */
  readonly restarts: readonly number[]
  readonly next: Map<number, number>
}

let made = 0

/**
 * A pattern as a deterministic automaton whose states are made when they are reached. Of several stars that a
 * text may be at only the last matters: whatever an earlier one still takes, the later one takes too.
 */
export class Automaton {
  private readonly states: State[] = []
  /** States of one position, by that position. */
  private readonly single: number[] = []
  private readonly several = new Map<string, number>()
  readonly start: number
  /** Of its own. */
  readonly number = made++
  private written: string | undefined

  constructor(
    readonly tokens: readonly Token[],
    /** The tokens are in lower case, and texts are folded. */
    readonly fold = false,
  ) {
    this.start = this.intern(this.closed([0]))
  }

  /** Equal for equal patterns. */
  get name(): string {
    return (this.written ??= `${this.fold ? 'fold' : 'plain'} ${nameOfTokens(this.tokens)}`)
  }

  fate(state: number): Fate {
    return this.states[state]!.fate
  }

  accepts(state: number): boolean {
    return this.states[state]!.accepts
  }

  wanted(state: number): readonly number[] {
    return this.states[state]!.wanted
  }

  step(state: number, unit: number): number {
    const from = this.states[state]!
    const known = from.next.get(unit)
    if (known !== undefined) return known
    const folded = this.fold ? foldUnit(unit) : unit
    const reached: number[] = []
    for (const position of from.positions) {
      const token = this.tokens[position]
      if (token === undefined) continue
      if (token === folded) reached.push(position + 1)
      else if (token < 0 && wildcardTakes(token, unit)) reached.push(isLoop(token) ? position : position + 1)
    }
    const target = this.intern(this.closed(reached))
    from.next.set(unit, target)
    return target
  }

  /**
   * The position of the one literal that leads on from a state; -1 where there is not one alone. With every other
   * unit a text fails, or where the state has `restarts`, goes on from its star.
   */
  aheadOf(state: number): number {
    return this.states[state]!.ahead
  }

  /**
   * Of a state at a star before a literal, the units that this literal stands for: with all other units that do not
   * lie ahead a text is back at the star. None for other states.
   */
  restarts(state: number): readonly number[] {
    return this.states[state]!.restarts
  }

  /** Whether a text fails with every unit but one, a literal. */
  isLine(state: number): boolean {
    const { ahead, restarts } = this.states[state]!
    return ahead >= 0 && restarts.length === 0
  }

  /** The state after so many of the literals that lie ahead, none of which begins what the star is followed by. */
  afterLiterals(state: number, count: number): number {
    const { ahead, positions } = this.states[state]!
    if (ahead < 0) return state
    return this.intern(this.closed([...positions.slice(0, -1), ahead + count]))
  }

  takes(text: string): boolean {
    let state = this.start
    for (let at = 0; at < text.length; at++) state = this.step(state, text.charCodeAt(at))
    return this.accepts(state)
  }

  /**
   * Positions that ascend, with those behind their stars, which match the empty text too. What stands before the
   * last `*` that was reached no longer counts.
   */
  private closed(reached: readonly number[]): readonly number[] {
    let closed: number[] = []
    let last = -1
    for (const position of reached) {
      if (position <= last) continue
      for (last = position; ; last++) {
        const token = this.tokens[last]
        if (token === ANY) closed = []
        closed.push(last)
        if (token === undefined || !isLoop(token)) break
      }
    }
    return closed
  }

  private intern(positions: readonly number[]): number {
    const [first] = positions
    const key = positions.length === 1 ? undefined : positions.join()
    const found = key === undefined ? this.single[first!] : this.several.get(key)
    if (found !== undefined) return found
    const number = this.states.length
    if (key === undefined) this.single[first!] = number
    else this.several.set(key, number)
    this.states.push(this.describe(positions))
    return number
  }

  private describe(positions: readonly number[]): State {
    const { length } = this.tokens
    const [star, behind, third] = positions
    const last = positions.at(-1)
    const always = last === length && this.tokens[length - 1] === ANY && positions.includes(length - 1)
    const atStar = behind !== undefined && this.tokens[star!] === ANY && this.isLiteral(behind)
    const ahead = atStar ? third : star
    const isLine = !this.fold && this.isLiteral(ahead) && positions.length === (atStar ? 3 : 1)
    const rests = atStar && (third === undefined || isLine)
    return {
      positions,
      fate: last === undefined ? 'never' : always ? 'always' : 'live',
      accepts: last === length,
      wanted: this.wantedAt(positions),
      ahead: isLine ? ahead! : -1,
      restarts: rests ? this.wantedAt([behind]) : [],
      next: new Map(),
    }
  }

  private isLiteral(position: number | undefined): boolean {
    return position !== undefined && this.tokens[position]! >= 0
  }

  private wantedAt(positions: readonly number[]): readonly number[] {
    const wanted: number[] = []
    const add = (unit: number): void => {
      if (!wanted.includes(unit)) wanted.push(unit)
    }
    for (const position of positions) {
      const token = this.tokens[position]
      if (token === undefined) continue
      if (token >= 0) for (const unit of this.fold ? bothCases(token) : [token]) add(unit)
      else if (token === ANY_WITHIN || token === ONE_WITHIN) add(COLON)
      else if (token === ANY_NAME || token === ONE_NAME) [SLASH, COLON].forEach(add)
    }
    return wanted
  }
}
