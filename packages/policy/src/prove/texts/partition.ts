import type { Automaton } from './automaton.js'
import { Undecided, type Bounds } from '../bounds.js'
import { Remembered } from '../../remembered.js'
import type { Language } from './language.js'
import { TextWalk } from './text-walk.js'

/** A pattern and the atoms (as bits) that hold for the texts that it takes. */
export interface StringPattern {
  readonly automaton: Automaton
  readonly atoms: bigint
}

/** Texts that no pattern tells apart: the atoms that hold for them, and a short one of them. */
export interface StringClass {
  readonly atoms: bigint
  readonly text: string
  /** How many texts it has, where they were counted. */
  readonly count?: bigint
}

/** Lists the classes into which patterns divide the texts of a language. */
export type Classify = (
  patterns: readonly StringPattern[],
  options: PartitionOptions,
) => readonly StringClass[] | Undecided

export interface PartitionOptions {
  readonly language: Language
  readonly bounds: Bounds
  /** What the texts are, for the reason of an `Undecided`. */
  readonly what: string
  /** Only classes with all of these atoms are looked for. */
  readonly required?: bigint
  /** Only classes with none of these atoms are looked for. */
  readonly forbidden?: bigint
}

/** What is remembered takes little, and questions about the same policies ask for the same few patterns. */
const MOST_PATTERNS = 64
const remembered = new WeakMap<Language, Remembered<readonly StringClass[]>>()

/** The same for the same patterns with the same atoms; undefined where they are too many to be remembered. */
export function nameOfPatterns(patterns: readonly StringPattern[]): string | undefined {
  if (patterns.length > MOST_PATTERNS) return undefined
  let name = ''
  for (const { atoms, automaton } of patterns) name += ` ${automaton.number} ${atoms}`
  return name
}

/**
 * The classes into which patterns divide the texts of a language; few patterns are divided once. After `enough` classes
 * no more are looked for.
 */
export function partitionTexts(
  patterns: readonly StringPattern[],
  options: PartitionOptions,
  enough = Infinity,
): readonly StringClass[] | Undecided {
  const name = nameOfPatterns(patterns)
  if (name === undefined) return new TextWalk(patterns, options, enough).classes()
  const { bounds, forbidden = 0n, language, required = 0n } = options
  let ofLanguage = remembered.get(language)
  if (!ofLanguage) remembered.set(language, (ofLanguage = new Remembered(2048)))
  const key = `${enough} ${bounds.states} ${bounds.classes} ${required} ${forbidden}${name}`
  const known = ofLanguage.get(key)
  if (known) return known
  const classes = new TextWalk(patterns, options, enough).classes()
  return classes instanceof Undecided ? classes : ofLanguage.set(key, classes)
}

/** A short text of a class that is looked for; undefined where there is none. */
export function findText(
  patterns: readonly StringPattern[],
  options: PartitionOptions,
): string | undefined | Undecided {
  const found = partitionTexts(patterns, options, 1)
  return found instanceof Undecided ? found : found[0]?.text
}
