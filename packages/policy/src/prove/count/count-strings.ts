import { Budget, Undecided, type Bounds } from '../bounds.js'
import { nextState, type Language } from '../texts/language.js'
import type { StringPattern } from '../texts/partition.js'

export interface CountTextsOptions {
  readonly language: Language
  /** The most UTF-16 units that a text may have. */
  readonly length: number
  readonly bounds: Bounds
  /** What the texts are, for the reason of an `Undecided`. */
  readonly what: string
  /** Where texts begin; default the start of the language and of all patterns. */
  readonly from?: { readonly state: number; readonly at: readonly number[] }
  /** Only texts with all of these atoms are counted. */
  readonly required?: bigint
  /** Only texts with one of these atoms are counted. */
  readonly oneOf?: bigint
}

/** How many texts each class has, by the atoms that hold for it. */
export type TextCounts = ReadonlyMap<bigint, bigint>

/** Moves from state to state that are added up, for each state that there may be. */
const MOVES_A_STATE = 40

/**
 * Counts the texts of a language in each of the classes into which patterns divide them, exactly. All patterns are
 * followed at once, as `partitionTexts` does, one character after the other; how many texts lead to a state is
 * added up, so that no text is looked at. A state in which every pattern is decided is counted to its end at once.
 */
export function countTexts(
  patterns: readonly StringPattern[],
  options: CountTextsOptions,
): TextCounts | Undecided {
  return new TextCounter(patterns, options).run()
}

/** Somewhere on the way through all patterns at once. */
interface Place {
  /** Of the language. */
  readonly state: number
  /** Atoms that hold whatever follows. */
  readonly held: bigint
  /** Atoms that hold for a text that ends here. */
  readonly atEnd: bigint
  /** Patterns that are still open, and their states. None: all texts from here on are of one class. */
  readonly open: readonly number[]
  readonly at: readonly number[]
  /** Places that one more character leads to; worked out when it is left. */
  moves?: readonly Move[]
  /** The same, past places from which there is one way on. */
  leaps?: readonly Leap[]
}
interface Move {
  readonly to: Place
  /** By how many characters. */
  readonly ways: bigint
}
interface Leap extends Move {
  /** How many characters one after the other. */
  readonly length: number
}

class TextCounter {
  private readonly places = new Map<string, Place>()
  private readonly counts = new Map<bigint, bigint>()
  private readonly budget: Budget
  private readonly moves: Budget
  private readonly endings: readonly (readonly bigint[])[]
  private readonly required: bigint
  private readonly oneOf: bigint

  constructor(
    private readonly patterns: readonly StringPattern[],
    private readonly options: CountTextsOptions,
  ) {
    const { bounds, language, length, oneOf = -1n, required = 0n, what } = options
    this.required = required
    this.oneOf = oneOf
    const hint = 'count fewer statements at a time, or write patterns with fewer stars'
    this.budget = new Budget(bounds.states, `states of the patterns of ${what}`, hint)
    this.moves = new Budget(
      bounds.states * MOVES_A_STATE,
      `steps to count ${what}`,
      `${hint}; or count shorter texts`,
    )
    this.endings = countEndings(language, length)
  }

  run(): TextCounts | Undecided {
    const { bounds, language, length, what } = this.options
    const open = this.patterns.map((_, index) => index)
    const { at, state } = this.options.from ?? {
      state: language.start,
      at: this.patterns.map(({ automaton }) => automaton.start),
    }
    const start = this.enter(state, 0n, open, at)
    if (!start) return this.counts
    /** By characters read. */
    const layers = [new Map<Place, bigint>([[start, 1n]])]
    for (let read = 0; read < layers.length; read++) {
      for (const [place, texts] of layers[read] ?? []) {
        if (place.open.length === 0) {
          this.add(place.held, texts * this.endings[length - read]![place.state]!)
          continue
        }
        if (language.accepting[place.state]) this.add(place.atEnd, texts)
        if (read === length) continue
        place.leaps ??= this.leapsFrom(place)
        if (!this.budget.spend(0)) return this.budget.exhausted()
        if (!this.moves.spend(place.leaps.length)) return this.moves.exhausted()
        for (const { length: characters, to, ways } of place.leaps) {
          if (read + characters > length) continue
          const after = (layers[read + characters] ??= new Map<Place, bigint>())
          after.set(to, (after.get(to) ?? 0n) + (ways === 1n ? texts : texts * ways))
        }
      }
      delete layers[read]
      if (this.counts.size > bounds.classes)
        return new Undecided(
          'tooLarge',
          `more than ${bounds.classes} classes of ${what}; count fewer statements at a time`,
        )
    }
    return this.counts
  }

