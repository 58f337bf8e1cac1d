import { Undecided } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import { actionTerm } from '../options/action-term.js'
import { KnownActions, type KnownGroup } from '../options/known-actions.js'
import { literalHead, mayMeet, resourceForm, type ResourceForm } from '../options/resource-forms.js'
import type { Language } from '../texts/language.js'
import type { StringPattern } from '../texts/partition.js'
import { endsAgree, includesPattern } from '../texts/pattern-inclusion.js'
import type { CountedOption } from './count-combinations.js'
import { countTexts } from './count-strings.js'
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

/** Where patterns tell no ARNs apart they are counted once for all policies. */
const MOST_REMEMBERED = 5000
const remembered = new WeakMap<Language, Map<string, bigint>>()

/** Counts the ARNs of types of resources. */
class ArnsOfTypes {
  private readonly known = new Map<string, readonly CountedOption[] | Undecided>()
  private readonly heads: readonly ReturnType<typeof literalHead>[]

  constructor(
    private readonly term: CountedTerm,
    private readonly resources: ResourceCounter,
  ) {
    this.heads = resources.asked.patterns.map(({ automaton }) => literalHead(automaton.tokens))
  }

  /** The ARNs of the types that the actions of a group take, each once. */
  count({ forms }: KnownGroup): readonly CountedOption[] | Undecided {
    const options: CountedOption[] = []
    for (const kindred of kindredForms(widest(forms))) {
      const key = kindred.join(' ')
      let counted = this.known.get(key)
      if (!counted) this.known.set(key, (counted = this.ofKindred(kindred, key)))
      if (counted instanceof Undecided) return counted
      options.push(...counted)
    }
    return options
  }

  private ofKindred(forms: readonly string[], key: string): readonly CountedOption[] | Undecided {
    const { asked, isFree, needsAll } = this.resources
    const types = forms.map((form) => resourceForm(form))
    const patterns = this.patternsFor(types)
    if (patterns.length === 0 && !needsAll) return []
    const automata = types.map(({ automaton }) => automaton)
    if (patterns.length > 0 || !isFree) return this.resources.arns(patterns, automata)
    const language = this.term.space.languages?.resources ?? asked.language
    let all = remembered.get(language)
    if (!all) remembered.set(language, (all = new Map<string, bigint>()))
    const shape = `${this.term.space.length} ${forms.length === 1 ? shapeOf(key) : key}`
    let total = all.get(shape)
    if (total === undefined) {
      const patternsOfTypes = automata.map((automaton) => ({ automaton, atoms: 1n }))
      const counts = countTexts(patternsOfTypes, {
        ...this.term.space,
        language,
        what: 'Resource',
        required: 1n,
      })
      if (counts instanceof Undecided) return counts
      total = counts.get(1n) ?? 0n
      if (all.size < MOST_REMEMBERED) all.set(shape, total)
    }
    return [{ mask: asked.everything ^ asked.negated, count: total }]
  }

  /** Those that some ARN of the types may match. */
  private patternsFor(types: readonly ResourceForm[]): readonly StringPattern[] {
    return this.resources.asked.patterns.filter(({ automaton }, index) =>
      types.some(
        ({ automaton: type, head }) =>
          mayMeet(this.heads[index], head) && endsAgree(automaton.tokens, type.tokens),
      ),
    )
  }
}

/** Of a form with one variable behind its literals it matters only how long these are. */
function shapeOf(form: string): string {
  const parts = /^arn:\$\{Partition\}:([a-z0-9-]+):(\$\{Region\})?:(\$\{Account\})?:([^$*]*)\$\{\w+\}$/.exec(
    form,
  )
  if (!parts || form.endsWith('${BucketName}')) return form
  const [, service = '', region = '', account = '', literal = ''] = parts
  return [service.length, region, account, literal.length].join(':')
}

/** Without the forms whose ARNs are all of another one, such as those of the things below a thing. */
function widest(forms: readonly string[]): readonly string[] {
  if (forms.length < 2) return forms
  const tokens = forms.map((form) => resourceForm(form).automaton.tokens)
  return forms.filter((_, index) =>
    tokens.every((wide, other) => {
      if (other === index || !includesPattern(wide, tokens[index]!)) return true
      // Of two that are the same the first stays.
      return index < other && includesPattern(tokens[index]!, wide)
    }),
  )
}

/** Forms in groups, such that no ARN is of forms of two groups. */
function kindredForms(forms: readonly string[]): readonly (readonly string[])[] {
  let groups: string[][] = []
  for (const form of forms) {
    const meets = (group: readonly string[]): boolean => group.some((other) => formsMayMeet(form, other))
    const others = groups.filter((group) => !meets(group))
    groups = [...others, [form, ...groups.filter(meets).flat()]]
  }
  return groups
}

/** False where the literals of two forms alone show that no ARN is of both. */
function formsMayMeet(one: string, other: string): boolean {
  const [first, second] = [one, other].map((form) => form.split(':'))
  // A variable stands for no more than its segment but in the last; `${Region}` and `${Account}` for no colon.
  for (let at = 1; at < 5; at++) {
    const [a, b] = [first![at] ?? '', second![at] ?? '']
    if (OPEN.test(a) || OPEN.test(b)) return true
    const isFixed = !a.includes('$') && !b.includes('$')
    if (isFixed ? a !== b : a === '' || b === '') return false
  }
  const [a, b] = [first, second].map((segments) => headOf(segments!.slice(5).join(':')))
  return a!.startsWith(b!) || b!.startsWith(a!)
}

/** What could take colons. */
const OPEN = /\*|\$\{(?!Partition\}|Region\}|Account\})/

function headOf(text: string): string {
  const end = text.search(/[$*]/)
  return end < 0 ? text : text.slice(0, end)
}
