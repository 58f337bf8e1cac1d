import { atomSets, NO_ATOMS, type AtomSet, type AtomSets } from './atom-sets.js'
import type { Automaton } from './automaton.js'
import { Budget, Undecided } from '../bounds.js'
import { nextState } from './language.js'
import type { PartitionOptions, StringClass, StringPattern } from './partition.js'

/** Somewhere on the way through all patterns at once. */
interface Place {
  readonly text: string
  /** Of the language. */
  readonly state: number
  /** Atoms that hold whatever follows. */
  readonly held: AtomSet
  /** Patterns that are still open, and their states. */
  readonly open: readonly number[]
  readonly at: readonly number[]
}

/**
 * A walk through the product of all automata that makes only the states that it reaches. It stops following a pattern
 * once it is decided, or once every atom that it could give holds anyhow. While nothing but literals lie ahead it
 * goes on to where the first of them ends or where they part, so that prefixes and plain names cost their number and
 * not their length.
 */
export class TextWalk {
  private readonly automata: readonly Automaton[]
  private readonly sets: AtomSets
  /** By pattern. */
  private readonly atoms: readonly AtomSet[]
  private readonly required: AtomSet
  private readonly forbidden: AtomSet
  /** By pattern, the required atoms that it could give. */
  private readonly useful: readonly AtomSet[]
  private readonly found = new Map<AtomSet, string>()
  /** By place, the length of the shortest text that led there. */
  private readonly seen = new Map<string, number>()
  /** By length of the text, so that short texts are found first. */
  private readonly queue: Place[][] = []
  private readonly budget: Budget

  constructor(
    patterns: readonly StringPattern[],
    private readonly options: PartitionOptions,
    /** After so many classes the walk is over. */
    private readonly enough = Infinity,
  ) {
    const { bounds, forbidden = 0n, required = 0n, what } = options
    this.automata = patterns.map(({ automaton }) => automaton)
    this.sets = atomSets(patterns.reduce((all, { atoms }) => all | atoms, required | forbidden))
    this.atoms = patterns.map(({ atoms }) => this.sets.of(atoms))
    this.required = this.sets.of(required)
    this.forbidden = this.sets.of(forbidden)
    this.useful = required === 0n ? [] : patterns.map(({ atoms }) => this.sets.of(atoms & required))
    this.budget = new Budget(
      bounds.states,
      `states of the patterns of ${what}`,
      'compare fewer statements at a time, or write patterns with fewer stars',
    )
  }

  /** The classes that are looked for. */
  classes(): readonly StringClass[] | Undecided {
    const { bounds, language, what } = this.options
    const all = this.automata.map((_, index) => index)
    const starts = this.automata.map(({ start }) => start)
    this.enter('', language.start, NO_ATOMS, all, starts)
    for (let length = 0; length < this.queue.length && this.found.size < this.enough; length++) {
      const places = this.queue[length]
      if (!places) continue
      for (const place of places) {
        if (!this.budget.spend(1 + (place.open.length >> 2))) return this.budget.exhausted()
        if (!this.skip(place)) this.fanOut(place)
        if (this.found.size >= this.enough) break
        if (this.found.size > bounds.classes)
          return new Undecided(
            'tooLarge',
            `more than ${bounds.classes} classes of ${what}; compare fewer statements at a time`,
          )
      }
    }
    return Array.from(this.found, ([atoms, text]) => ({ atoms: this.sets.bits(atoms), text }))
  }

  /**
   * Drops what is decided, notes the class of the text itself, and queues what remains. The lists become the
   * place's own.
   */
  private enter(text: string, state: number, before: AtomSet, open: number[], at: number[]): void {
    const { automata, sets } = this
    let held = before
    for (let index = 0; index < open.length; index++) {
      const pattern = open[index]!
      if (automata[pattern]!.fate(at[index]!) === 'always') held = sets.union(held, this.atoms[pattern]!)
    }
    if (this.sets.meets(held, this.forbidden)) return
    let count = 0
    let atEnd = held
    let looping = false
    for (let index = 0; index < open.length; index++) {
      const pattern = open[index]!
      const automaton = automata[pattern]!
      const own = at[index]!
      if (automaton.fate(own) !== 'live' || sets.includes(held, this.atoms[pattern]!)) continue
      open[count] = pattern
      at[count++] = own
      if (automaton.accepts(own)) atEnd = sets.union(atEnd, this.atoms[pattern]!)
      looping ||= !automaton.isLine(own)
    }
    open.length = count
    at.length = count
    if (this.required !== NO_ATOMS && !this.canHold(held, open)) return
    const { language } = this.options
    if (count === 0) {
      this.note(held, text + language.completion[state]!)
      return
    }
    if (language.accepting[state]) this.note(atEnd, text)
    // Where a star is open the same may be reached on many ways; the queue takes short texts first.
    if (looping) {
      const key = placeKey(state, held, open, at)
      const shortest = this.seen.get(key)
      if (shortest !== undefined && shortest <= text.length) return
      this.seen.set(key, text.length)
    }
    const { length } = text
    while (this.queue.length <= length) this.queue.push([])
    this.queue[length]!.push({ text, state, held, open, at })
  }

  /** Whether all that is required holds or may come to hold. */
  private canHold(held: AtomSet, open: readonly number[]): boolean {
    let could = held
    for (const pattern of open) {
      if (this.sets.includes(could, this.required)) return true
      could = this.sets.union(could, this.useful[pattern]!)
    }
    return this.sets.includes(could, this.required)
  }