  private add(atoms: bigint, texts: bigint): void {
    if (texts > 0n && this.isCounted(atoms)) this.counts.set(atoms, (this.counts.get(atoms) ?? 0n) + texts)
  }

  private isCounted(atoms: bigint): boolean {
    return (atoms & this.required) === this.required && (this.oneOf < 0n || (atoms & this.oneOf) !== 0n)
  }

  /** Drops what is decided, and finds the place; undefined where no text from here on is counted. */
  private enter(
    state: number,
    before: bigint,
    open: readonly number[],
    at: readonly number[],
  ): Place | undefined {
    let held = before
    for (const [index, number] of open.entries()) {
      const { atoms, automaton } = this.patterns[number]!
      if (automaton.fate(at[index]!) === 'always') held |= atoms
    }
    const stillOpen: number[] = []
    const stillAt: number[] = []
    let atEnd = held
    let possible = held
    let key = `${state} ${held}`
    for (const [index, number] of open.entries()) {
      const { atoms, automaton } = this.patterns[number]!
      if (automaton.fate(at[index]!) !== 'live' || (atoms & ~held) === 0n) continue
      stillOpen.push(number)
      stillAt.push(at[index]!)
      possible |= atoms
      key += ` ${number} ${at[index]!}`
      if (automaton.accepts(at[index]!)) atEnd |= atoms
    }
    if (!this.isCounted(possible)) return undefined
    const known = this.places.get(key)
    if (known) return known
    this.budget.spend(1 + (stillOpen.length >> 2))
    const place: Place = { state, held, atEnd, open: stillOpen, at: stillAt }
    this.places.set(key, place)
    return place
  }

  /** Each character that some pattern asks for leads its own way; all others of an edge lead the same way. */
  private movesFrom({ at, held, open, state }: Place): readonly Move[] {
    const { language } = this.options
    const wanted = new Set<number>()
    for (const [index, number] of open.entries())
      for (const unit of this.patterns[number]!.automaton.wanted(at[index]!)) wanted.add(unit)
    const moves = new Map<Place, bigint>()
    const go = (unit: number, target: number, characters: bigint): void => {
      const next = open.map((number, index) => this.patterns[number]!.automaton.step(at[index]!, unit))
      const place = this.enter(target, held, open, next)
      if (place) moves.set(place, (moves.get(place) ?? 0n) + characters)
    }
    for (const { target, units } of language.edges[state]!) {
      const others = units.filter((unit) => !wanted.has(unit))
      if (others.length > 0) go(others[0]!, target, BigInt(others.length))
    }
    for (const unit of wanted) {
      const target = nextState(language, state, unit)
      if (target >= 0) go(unit, target, 1n)
    }
    return Array.from(moves, ([to, ways]) => ({ to, ways }))
  }

  /** Where there is one way on, and no text ends, places need no count of their own. */
  private leapsFrom(place: Place): readonly Leap[] {
    const { language, length } = this.options
    return (place.moves ??= this.movesFrom(place)).map((first) => {
      let { to, ways } = first
      let characters = 1
      while (characters < length && to.open.length > 0 && !language.accepting[to.state]) {
        const [move, ...others] = (to.moves ??= this.movesFrom(to))
        if (!move || others.length > 0) break
        to = move.to
        ways *= move.ways
        characters++
      }
      return { to, ways, length: characters }
    })
  }
}

const known = new WeakMap<Language, (readonly bigint[])[]>()

/** By length and state, how many texts of at most that length go on from there to an end. */
function countEndings(language: Language, length: number): readonly (readonly bigint[])[] {
  let rows = known.get(language)
  if (!rows) known.set(language, (rows = []))
  while (rows.length <= length) {
    const shorter = rows.at(-1)
    rows.push(
      language.edges.map((outgoing, state) => {
        let texts = language.accepting[state] ? 1n : 0n
        if (shorter)
          for (const { target, units } of outgoing) texts += BigInt(units.length) * shorter[target]!
        return texts
      }),
    )
  }
  return rows
}
