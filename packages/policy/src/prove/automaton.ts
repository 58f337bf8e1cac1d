import {
  ANY,
  ANY_NAME,
  ANY_WITHIN,
  COLON,
  isLoop,
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
  /** The position from which one literal alone leads on; -1 for none. */
  readonly straight: number
  readonly next: Map<number, number>
}

/**
 * A pattern as a deterministic automaton whose states are made when they are reached. Of several stars that a
 * text may be at only the last matters: whatever an earlier one still takes, the later one takes too.
 */
export class Automaton {
  private readonly states: State[] = []
  private readonly known = new Map<number | string, number>()
  readonly start: number

  constructor(
    readonly tokens: readonly Token[],
    /** The tokens are in lower case, and texts are folded. */
    private readonly fold = false,
  ) {
    this.start = this.intern([0])
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
    const positions: number[] = []
    for (const position of from.positions) {
      const token = this.tokens[position]
      if (token === undefined) continue
      if (token === folded) positions.push(position + 1)
      else if (token < 0 && wildcardTakes(token, unit))
        positions.push(isLoop(token) ? position : position + 1)
    }
    const target = this.intern(positions)
    from.next.set(unit, target)
    return target
  }

  /** The position of a state that only one literal leads on from; -1 for others. */
  straightPosition(state: number): number {
    return this.states[state]!.straight
  }

  /** Whether the state stays what it is with every unit that it does not want. */
  rests(state: number): boolean {
    const { positions } = this.states[state]!
    const [star, after] = positions
    if (positions.length !== 2 || this.tokens[star!] !== ANY) return false
    return after === star! + 1 && this.tokens[after]! >= 0
  }

  /** The state at a position that literals alone led to. */
  stateAt(position: number): number {
    return this.intern([position])
  }

  takes(text: string): boolean {
    let state = this.start
    for (let at = 0; at < text.length; at++) state = this.step(state, text.charCodeAt(at))
    return this.accepts(state)
  }

  private intern(reached: readonly number[]): number {
    const simple = reached.length === 1 && !isLoop(this.tokens[reached[0]!] ?? 0)
    const positions = simple ? reached : this.close(reached)
    const key = positions.length === 1 ? positions[0]! : positions.join()
    const found = this.known.get(key)
    if (found !== undefined) return found
    const number = this.states.length
    this.known.set(key, number)
    const { length } = this.tokens
    const last = positions.at(-1)
    const always = last === length && positions.includes(length - 1) && this.tokens[length - 1] === ANY
    this.states.push({
      positions,
      fate: last === undefined ? 'never' : always ? 'always' : 'live',
      accepts: last === length,
      wanted: this.wantedAt(positions),
      straight:
        !this.fold && positions.length === 1 && last! < length && this.tokens[last!]! >= 0 ? last! : -1,
      next: new Map(),
    })
    return number
  }

  /** Stars match the empty text too; and what stands before the last `*` that was reached no longer counts. */
  private close(reached: readonly number[]): readonly number[] {
    const set = new Set(reached)
    for (const position of set) if (isLoop(this.tokens[position] ?? 0)) set.add(position + 1)
    const sorted = [...set].toSorted((a, b) => a - b)
    const star = sorted.findLastIndex((position) => this.tokens[position] === ANY)
    return star > 0 ? sorted.slice(star) : sorted
  }

  private wantedAt(positions: readonly number[]): readonly number[] {
    const wanted = new Set<number>()
    for (const position of positions) {
      const token = this.tokens[position]
      if (token === undefined) continue
      if (token >= 0) for (const unit of this.fold ? bothCases(token) : [token]) wanted.add(unit)
      else if (token === ANY_WITHIN || token === ONE_WITHIN) wanted.add(COLON)
      else if (token === ANY_NAME || token === ONE_NAME) wanted.add(SLASH).add(COLON)
    }
    return [...wanted]
  }
}
