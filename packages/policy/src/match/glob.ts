import type { TextPart } from '../policy.js'

/** A run of literals and `?` between two `*`: the literals stand at fixed distances from its start. */
interface Chunk {
  readonly length: number
  readonly pieces: readonly { readonly offset: number; readonly text: string }[]
  /** The whole chunk where it has no `?`. */
  readonly literal: string | undefined
}

/** A pattern without variables, cut at its `*`. One chunk: no `*` at all. */
export interface Glob {
  readonly chunks: readonly Chunk[]
}

/** Parts with every variable replaced by a literal. */
export type ResolvedPart = Exclude<TextPart, { readonly type: 'variable' }>

/** Cuts a pattern at its stars. */
export function compileGlob(parts: readonly ResolvedPart[]): Glob {
  const chunks: Chunk[] = []
  let pieces: { offset: number; text: string }[] = []
  let length = 0
  for (const part of parts) {
    if (part.type === 'any') {
      chunks.push(makeChunk(length, pieces))
      pieces = []
      length = 0
    } else if (part.type === 'one') length++
    else {
      pieces.push({ offset: length, text: part.text })
      length += part.text.length
    }
  }
  chunks.push(makeChunk(length, pieces))
  return { chunks }
}

function makeChunk(length: number, pieces: Chunk['pieces']): Chunk {
  const [first] = pieces
  if (!first) return { length, pieces, literal: length === 0 ? '' : undefined }
  return { length, pieces, literal: first.text.length === length ? first.text : undefined }
}

/**
 * Whether the whole text matches. The first chunk stands at the start, the last at the end, each one between at
 * the leftmost place that is free: that is enough, because a later place only leaves less room. No backtracking:
 * the text is passed once.
 */
export function globMatches(glob: Glob, text: string): boolean {
  const { chunks } = glob
  const first = chunks[0]!
  if (chunks.length === 1) return text.length === first.length && chunkAt(first, text, 0)
  const last = chunks[chunks.length - 1]!
  const end = text.length - last.length
  if (end < first.length || !chunkAt(first, text, 0) || !chunkAt(last, text, end)) return false
  let from = first.length
  for (let index = 1; index < chunks.length - 1; index++) {
    const chunk = chunks[index]!
    const at = findChunk(chunk, text, from, end)
    if (at < 0) return false
    from = at + chunk.length
  }
  return true
}

function chunkAt(chunk: Chunk, text: string, at: number): boolean {
  if (chunk.literal !== undefined) return text.startsWith(chunk.literal, at)
  if (at + chunk.length > text.length) return false
  for (const piece of chunk.pieces) if (!text.startsWith(piece.text, at + piece.offset)) return false
  return true
}

function findChunk(chunk: Chunk, text: string, from: number, end: number): number {
  const latest = end - chunk.length
  if (chunk.literal !== undefined) {
    const found = text.indexOf(chunk.literal, from)
    return found <= latest ? found : -1
  }
  const first = chunk.pieces[0]
  if (!first) return from <= latest ? from : -1
  for (let at = from; at <= latest; at++) {
    const found = text.indexOf(first.text, at + first.offset)
    if (found < 0) return -1
    at = found - first.offset
    if (at > latest) return -1
    if (chunk.pieces.length === 1 || chunkAt(chunk, text, at)) return at
  }
  return -1
}

/** A matcher for a pattern without variables, with short cuts for the common shapes. */
export function compileMatcher(parts: readonly ResolvedPart[]): (text: string) => boolean {
  const [first, second] = parts
  if (!first) return (text) => text === ''
  if (parts.length === 1) {
    if (first.type === 'any') return () => true
    if (first.type === 'literal') {
      const literal = first.text
      return (text) => text === literal
    }
  }
  if (parts.length === 2 && first.type === 'literal' && second!.type === 'any') {
    const prefix = first.text
    const lastAt = prefix.length - 1
    const lastCode = prefix.charCodeAt(lastAt)
    // Names of AWS have long beginnings in common: the end of the prefix tells them apart soonest. And V8
    // compares a slice with the whole prefix faster than `startsWith` goes through it.
    return (text) => text.charCodeAt(lastAt) === lastCode && text.slice(0, prefix.length) === prefix
  }
  const glob = compileGlob(parts)
  return (text) => globMatches(glob, text)
}

/** The parts of a simple pattern such as an action's name: `*` and `?`, no variables, no escapes. */
export function globParts(pattern: string): ResolvedPart[] {
  const parts: ResolvedPart[] = []
  for (const piece of pattern.split(/([*?])/)) {
    if (piece === '*') parts.push({ type: 'any' })
    else if (piece === '?') parts.push({ type: 'one' })
    else if (piece !== '') parts.push({ type: 'literal', text: piece })
  }
  return parts
}