  private note(atoms: AtomSet, text: string): void {
    if (!this.sets.includes(atoms, this.required) || this.sets.meets(atoms, this.forbidden)) return
    const known = this.found.get(atoms)
    if (known === undefined || text.length < known.length || (text.length === known.length && text < known))
      this.found.set(atoms, text)
  }

  /**
   * Where only literals lie ahead, beside patterns that are at a star: follows what the literals have in common.
   * False when that is nothing.
   */
  private skip(place: Place): boolean {
    const { at, open } = place
    const restarts = new Set<number>()
    let first: Automaton | undefined
    let start = 0
    let length = 0
    for (let index = 0; index < open.length; index++) {
      const automaton = this.automata[open[index]!]!
      const ahead = automaton.aheadOf(at[index]!)
      const restarting = automaton.restarts(at[index]!)
      if (ahead < 0 && restarting.length === 0) return false
      for (const unit of restarting) restarts.add(unit)
      if (ahead < 0) continue
      if (first === undefined) {
        first = automaton
        start = ahead
        length = literalRun(automaton, ahead)
      } else length = commonRun(first, start, automaton, ahead, length)
      if (length === 0) return false
    }
    if (first === undefined) return false
    const run = first.tokens.slice(start, start + length)
    return restarts.size === 0 ? this.follow(place, run) : this.followBeside(place, run, restarts)
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
    this.enter(text, state, place.held, [...place.open], this.after(place, run.length))
    return true
  }

  /**
   * The same beside patterns at a star, as long as none of them begins anew with a unit of the run and the language
   * does not move. Whoever leaves the run, wherever, is then where one that leaves it at once is.
   */
  private followBeside(place: Place, run: readonly number[], restarts: ReadonlySet<number>): boolean {
    const { language } = this.options
    const { held, open, state, text } = place
    let length = 0
    while (
      length < run.length &&
      !restarts.has(run[length]!) &&
      nextState(language, state, run[length]!) === state
    )
      length++
    if (length < 2) return false
    const edge = language.edges[state]!.find(({ target }) => target === state)
    const other = edge?.units.find((unit) => unit !== run[0] && !restarts.has(unit))
    if (other === undefined) return false
    this.go(place, other, state, this.withoutLines(place))
    const further = text + String.fromCharCode(...run.slice(0, length))
    this.enter(further, state, held, [...open], this.after(place, length))
    return true
  }

  /** The states after so many literals; patterns that rest at a star stay where they are. */
  private after({ at, open }: Place, length: number): number[] {
    return open.map((pattern, index) => this.automata[pattern]!.afterLiterals(at[index]!, length))
  }

  /** Notes a text that goes on otherwise than all open patterns want it. */
  private leave(held: AtomSet, text: string, state: number, wanted: number): void {
    const known = this.found.get(held)
    if (known !== undefined && known.length <= text.length) return
    const { language } = this.options
    for (const { target, units } of language.edges[state]!) {
      const unit = units[0] === wanted ? units[1] : units[0]
      if (unit !== undefined) this.note(held, text + String.fromCharCode(unit) + language.completion[target]!)
    }
  }

  /** One unit further: each that some pattern asks for, and one that stands for all others of each edge. */
  private fanOut(place: Place): void {
    const { at, open, state } = place
    const { language } = this.options
    /** By unit that some pattern wants, the patterns to which it is the only way on. */
    const lines = new Map<number, number[]>()
    for (let index = 0; index < open.length; index++) {
      const automaton = this.automata[open[index]!]!
      const isLine = automaton.isLine(at[index]!)
      for (const unit of automaton.wanted(at[index]!)) {
        let ofUnit = lines.get(unit)
        if (!ofUnit) lines.set(unit, (ofUnit = []))
        if (isLine) ofUnit.push(index)
      }
    }
    const others = this.withoutLines(place)
    for (const { target, units } of language.edges[state]!) {
      const other = units.find((unit) => !lines.has(unit))
      if (other !== undefined) this.go(place, other, target, others)
    }
    for (const [unit, ofUnit] of lines) {
      const target = nextState(language, state, unit)
      if (target >= 0) this.go(place, unit, target, merged(others, ofUnit))
    }
  }

  /** Indexes of the open patterns that more than one unit leads on. */
  private withoutLines({ at, open }: Place): number[] {
    const others: number[] = []
    for (let index = 0; index < open.length; index++)
      if (!this.automata[open[index]!]!.isLine(at[index]!)) others.push(index)
    return others
  }

  /** On with a unit that lets no more than these of the open patterns live. */
  private go(
    { at, held, open, text }: Place,
    unit: number,
    target: number,
    indexes: readonly number[],
  ): void {
    const nextOpen = indexes.map((index) => open[index]!)
    const next = indexes.map((index) => this.automata[open[index]!]!.step(at[index]!, unit))
    this.enter(text + String.fromCharCode(unit), target, held, nextOpen, next)
  }
}

/** Two ascending lists as one, so that places have their patterns in one order. */
function merged(one: readonly number[], other: readonly number[]): readonly number[] {
  if (one.length === 0) return other
  return other.length === 0 ? one : [...one, ...other].toSorted((a, b) => a - b)
}

/** Two places of the same key go on alike. */
function placeKey(state: number, held: AtomSet, open: readonly number[], at: readonly number[]): string {
  return `${state} ${held} ${open.join()} ${at.join()}`
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
