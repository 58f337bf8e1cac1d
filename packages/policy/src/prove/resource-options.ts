import type { Automaton } from './automaton.js'
import { Undecided, type Bounds } from './bounds.js'
import type { Option } from './dimension.js'
import { arnLanguage, type Language } from './language.js'
import { partitionTexts, type StringPattern } from './partition.js'
import type { Term } from './term.js'
import { oddCharacter, PatternSet, resourceTokens, variableIn } from './text-patterns.js'

/** What the statements' Resource and NotResource ask. */
export interface ResourceTerm {
  readonly patterns: readonly StringPattern[]
  readonly language: Language
  /** Statements that have `*`, or no Resource at all. */
  readonly everything: bigint
  /** Statements with NotResource. */
  readonly negated: bigint
}

export function resourceTerm(term: Term): ResourceTerm | Undecided {
  const set = new PatternSet()
  let everything = 0n
  let negated = 0n
  for (const { bit, statement } of term.statements) {
    const { resource } = statement
    if (!resource) {
      everything |= bit
      continue
    }
    if (resource.negated) negated |= bit
    for (const pattern of resource.patterns) {
      if (pattern.type === 'everything') {
        everything |= bit
        continue
      }
      const odd = oddCharacter(pattern.source)
      if (odd) return new Undecided('notSupported', `the resource "${pattern.source}" has ${odd}`)
      const tokens = resourceTokens(pattern)
      if (!tokens) return variableIn('Resource', pattern.source)
      set.add(tokens, bit)
    }
  }
  return { patterns: set.patterns, language: arnLanguage(set.further), everything, negated }
}

/** The options of the resource: well-formed ARNs, and `*` for requests that have none. */
export function resourceOptions(resource: ResourceTerm, bounds: Bounds): Option<string>[] | Undecided {
  const { everything, language, negated, patterns } = resource
  const relevant = patterns.filter(({ atoms }) => (atoms & ~everything) !== 0n)
  const classes = partitionTexts(relevant, { language, bounds, what: 'Resource' })
  if (classes instanceof Undecided) return classes
  const options = classes.map(({ atoms, text }) => ({ mask: (atoms | everything) ^ negated, value: text }))
  options.push({ mask: everything ^ negated, value: '*' })
  return options
}

/** The options among the ARNs of one type of resource; `atom` is a bit that no statement has. */
export function resourceOptionsOfType(
  resource: ResourceTerm,
  type: Automaton,
  atom: bigint,
  bounds: Bounds,
): Option<string>[] | Undecided {
  const { everything, language, negated, patterns } = resource
  const relevant = patterns.filter(({ atoms }) => (atoms & ~everything) !== 0n)
  const classes = partitionTexts([...relevant, { automaton: type, atoms: atom }], {
    language,
    bounds,
    what: 'Resource',
    required: atom,
  })
  if (classes instanceof Undecided) return classes
  return classes.map(({ atoms, text }) => ({ mask: ((atoms & ~atom) | everything) ^ negated, value: text }))
}
