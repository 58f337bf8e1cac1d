import { Undecided } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import { actionTerm } from '../options/action-term.js'
import { KnownActions, type KnownGroup } from '../options/known-actions.js'
import { literalHead, mayMeet, resourceForm } from '../options/resource-forms.js'
import type { ResourceTerm } from '../options/resource-options.js'
import type { Language } from '../texts/language.js'
import type { StringPattern } from '../texts/partition.js'
import { endsAgree } from '../texts/pattern-inclusion.js'
import type { CountedOption } from './count-combinations.js'
import { countTexts, type TextCounts } from './count-strings.js'
import type { CountedTerm } from './counted-term.js'

/**
 * Known actions, each with the ARNs of the types of resources that it takes, or with `*` where it takes none: one
 * variable, since which resources there are hangs on the action. An ARN of several types is one.
 */
export function countKnownRequests(
  term: CountedTerm,
  asked: ResourceTerm,
  catalogue: ActionCatalogue,
): readonly CountedOption[] | Undecided {
  const { bits, both, own, space } = term
  const { everything, negated } = asked
  const allows = (both.allows[0] | both.allows[1]) & bits
  const counts = new Map<bigint, bigint>()
  const add = (mask: bigint, count: bigint): void => {
    if ((mask & allows) !== 0n) counts.set(mask, (counts.get(mask) ?? 0n) + count)
  }
  const arns = new ArnsOfTypes(term, asked)
  const known = new KnownActions(actionTerm(own), catalogue, space.length)
  for (const group of known.groups((_, some) => (some & allows) !== 0n)) {
    if (group.forms.length === 0) add(group.mask & (everything ^ negated), group.actions)
    else {
      const texts = arns.count(group)
      if (texts instanceof Undecided) return texts
      for (const [atoms, count] of texts)
        add(group.mask & ((atoms | everything) ^ negated), count * group.actions)
    }
  }
  return Array.from(counts, ([mask, count]) => ({ mask, count }))
}

/** Most actions are alike to all patterns, and then their ARNs are counted once for all policies. */
const MOST_REMEMBERED = 10_000
const remembered = new WeakMap<Language, Map<string, TextCounts>>()

class ArnsOfTypes {
  private readonly typeBit: bigint
  private readonly heads: readonly ReturnType<typeof literalHead>[]

  constructor(
    private readonly term: CountedTerm,
    private readonly asked: ResourceTerm,
  ) {
    this.typeBit = term.both.all + 1n
    this.heads = asked.patterns.map(({ automaton }) => literalHead(automaton.tokens))
  }

  /** The ARNs of the types that the actions of a group take, by the atoms of patterns that matter to these. */
  count({ forms, mask }: KnownGroup): TextCounts | Undecided {
    const patterns = this.patternsFor(forms, mask)
    if (patterns.length > 0) return this.among(forms, patterns)
    const { length } = this.term.space
    let known = remembered.get(this.language)
    if (!known) remembered.set(this.language, (known = new Map<string, TextCounts>()))
    const key = `${length} ${forms.join(' ')}`
    let counts: TextCounts | Undecided | undefined = known.get(key)
    if (counts) return counts
    counts = this.among(forms, patterns)
    if (!(counts instanceof Undecided) && known.size < MOST_REMEMBERED) known.set(key, counts)
    return counts
  }

  private get language(): Language {
    return this.term.space.languages?.resources ?? this.asked.language
  }

  private among(forms: readonly string[], patterns: readonly StringPattern[]): TextCounts | Undecided {
    const types = forms.map((form) => ({ automaton: resourceForm(form).automaton, atoms: this.typeBit }))
    const counts = countTexts([...patterns, ...types], {
      ...this.term.space,
      language: this.language,
      what: 'Resource',
      required: this.typeBit,
    })
    if (counts instanceof Undecided) return counts
    return new Map(Array.from(counts, ([atoms, count]) => [atoms & ~this.typeBit, count]))
  }

  /** Those of statements that the actions satisfy, and that some ARN of the types may match. */
  private patternsFor(forms: readonly string[], mask: bigint): readonly StringPattern[] {
    const types = forms.map(resourceForm)
    return this.asked.patterns.flatMap(({ atoms, automaton }, index) => {
      const useful = atoms & mask
      if (useful === 0n) return []
      const meets = types.some(
        ({ automaton: type, head }) =>
          mayMeet(this.heads[index], head) && endsAgree(automaton.tokens, type.tokens),
      )
      return meets ? [{ automaton, atoms: useful }] : []
    })
  }
}
