import { Budget, Undecided } from '../bounds.js'
import { nextState } from '../texts/language.js'
import type { StringPattern } from '../texts/partition.js'
import { countTexts, type CountTextsOptions, type TextCounts } from './count-strings.js'
import type { Heading, Tape } from './tape.js'

/** Values of a variable that no tape tells apart: how many they are, of which length, and where they lead. */
export interface ValueClass {
  readonly count: bigint
  readonly length: number
  /** The atoms of patterns of the value itself. */
  readonly atoms: bigint
  /** By tape and its headings: where a text is once it has had the value. */
  readonly places: readonly (readonly (Place | undefined)[])[]
}

/** Somewhere in a language, and in each of some patterns. */
interface Place {
  readonly state: number
  readonly at: readonly number[]
}

interface State {
  readonly value: Place
  readonly tapes: readonly (readonly (Place | undefined)[])[]
  moves?: ReadonlyMap<State, bigint>
}

/**
 * The classes of a variable's values: values of one length that lead all texts which have them to the same places.
 * All tapes are followed at once, each from behind its literals, while the value is read.
 */
export class ValueWalk {
  private readonly states = new Map<string, State>()
  private readonly budget: Budget

  constructor(
    private readonly tapes: readonly Tape[],
    private readonly patterns: readonly StringPattern[],
    private readonly options: CountTextsOptions,
  ) {
    this.budget = new Budget(
      options.bounds.states,
      `states of the texts that have ${options.what}`,
      'count fewer statements at a time',
    )
  }

  classes(): readonly ValueClass[] | Undecided {
    const { language, length } = this.options
    const start = this.enter(
      { state: language.start, at: this.patterns.map(({ automaton }) => automaton.start) },
      this.tapes.map(({ headings }) => headings.map((heading) => heading.start)),
    )
    const found: ValueClass[] = []
    let layer = new Map<State, bigint>([[start, 1n]])
    for (let read = 0; read <= length && layer.size > 0; read++) {
      const next = new Map<State, bigint>()
      for (const [state, count] of layer) {
        if (!this.budget.spend()) return this.budget.exhausted()
        if (language.accepting[state.value.state])
          found.push({ count, length: read, atoms: this.atomsAt(state.value), places: state.tapes })
        for (const [to, ways] of (state.moves ??= this.movesFrom(state)))
          next.set(to, (next.get(to) ?? 0n) + count * ways)
      }
      layer = next
    }
    return found
  }

  private atomsAt({ at }: Place): bigint {
    let held = 0n
    for (const [index, { atoms, automaton }] of this.patterns.entries())
      if (automaton.accepts(at[index]!)) held |= atoms
    return held
  }

  private enter(value: Place, tapes: State['tapes']): State {
    const nameOf = (place: Place | undefined): string => (place ? `${place.state},${place.at.join()}` : '-')
    const name = [value, ...tapes.flat()].map(nameOf).join(' ')
    let state = this.states.get(name)
    if (!state) {
      this.budget.spend(1 + (name.length >> 4))
      this.states.set(name, (state = { value, tapes }))
    }
    return state
  }

  private movesFrom({ tapes, value }: State): ReadonlyMap<State, bigint> {
    const moves = new Map<State, bigint>()
    for (const { target, units } of this.options.language.edges[value.state]!)
      for (const unit of units) {
        const step = (place: Place, patterns: readonly StringPattern[], state: number): Place => ({
          state,
          at: place.at.map((at, index) => patterns[index]!.automaton.step(at, unit)),
        })
        const to = this.enter(
          step(value, this.patterns, target),
          tapes.map((places, index) => {
            const { options, patterns } = this.tapes[index]!
            return places.map((place) => {
              const state = place ? nextState(options.language, place.state, unit) : -1
              return place && state >= 0 ? step(place, patterns, state) : undefined
            })
          }),
        )
        moves.set(to, (moves.get(to) ?? 0n) + 1n)
      }
    return moves
  }
}

/** The texts of a tape once the variable has one of these values, by all atoms that hold then. */
export function countValued(tape: Tape, { length, places }: ValueClass, at: number): TextCounts | Undecided {
  const counts = new Map(tape.whole)
  for (const [index, heading] of tape.headings.entries()) {
    const place = places[at]![index]
    const rest = tape.options.length - heading.text.length - length
    if (!place || rest < 0) continue
    const headed = countBehind(tape, heading, place, rest)
    if (headed instanceof Undecided) return headed
    for (const [atoms, count] of headed) {
      const plain = atoms & ~tape.stars
      counts.set(plain, counts.get(plain)! - count)
      const matched = tape.withMatches(atoms)
      counts.set(matched, (counts.get(matched) ?? 0n) + count)
    }
  }
  return counts
}

const known = new WeakMap<Heading, Map<string, TextCounts>>()

function countBehind(
  { options, patterns }: Tape,
  heading: Heading,
  place: Place,
  length: number,
): TextCounts | Undecided {
  let all = known.get(heading)
  if (!all) known.set(heading, (all = new Map<string, TextCounts>()))
  const name = `${length} ${place.state} ${place.at.join()}`
  const found = all.get(name)
  if (found) return found
  const at = [...place.at, ...heading.endings.map(({ automaton }) => automaton.start)]
  const counts = countTexts([...patterns, ...heading.endings], {
    ...options,
    length,
    from: { state: place.state, at },
  })
  if (!(counts instanceof Undecided)) all.set(name, counts)
  return counts
}
