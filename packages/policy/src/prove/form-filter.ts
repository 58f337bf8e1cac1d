import { ANY, COLON, type Token } from './pattern.js'
import type { ResourceTerm } from './resource-options.js'

/** With more patterns that a form could meet than this it is looked at in full. */
const MOST_PATTERNS = 6

/**
 * Tells cheaply which forms of ARNs cannot be of use: a form meets only the patterns that begin like it, and a
 * resource satisfies what some of these together satisfy.
 */
export class FormFilter {
  private readonly heads: readonly (readonly Token[] | undefined)[]
  private readonly metBy = new Map<string, readonly number[]>()
  private readonly answers = new Map<string, boolean>()

  constructor(private readonly resources: ResourceTerm) {
    this.heads = resources.patterns.map(({ automaton }) => literalHead(automaton.tokens))
  }

  /** False when no resource of that form has a mask that is useful. */
  mayBeUseful(form: string, tokens: () => readonly Token[], useful: (mask: bigint) => boolean): boolean {
    let met = this.metBy.get(form)
    if (!met) {
      const head = literalHead(tokens())
      met = [...this.heads.keys()].filter((index) => begins(head, this.heads[index]))
      this.metBy.set(form, met)
    }
    if (met.length > MOST_PATTERNS || this.resources.ties.length > 0) return true
    const name = met.join()
    let answer = this.answers.get(name)
    if (answer === undefined) {
      answer = this.someUseful(met, useful)
      this.answers.set(name, answer)
    }
    return answer
  }

  /** Before another kind of mask is useful. */
  forget(): void {
    this.answers.clear()
  }

  private someUseful(met: readonly number[], useful: (mask: bigint) => boolean): boolean {
    const { everything, negated, patterns } = this.resources
    for (let subset = 0; subset < 1 << met.length; subset++) {
      let held = everything
      for (const [position, index] of met.entries())
        if ((subset & (1 << position)) !== 0) held |= patterns[index]!.atoms
      if (useful(held ^ negated)) return true
    }
    return false
  }
}

/** The literals after the partition; undefined where the partition may run on. */
function literalHead(tokens: readonly Token[]): readonly Token[] | undefined {
  const colon = tokens.indexOf(COLON, 4)
  if (colon < 0 || tokens.slice(0, colon).includes(ANY)) return undefined
  const end = tokens.findIndex((token, index) => index > colon && token < 0)
  return tokens.slice(colon, end < 0 ? tokens.length : end)
}

function begins(a: readonly Token[] | undefined, b: readonly Token[] | undefined): boolean {
  if (!a || !b) return true
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) if (a[index] !== b[index]) return false
  return true
}
