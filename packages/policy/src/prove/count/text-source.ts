import { Undecided } from '../bounds.js'
import type { StringPattern } from '../texts/partition.js'
import { variableIn } from '../texts/text-patterns.js'
import type { Tie } from '../variables/ties.js'
import { countTexts, type CountTextsOptions, type TextCounts } from './count-strings.js'
import { makeTape, type Tape } from './tape.js'
import { countValued, ValueWalk, type ValueClass } from './value-walk.js'

/** Counts the texts of the variables of a request, one variable after the other. */
export interface TextSource {
  /** The key whose value is settled, in lower case, and whether it is missing. */
  readonly settled?: { readonly key: string; readonly value: ValueClass | 'missing' } | undefined
  count(
    patterns: readonly StringPattern[],
    ties: readonly Tie[],
    options: CountTextsOptions,
    /** The condition key that the texts are values of, in lower case. */
    key?: string,
  ): TextCounts | Undecided
  /** What `make` gives, which is kept where nothing in it hangs on the variable. */
  once<Counted>(name: string, make: () => Counted): Counted
}

/** Where nothing is tied together. */
export const FREE_TEXTS: TextSource = {
  count: (patterns, [tie], options) =>
    tie ? variableIn(options.what, tie.text.source) : countTexts(patterns, options),
  once: (_, make) => make(),
}

export function textsOf({ texts }: { readonly texts?: TextSource }): TextSource {
  return texts ?? FREE_TEXTS
}

type Noted =
  | { readonly counts: TextCounts }
  | { readonly tape: Tape; readonly number: number }
  | { readonly patterns: readonly StringPattern[]; readonly options: CountTextsOptions }

/**
 * Notes what is counted, in its order, so that the same can be counted again for each class of values of a policy
 * variable: what has no variable in it stays as it was.
 */
export class NotedTexts implements TextSource {
  private readonly noted: Noted[] = []
  private readonly tapes: Tape[] = []
  /** By name: what was made, and the number of what was noted behind it. */
  private readonly kept = new Map<string, { readonly made: unknown; readonly end: number }>()

  constructor(private readonly key: string) {}

  count(
    patterns: readonly StringPattern[],
    ties: readonly Tie[],
    options: CountTextsOptions,
    key?: string,
  ): TextCounts | Undecided {
    if (ties.length > 0 && key === this.key) return variableIn(options.what, ties[0]!.text.source)
    if (ties.length > 0) {
      // A text that no pattern without variables makes useful may match one with.
      const { oneOf: _, ...all } = options
      const tape = makeTape(patterns, ties, all)
      if (tape instanceof Undecided) return tape
      this.noted.push({ tape, number: this.tapes.length })
      this.tapes.push(tape)
      return tape.whole
    }
    const counts = countTexts(patterns, options)
    if (counts instanceof Undecided) return counts
    this.noted.push(key === this.key ? { patterns, options } : { counts })
    return counts
  }

  once<Counted>(name: string, make: () => Counted): Counted {
    const start = this.noted.length
    const made = make()
    const isFree = this.noted.slice(start).every((one) => 'counts' in one)
    if (isFree) this.kept.set(name, { made, end: this.noted.length })
    return made
  }

  /** The classes of the values of a key that was counted as text; undefined where it was not. */
  keyClasses(): readonly ValueClass[] | undefined | Undecided {
    const own = this.noted.find((one) => 'options' in one)
    return own && new ValueWalk(this.tapes, own.patterns, own.options).classes()
  }

  /** The classes of other values. */
  classesOf(options: CountTextsOptions): readonly ValueClass[] | Undecided {
    return new ValueWalk(this.tapes, [], options).classes()
  }

  /** The same once more, with one of the classes, or without the variable's key. */
  with(value: ValueClass | 'missing'): TextSource {
    let next = 0
    return {
      settled: { key: this.key, value },
      count: () => {
        const noted = this.noted[next++]!
        if ('counts' in noted) return noted.counts
        if ('options' in noted) return value === 'missing' ? new Map() : new Map([[value.atoms, value.count]])
        return value === 'missing' ? noted.tape.whole : countValued(noted.tape, value, noted.number)
      },
      once: (name, make) => {
        const kept = this.kept.get(name)
        if (!kept) return make()
        next = kept.end
        return kept.made as ReturnType<typeof make>
      },
    }
  }
}
