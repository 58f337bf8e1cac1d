import { Automaton } from './automaton.js'
import { Budget, Undecided, type Bounds } from './bounds.js'
import { nextState, type Language } from './language.js'

/** A pattern and the atoms (as bits) that hold for the texts that it takes. */
export interface StringPattern {
  readonly automaton: Automaton
  readonly atoms: bigint
}

/** Texts that no pattern tells apart: the atoms that hold for them, and a short one of them. */
export interface StringClass {
  readonly atoms: bigint
  readonly text: string
  /** How many texts it has, where they were counted. */
  readonly count?: bigint
}

/** Lists the classes into which patterns divide the texts of a language. */
export type Classify = (
  patterns: readonly StringPattern[],
  options: PartitionOptions,
) => readonly StringClass[] | Undecided

export interface PartitionOptions {
  readonly language: Language
  readonly bounds: Bounds
  /** What the texts are, for the reason of an `Undecided`. */
  readonly what: string
  /** Only classes with all of these atoms are looked for. */
  readonly required?: bigint
}

/** Somewhere on the way through all patterns at once. */
interface Place {
  readonly text: string
  /** Of the language. */
  readonly state: number
  /** Atoms that hold whatever follows. */
  readonly held: bigint
  /** Patterns that are still open, and their states. */
  readonly open: readonly number[]
  readonly at: readonly number[]
}

/**
 * The classes into which patterns divide the texts of a language: a walk through the product of all automata that
 * makes only the states that it reaches. It stops following a pattern once it is decided, or once every atom that
 * it could give holds anyhow. While nothing but literals lie ahead it goes on to where the first of them ends or
 * where they part, so that prefixes and plain names cost their number and not their length.
 */
export function partitionTexts(
  patterns: readonly StringPattern[],
  options: PartitionOptions,
): readonly StringClass[] | Undecided {
  return new Walk(patterns, options).run()
}

class Walk {
  private readonly classes = new Map<bigint, string>()
  /** By place, the length of the shortest text that led there. */
  private readonly seen = new Map<string, number>()
  /** By length of the text, so that short texts are found first. */
  private readonly queue: Place[][] = []
  private readonly required: bigint
  private readonly budget: Budget

  constructor(
    private readonly patterns: readonly StringPattern[],
    private readonly options: PartitionOptions,
  ) {
    this.required = options.required ?? 0n
    this.budget = new Budget(
      options.bounds.states,
      `states of the patterns of ${options.what}`,
      'compare fewer statements at a time, or write patterns with fewer stars',
    )
  }

  run(): readonly StringClass[] | Undecided {
    const { language } = this.options
    const all = this.patterns.map((_, index) => index)
    this.enter(
      '',
      language.start,
      0n,
      all,
      this.patterns.map(({ automaton }) => automaton.start),
    )
    for (let length = 0; length < this.queue.length; length++) {
      const places = this.queue[length]
      if (!places) continue
      for (const place of places) {
        if (!this.budget.spend(1 + (place.open.length >> 2))) return this.budget.exhausted()
        if (!this.skip(place)) this.fanOut(place)
        if (this.classes.size > this.options.bounds.classes)
          return new Undecided(
            'tooLarge',
            `more than ${this.options.bounds.classes} classes of ${this.options.what}; compare fewer statements at a time`,
          )
      }
    }
    return [...this.classes].map(([atoms, text]) => ({ atoms, text }))
  }

  /** Drops what is decided, notes the class of the text itself, and queues what remains. */
  private enter(
    text: string,
    state: number,
    before: bigint,
    open: readonly number[],
    at: readonly number[],
  ): void {
    let held = before
    let couldHold = 0n
    let undecided = 0
    for (let index = 0; index < open.length; index++) {
      const { atoms, automaton } = this.patterns[open[index]!]!
      const fate = automaton.fate(at[index]!)
      if (fate === 'always') held |= atoms
      else if (fate === 'live') {
        undecided++
        couldHold |= atoms
      }
    }
    if (((held | couldHold) & this.required) !== this.required) return
    const { language } = this.options
    if (undecided === 0 || (couldHold & ~held) === 0n) {
      this.note(held, text + language.completion[state]!)
      return
    }
    const stillOpen: number[] = []
    const stillAt: number[] = []
    let atEnd = held
    let looping = false
    for (let index = 0; index < open.length; index++) {
      const { atoms, automaton } = this.patterns[open[index]!]!
      if (automaton.fate(at[index]!) !== 'live' || (atoms & ~held) === 0n) continue
      stillOpen.push(open[index]!)
      stillAt.push(at[index]!)
      if (automaton.accepts(at[index]!)) atEnd |= atoms
      looping ||= automaton.straightPosition(at[index]!) < 0
    }
    if (language.accepting[state]) this.note(atEnd, text)
    // Where a star is open the same may be reached on many ways; the queue takes short texts first.
    const key = looping ? placeKey(state, held, stillOpen, stillAt) : undefined
    if (key !== undefined) {
      const shortest = this.seen.get(key)
      if (shortest !== undefined && shortest <= text.length) return
      this.seen.set(key, text.length)
    }
    const { length } = text
    while (this.queue.length <= length) this.queue.push([])
    this.queue[length]!.push({ text, state, held, open: stillOpen, at: stillAt })
  }

