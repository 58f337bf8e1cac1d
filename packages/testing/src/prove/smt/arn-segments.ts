import { OutsideSubset } from './outside-subset.js'
import {
  and,
  choice,
  literal,
  matches,
  or,
  patternRegex,
  range,
  sequence,
  within,
  type Piece,
  type Term,
} from './regular.js'

/** String variables for the segments of a well-formed ARN behind `arn:`; only the last one has colons. */
export type ArnVariables = readonly [
  partition: Term,
  service: Term,
  region: Term,
  account: Term,
  resource: Term,
]

/** The pieces of the segments of a pattern, split at its first five colons that are written out. */
export function segmentsOf(pieces: readonly Piece[], source: string): readonly (readonly Piece[])[] {
  const segments: Piece[][] = [[]]
  for (const piece of pieces) {
    if (typeof piece !== 'object') {
      segments.at(-1)!.push(piece)
      continue
    }
    const texts = piece.literal.split(':')
    for (const [index, text] of texts.entries()) {
      const starts = index > 0 && segments.length < 6
      if (starts) segments.push([])
      const written = index > 0 && !starts ? `:${text}` : text
      if (written !== '') segments.at(-1)!.push({ literal: written })
    }
  }
  if (segments.length < 6) throw new OutsideSubset(`"${source}" is no ARN`)
  return segments
}

/** Whether each segment of the ARN matches that segment of the pattern, as ARN operators compare. */
export function eachSegmentMatches(arn: ArnVariables, segments: readonly (readonly Piece[])[]): Term {
  if (!canBeArn(segments[0]!)) return 'false'
  return and(...segments.slice(1).map((pieces, index) => matches(arn[index]!, pieces)))
}

/** Patterns of the first segment: only what takes `arn` takes anything. */
function canBeArn(pieces: readonly Piece[]): boolean {
  const [only] = pieces
  if (pieces.length === 1 && (only === '*' || (typeof only === 'object' && only.literal === 'arn')))
    return true
  if (pieces.every((piece) => typeof piece === 'object')) return false
  throw new OutsideSubset('the first segment of an ARN has wildcards')
}

/**
 * Whether the ARN matches a pattern of Resource, in which a star that ends a segment may go on past its colon
 * [elements_resource]. The pattern's segments are laid over those of the ARN; such a star may cover some more of
 * them, and what comes behind it moves on.
 */
export function resourceMatches(arn: ArnVariables, segments: readonly (readonly Piece[])[]): Term {
  if (!canBeArn(segments[0]!)) return 'false'
  return laidOver(arn, segments.slice(1), 0, 0)
}

const LAST = 4

function laidOver(
  arn: ArnVariables,
  segments: readonly (readonly Piece[])[],
  from: number,
  onto: number,
): Term {
  if (onto === LAST) return restMatches(arn[LAST], segments.slice(from))
  const pieces = segments[from]!
  const here = matches(arn[onto]!, pieces)
  const ways = [and(here, laidOver(arn, segments, from + 1, onto + 1))]
  // The last segment of the pattern may not be left without one of the ARN, nor the ARN's without one of it.
  if (pieces.at(-1) !== '*') return ways[0]!
  for (let next = onto + 1; next < LAST; next++)
    ways.push(and(here, laidOver(arn, segments, from + 1, next + 1)))
  ways.push(and(here, restMatches(arn[LAST], [['*'], ...segments.slice(from + 1)])))
  return or(...ways)
}

/** Segments of the pattern that have moved into the last one of the ARN. Wildcards still keep to theirs. */
function restMatches(rest: Term, segments: readonly (readonly Piece[])[]): Term {
  if (segments.length === 1) return matches(rest, segments[0]!)
  const regexes = segments.flatMap((pieces, index) => {
    const isLast = index === segments.length - 1
    const colon = index === 0 ? [] : [literal(':')]
    if (isLast) return [...colon, patternRegex(pieces)]
    const crosses = pieces.at(-1) === '*'
    const kept = patternRegex(crosses ? pieces.slice(0, -1) : pieces, { one: NO_COLON })
    return [...colon, kept, ...(crosses ? ['re.all'] : [])]
  })
  return within(rest, sequence(...regexes))
}

const NO_COLON = choice(range(' ', '9'), range(';', '\uffff'))
