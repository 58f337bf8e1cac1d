import { literalHead, mayMeet, resourceForm } from './resource-forms.js'
import type { ResourceTerm } from './resource-options.js'
import type { StringPattern } from '../texts/partition.js'
import type { Token } from '../texts/pattern.js'

/** With more patterns that a form could meet than this it is looked at in full. */
const MOST_PATTERNS = 6

/** What a form of ARNs could meet. */
interface Met {
  readonly patterns: readonly StringPattern[]
  /** The same for forms that meet the same patterns. */
  readonly name: string
}

/**
 * Tells cheaply which forms of ARNs cannot be of use: a form meets only the patterns that begin like it, and a
 * resource satisfies what some of these together satisfy.
 */
export class FormFilter {
  private readonly heads: readonly (readonly Token[] | undefined)[]
  private readonly met = new Map<string, Met>()
  private readonly answers = new Map<string, boolean>()

  constructor(private readonly resources: ResourceTerm) {
    this.heads = resources.patterns.map(({ automaton }) => literalHead(automaton.tokens))
  }

  /** The patterns that resources of that form may match; all others they do not. */
  patternsFor(form: string): readonly StringPattern[] {
    return this.metBy(form).patterns
  }

  /** False when no resource of that form has a mask that is useful. */
  mayBeUseful(form: string, useful: (mask: bigint) => boolean): boolean {
    const { name, patterns } = this.metBy(form)
    if (patterns.length > MOST_PATTERNS || this.resources.ties.length > 0) return true
    let answer = this.answers.get(name)
    if (answer === undefined) {
      answer = this.someUseful(patterns, useful)
      this.answers.set(name, answer)
    }
    return answer
  }

  /** Before another kind of mask is useful. */
  forget(): void {
    this.answers.clear()
  }

  private metBy(form: string): Met {
    const known = this.met.get(form)
    if (known) return known
    const { head } = resourceForm(form)
    const indexes = [...this.heads.keys()].filter((index) => mayMeet(head, this.heads[index]))
    const met = { patterns: indexes.map((index) => this.resources.patterns[index]!), name: indexes.join() }
    this.met.set(form, met)
    return met
  }

  private someUseful(met: readonly StringPattern[], useful: (mask: bigint) => boolean): boolean {
    const { everything, negated, owners } = this.resources
    const failures = owners ? owners.free.map(({ failed }) => failed) : [0n]
    for (let subset = 0; subset < 1 << met.length; subset++) {
      let held = everything
      for (const [position, { atoms }] of met.entries()) if ((subset & (1 << position)) !== 0) held |= atoms
      if (failures.some((failed) => useful((held ^ negated) & ~failed))) return true
    }
    return false
  }
}