  private note(atoms: bigint, text: string): void {
    if ((atoms & this.required) !== this.required) return
    const known = this.classes.get(atoms)
    if (known === undefined || text.length < known.length || (text.length === known.length && text < known))
      this.classes.set(atoms, text)
  }

  /**
   * Where only literals lie ahead, beside patterns that rest at a star: follows what the literals have in common.
   * False when that is nothing.
   */
  private skip(place: Place): boolean {
    const { at, open } = place
    const resting = new Set<number>()
    let first: Automaton | undefined
    let start = 0
    let length = 0
    for (let index = 0; index < open.length; index++) {
      const { automaton } = this.patterns[open[index]!]!
      const position = automaton.straightPosition(at[index]!)
      if (position < 0) {
        if (!automaton.rests(at[index]!)) return false
        for (const unit of automaton.wanted(at[index]!)) resting.add(unit)
      } else if (first === undefined) {
        first = automaton
        start = position
        length = literalRun(automaton, position)
      } else length = commonRun(first, start, automaton, position, length)
      if (first !== undefined && length === 0) return false
    }
    if (first === undefined) return false
    const run = first.tokens.slice(start, start + length)
    return resting.size === 0 ? this.follow(place, run) : this.followBeside(place, run, resting)
  }

  private follow(place: Place, run: readonly number[]): boolean {
    const { language } = this.options
    let { state, text } = place
    for (const [step, unit] of run.entries()) {
      if (step > 0 && language.accepting[state]) this.note(place.held, text)
      this.leave(place.held, text, state, unit)
      state = nextState(language, state, unit)
      if (state < 0) return true
      text += String.fromCharCode(unit)
    }
    this.enter(text, state, place.held, place.open, this.after(place, run.length))
    return true
  }

  /**
   * The same beside resting patterns, as long as none of them wants a unit of the run and the language does not
   * move. Whoever leaves the run, wherever, is then where one that leaves it at once is.
   */
  private followBeside(place: Place, run: readonly number[], resting: ReadonlySet<number>): boolean {
    const { language } = this.options
    const { at, held, open, state, text } = place
    let length = 0
    while (
      length < run.length &&
      !resting.has(run[length]!) &&
      nextState(language, state, run[length]!) === state
    )
      length++
    if (length < 2) return false
    const edge = language.edges[state]!.find(({ target }) => target === state)
    const other = edge?.units.find((unit) => unit !== run[0] && !resting.has(unit))
    if (other === undefined) return false
    const left = open.map((pattern, index) => this.patterns[pattern]!.automaton.step(at[index]!, other))
    this.enter(text + String.fromCharCode(other), state, held, open, left)
    const further = text + String.fromCharCode(...run.slice(0, length))
    this.enter(further, state, held, open, this.after(place, length))
    return true
  }

  /** The states after so many literals; patterns that rest stay where they are. */
  private after({ at, open }: Place, length: number): number[] {
    return open.map((pattern, index) => {
      const { automaton } = this.patterns[pattern]!
      const position = automaton.straightPosition(at[index]!)
      return position < 0 ? at[index]! : automaton.stateAt(position + length)
    })
  }

  /** Notes a text that goes on otherwise than all open patterns want it. */
  private leave(held: bigint, text: string, state: number, wanted: number): void {
    if ((held & this.required) !== this.required) return
    const known = this.classes.get(held)
    if (known !== undefined && known.length <= text.length) return
    const { language } = this.options
    for (const { target, units } of language.edges[state]!) {
      const unit = units[0] === wanted ? units[1] : units[0]
      if (unit !== undefined) this.note(held, text + String.fromCharCode(unit) + language.completion[target]!)
    }
  }

  /** One unit further: each that some pattern asks for, and one that stands for all others of each edge. */
  private fanOut({ at, held, open, state, text }: Place): void {
    const wanted = new Set<number>()
    for (let index = 0; index < open.length; index++)
      for (const unit of this.patterns[open[index]!]!.automaton.wanted(at[index]!)) wanted.add(unit)
    const { language } = this.options
    const go = (unit: number, target: number): void => {
      const next = open.map((pattern, index) => this.patterns[pattern]!.automaton.step(at[index]!, unit))
      this.enter(text + String.fromCharCode(unit), target, held, open, next)
    }
    for (const { target, units } of language.edges[state]!) {
      const other = units.find((unit) => !wanted.has(unit))
      if (other !== undefined) go(other, target)
    }
    for (const unit of wanted) {
      const target = nextState(language, state, unit)
      if (target >= 0) go(unit, target)
    }
  }
}

function placeKey(state: number, held: bigint, open: readonly number[], at: readonly number[]): string {
  let key = `${state} ${held}`
  for (let index = 0; index < open.length; index++) key += ` ${open[index]!} ${at[index]!}`
  return key
}

function literalRun({ tokens }: Automaton, from: number): number {
  let length = 0
  while (from + length < tokens.length && tokens[from + length]! >= 0) length++
  return length
}

function commonRun(a: Automaton, fromA: number, b: Automaton, fromB: number, limit: number): number {
  let length = 0
  while (length < limit && a.tokens[fromA + length] === b.tokens[fromB + length]) length++
  return length
}
