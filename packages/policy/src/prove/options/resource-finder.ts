import { Undecided, type Bounds } from '../bounds.js'
import type { Option, ResourceValue } from './dimension.js'
import { findText, type StringPattern } from '../texts/partition.js'
import { endsAgree, includesPattern } from '../texts/pattern-inclusion.js'
import type { Token } from '../texts/pattern.js'
import { literalHead, mayMeet, resourceForm, type ResourceForm } from './resource-forms.js'
import { arnOptions, bareOptions, resourceOptionsOfType, type ResourceTerm } from './resource-options.js'

/** A pattern of the term, and the literals that it begins with after the partition. */
interface Known extends StringPattern {
  readonly tokens: readonly Token[]
  readonly head: readonly Token[] | undefined
}

/** Texts that one pattern of each group takes and none of `others`. */
interface Question {
  readonly groups: readonly (readonly Known[])[]
  readonly others: readonly Known[]
}

/** Finds resources for which some statements hold and others do not; what is asked for twice is worked out once. */
export class ResourceFinder {
  private readonly patterns: readonly Known[]
  /** Requests that have no ARN. */
  readonly bare: readonly Option<ResourceValue>[]
  private readonly answers = new Map<string, Option<ResourceValue> | undefined | Undecided>()
  private readonly listed = new Map<string, readonly Option<ResourceValue>[] | Undecided>()

  constructor(
    private readonly term: ResourceTerm,
    /** A bit that no statement has. */
    private readonly typeBit: bigint,
    private readonly bounds: Bounds,
  ) {
    this.patterns = term.patterns.map(({ atoms, automaton }) => {
      const { tokens } = automaton
      return { atoms, automaton, tokens, head: literalHead(tokens) }
    })
    this.bare = bareOptions(term)
  }

  /** Statements that hold for whatever is asked for. */
  get always(): bigint {
    const { everything, negated, owners } = this.term
    return everything & ~negated & ~(owners?.asking ?? 0n)
  }

  /**
   * An ARN for which all required statements hold and none of the excluded ones; with `form`, one of that type of
   * resource. It is as if patterns with policy variables matched at will.
   */
  arn(required: bigint, excluded: bigint, form?: string): Option<ResourceValue> | undefined | Undecided {
    const name = `${required} ${excluded} ${form}`
    if (this.answers.has(name)) return this.answers.get(name)
    const { owners, ties } = this.term
    const found =
      ties.length > 0 || owners ? this.among(required, excluded, form) : this.search(required, excluded, form)
    this.answers.set(name, found)
    return found
  }

  /** Where variables or the owner tie the ARN to other things: lists all options. */
  private among(
    required: bigint,
    excluded: bigint,
    form = '',
  ): Option<ResourceValue> | undefined | Undecided {
    let options = this.listed.get(form)
    if (!options) {
      options = form === '' ? arnOptions(this.term, this.bounds) : this.ofForm(resourceForm(form))
      this.listed.set(form, options)
    }
    if (options instanceof Undecided) return options
    return options.find(({ mask }) => (mask & required) === required && (mask & excluded) === 0n)
  }

  private ofForm(form: ResourceForm): readonly Option<ResourceValue>[] | Undecided {
    const asked = { ...this.term, patterns: this.metBy(form) }
    return resourceOptionsOfType(asked, form.automaton, this.typeBit, this.bounds)
  }

  private metBy(form: ResourceForm): readonly Known[] {
    const { automaton, head } = form
    return this.patterns.filter((one) => mayMeet(one.head, head) && endsAgree(one.tokens, automaton.tokens))
  }

  private search(
    required: bigint,
    excluded: bigint,
    formText: string | undefined,
  ): Option<ResourceValue> | undefined | Undecided {
    const { everything, negated } = this.term
    // What holds always, or never, whatever the resource.
    if ((required & everything & negated) !== 0n || (excluded & everything & ~negated) !== 0n)
      return undefined
    const form = formText === undefined ? undefined : resourceForm(formText)
    const free = ~everything
    const wanted = free & ((required & ~negated) | (excluded & negated))
    const unwanted = free & ((required & negated) | (excluded & ~negated))
    const question = this.reduce(this.ask(wanted, unwanted, form), form)
    if (!question) return undefined
    const text = this.walk(question, form)
    if (text === undefined || text instanceof Undecided) return text
    return { mask: required, value: { arn: text } }
  }

  /** The patterns that count, without those that no text of the form matches. */
  private ask(wanted: bigint, unwanted: bigint, form: ResourceForm | undefined): Question {
    const met = form ? this.metBy(form) : this.patterns
    const groups: Known[][] = []
    for (let bit = 1n; bit <= wanted; bit <<= 1n)
      if ((wanted & bit) !== 0n) groups.push(met.filter(({ atoms }) => (atoms & bit) !== 0n))
    return { groups, others: met.filter(({ atoms }) => (atoms & unwanted) !== 0n) }
  }

  /** Leaves out what cannot matter; undefined where a group has nothing left. */
  private reduce({ groups, others }: Question, form: ResourceForm | undefined): Question | undefined {
    if (form && others.some(({ tokens }) => includesPattern(tokens, form.automaton.tokens))) return undefined
    const left: Known[][] = []
    for (const group of groups) {
      const open = group.filter(
        ({ tokens }) => !others.some((other) => includesPattern(other.tokens, tokens)),
      )
      if (open.length === 0) return undefined
      left.push(open)
    }
    const counting = others.filter((other) =>
      left.every((group) =>
        group.some(({ head, tokens }) => mayMeet(head, other.head) && endsAgree(tokens, other.tokens)),
      ),
    )
    return { groups: left, others: counting }
  }

  private walk({ groups, others }: Question, form: ResourceForm | undefined): string | undefined | Undecided {
    const atoms = new Map<StringPattern['automaton'], bigint>()
    let bit = 1n
    const give = (patterns: readonly Pick<StringPattern, 'automaton'>[]): void => {
      for (const { automaton } of patterns) atoms.set(automaton, (atoms.get(automaton) ?? 0n) | bit)
      bit <<= 1n
    }
    groups.forEach(give)
    if (form) give([form])
    const required = bit - 1n
    const forbidden = bit
    give(others)
    const patterns = Array.from(atoms, ([automaton, ofIt]) => ({ automaton, atoms: ofIt }))
    const { language } = this.term
    return findText(patterns, { language, bounds: this.bounds, what: 'Resource', required, forbidden })
  }
}
