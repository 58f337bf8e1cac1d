import { Undecided } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import { actionTerm } from '../options/action-term.js'
import { KnownActions, type KnownGroup } from '../options/known-actions.js'
import { literalHead, mayMeet, resourceForm } from '../options/resource-forms.js'
import type { Language } from '../texts/language.js'
import type { StringPattern } from '../texts/partition.js'
import { endsAgree } from '../texts/pattern-inclusion.js'
import type { CountedOption } from './count-combinations.js'
import type { ResourceCounter } from './count-resources.js'
import type { CountedTerm } from './counted-term.js'

/**
 * Known actions, each with the ARNs of the types of resources that it takes, or with `*` where it takes none: one
 * variable, since which resources there are hangs on the action. An ARN of several types is one.
 */
export function countKnownRequests(
  term: CountedTerm,
  resources: ResourceCounter,
  catalogue: ActionCatalogue,
): readonly CountedOption[] | Undecided {
  const { bits, both, own, space } = term
  const allows = (both.allows[0] | both.allows[1]) & bits
  const counts = new Map<bigint, bigint>()
  const arns = new ArnsOfTypes(term, resources)
  const known = new KnownActions(actionTerm(own), catalogue, space.length)
  for (const group of known.groups((_, some) => (some & allows) !== 0n)) {
    const options = group.forms.length === 0 ? resources.bare() : arns.count(group)
    if (options instanceof Undecided) return options
    for (const option of options) {
      const mask = group.mask & option.mask
      if ((mask & allows) !== 0n) counts.set(mask, (counts.get(mask) ?? 0n) + option.count * group.actions)
    }
  }
  return Array.from(counts, ([mask, count]) => ({ mask, count }))
}

/** Most types of resources are alike to all patterns, and then their ARNs are counted once for all policies. */
const MOST_REMEMBERED = 10_000
const remembered = new WeakMap<Language, Map<string, bigint>>()

class ArnsOfTypes {
  private readonly typeBit: bigint
  private readonly heads: readonly ReturnType<typeof literalHead>[]

  constructor(
    private readonly term: CountedTerm,
    private readonly resources: ResourceCounter,
  ) {
    this.typeBit = term.both.all + 1n
    this.heads = resources.asked.patterns.map(({ automaton }) => literalHead(automaton.tokens))
  }

  /** The ARNs of the types that the actions of a group take. */
  count({ forms, mask }: KnownGroup): readonly CountedOption[] | Undecided {
    const { asked, isFree } = this.resources
    const patterns = this.patternsFor(forms, mask)
    if (patterns.length > 0 || !isFree) return this.among(forms, patterns)
    const language = this.term.space.languages?.resources ?? asked.language
    let known = remembered.get(language)
    if (!known) remembered.set(language, (known = new Map<string, bigint>()))
    const key = `${this.term.space.length} ${forms.join(' ')}`
    let count = known.get(key)
    if (count === undefined) {
      const options = this.among(forms, [])
      if (options instanceof Undecided) return options
      count = options.reduce((sum, option) => sum + option.count, 0n)
      if (known.size < MOST_REMEMBERED) known.set(key, count)
    }
    return [{ mask: asked.everything ^ asked.negated, count }]
  }

  private among(
    forms: readonly string[],
    patterns: readonly StringPattern[],
  ): readonly CountedOption[] | Undecided {
    const types = forms.map((form) => ({ automaton: resourceForm(form).automaton, atoms: this.typeBit }))
    return this.resources.arns(patterns, { patterns: types, bit: this.typeBit })
  }

  /** Those of statements that the actions satisfy, and that some ARN of the types may match. */
  private patternsFor(forms: readonly string[], mask: bigint): readonly StringPattern[] {
    const types = forms.map(resourceForm)
    return this.resources.asked.patterns.flatMap(({ atoms, automaton }, index) => {
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
