import type { Automaton } from './automaton.js'
import { Undecided, type Bounds } from './bounds.js'
import { tiesTo, type Option } from './dimension.js'
import { arnLanguage, type Language } from './language.js'
import { partitionTexts, type StringPattern } from './partition.js'
import type { ResourcePattern } from '../policy.js'
import type { Term } from './term.js'
import { hasVariables, oddCharacter, PatternSet, resourceText, resourceTokens } from './text-patterns.js'
import { splitByTies, type Tie } from './ties.js'

/** What the statements' Resource and NotResource ask. */
export interface ResourceTerm {
  readonly patterns: readonly StringPattern[]
  readonly language: Language
  /** Statements that have `*`, or no Resource at all. */
  readonly everything: bigint
  /** Statements with NotResource. */
  readonly negated: bigint
  readonly ties: readonly Tie[]
}

/** `owner`: only what this account, 12 digits, or AWS can own. */
export function resourceTerm(term: Term, owner?: string): ResourceTerm | Undecided {
  // The bit behind those of the statements is that of a type of resource.
  const set = new PatternSet(term.statements.length + 1)
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
      if (hasVariables(pattern)) set.addTie(tokens, bit, resourceText(pattern), tieKind(pattern))
      else set.add(tokens, bit)
    }
  }
  return {
    patterns: set.patterns,
    language: arnLanguage(set.further, owner),
    everything,
    negated,
    ties: set.ties,
  }
}

/** Wildcards before the last segment may be confined to theirs. */
function tieKind({ segments }: Extract<ResourcePattern, { type: 'arn' }>): 'plain' | 'arn' {
  const isLiteral = segments.slice(0, 5).every(({ parts }) => parts.every(({ type }) => type === 'literal'))
  return isLiteral ? 'plain' : 'arn'
}

/** The options of the resource: well-formed ARNs, and `*` for requests that have none. */
export function resourceOptions(resource: ResourceTerm, bounds: Bounds): Option<string>[] | Undecided {
  const { everything, language, negated, patterns } = resource
  const relevant = patterns.filter(({ atoms }) => (atoms & ~everything) !== 0n)
  const classes = partitionTexts(relevant, { language, bounds, what: 'Resource' })
  if (classes instanceof Undecided) return classes
  const tied = splitByTies(classes, resource.ties)
  if (tied instanceof Undecided) return tied
  const options: Option<string>[] = tied.map(({ atoms, text, ties }) => {
    return { mask: (atoms | everything) ^ negated, value: text, ties: tiesTo('resource', ties) }
  })
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
  const tied = splitByTies(classes, resource.ties)
  if (tied instanceof Undecided) return tied
  return tied.map(({ atoms, text, ties }) => {
    const mask = ((atoms & ~atom) | everything) ^ negated
    return { mask, value: text, ties: tiesTo('resource', ties) }
  })
}
