import type { Text } from '../../policy.js'
import { Undecided } from '../bounds.js'
import { Automaton } from '../texts/automaton.js'
import { nextState } from '../texts/language.js'
import type { StringPattern } from '../texts/partition.js'
import { tokensOf } from '../texts/pattern.js'
import type { Tie } from '../variables/ties.js'
import type { ResolvedPart } from '../../match/glob.js'
import { countTexts, type CountTextsOptions, type TextCounts } from './count-strings.js'

/** Literals behind which patterns have the variable, and the patterns of what follows it. */
export interface Heading {
  readonly text: string
  /** Where a text is behind the literals; undefined where none begins so. */
  readonly start: { readonly state: number; readonly at: readonly number[] } | undefined
  /** Their atoms are the stars of the ties. */
  readonly endings: readonly StringPattern[]
}

/** Texts of which some have a variable's value in them. */
export interface Tape {
  /** Those without variables. */
  readonly patterns: readonly StringPattern[]
  readonly options: CountTextsOptions
  /** None begins like another one, so that a text is behind one at most. */
  readonly headings: readonly Heading[]
  /** The bits of ties. */
  readonly stars: bigint
  /** All texts, by the atoms of the patterns without variables. */
  readonly whole: TextCounts
  /** Atoms, with those of the ties that match in place of their stars. */
  readonly withMatches: (atoms: bigint) => bigint
}

/** Undecided where patterns have their variable in another way than behind literals, once. */
export function makeTape(
  all: readonly StringPattern[],
  ties: readonly Tie[],
  options: CountTextsOptions,
): Tape | Undecided {
  const stars = ties.reduce((bits, { star }) => bits | star, 0n)
  const patterns = all
    .map(({ atoms, automaton }) => ({ automaton, atoms: atoms & ~stars }))
    .filter(({ atoms }) => atoms !== 0n)
  const endings = new Map<string, StringPattern[]>()
  for (const { star, text } of ties) {
    const split = splitAtVariable(text)
    if (!split) return notCounted(text)
    const ending = { automaton: new Automaton(tokensOf(split.behind)), atoms: star }
    endings.set(split.before, [...(endings.get(split.before) ?? []), ending])
  }
  const texts = [...endings.keys()]
  for (const { text } of ties)
    if (texts.some((one) => texts.some((other) => one !== other && other.startsWith(one))))
      return notCounted(text)
  const whole = countTexts(patterns, options)
  if (whole instanceof Undecided) return whole
  const headings = Array.from(endings, ([text, ofText]): Heading => {
    return { text, start: startBehind(text, patterns, options), endings: ofText }
  })
  const withMatches = (atoms: bigint): bigint => {
    let held = atoms & ~stars
    for (const tie of ties) if ((atoms & tie.star) !== 0n) held |= tie.atoms
    return held
  }
  return { patterns, options, headings, stars, whole, withMatches }
}

function startBehind(
  text: string,
  patterns: readonly StringPattern[],
  { language }: CountTextsOptions,
): Heading['start'] {
  let state = language.start
  let at = patterns.map(({ automaton }) => automaton.start)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    state = nextState(language, state, unit)
    if (state < 0) return undefined
    at = at.map((before, number) => patterns[number]!.automaton.step(before, unit))
  }
  return { state, at }
}

function splitAtVariable({
  parts,
}: Text): { readonly before: string; readonly behind: readonly ResolvedPart[] } | undefined {
  const at = parts.findIndex(({ type }) => type === 'variable')
  const before: string[] = []
  for (const part of parts.slice(0, at)) {
    if (part.type !== 'literal') return undefined
    before.push(part.text)
  }
  const behind: ResolvedPart[] = []
  for (const part of parts.slice(at + 1)) {
    if (part.type === 'variable') return undefined
    behind.push(part)
  }
  return { before: before.join(''), behind }
}

function notCounted({ source }: Text): Undecided {
  return new Undecided(
    'notSupported',
    `"${source}" has policy variables otherwise than once behind a text without wildcards that begins like no other, and such requests are not counted`,
  )
}
