/** A stretch of a text, as offsets. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Where a key and its value stand; items of lists have no key. */
export interface LiteralPlace {
  readonly key?: Stretch
  readonly value: Stretch
}

/** Places by path, the path's steps joined by NUL. */
type Places = Map<string, LiteralPlace>

/** Objects within objects that are followed. */
const maxDepth = 32

/**
 * Finds where a module writes the parts of the object that it declares, as far as they are written as literals
 * there: keys, values and items, by path. What is spread in, computed or named elsewhere is left out, and so
 * are the items of a list behind a spread. It reads tokens only, so it is never wrong about what a value is: at
 * worst it knows no place.
 */
export function locateLiterals(
  text: string,
): (path: readonly (string | number)[]) => LiteralPlace | undefined {
  const places: Places = new Map()
  const code = blankComments(text)
  const start = findObject(code)
  if (start !== undefined) readValue(code, start, [], places)
  return (path) => places.get(path.join('\0'))
}

/** The object handed to `defineOrganization`, or else the one that is exported. */
function findObject(code: string): number | undefined {
  for (const before of [
    /\bdefineOrganization\s*\(\s*(?=\{)/,
    /\bexport\s+default\s*(?=\{)/,
    /\bexport\s+const\s+organization\b[^={]*=\s*(?=\{)/,
  ]) {
    const match = before.exec(code)
    if (match !== null) return match.index + match[0].length
  }
  return undefined
}

/** Reads the value at `start`, records it and what is in it, and gives the offset behind it. */
function readValue(
  code: string,
  start: number,
  path: readonly (string | number)[],
  places: Places,
  key?: Stretch,
): number {
  const end = skipExpression(code, start)
  const value = { start, end: start + code.slice(start, end).trimEnd().length }
  places.set(path.join('\0'), key === undefined ? { value } : { key, value })
  if (path.length < maxDepth) {
    if (code[start] === '{') readObject(code, start + 1, path, places)
    else if (code[start] === '[') readList(code, start + 1, path, places)
  }
  return end
}

function readObject(code: string, from: number, path: readonly (string | number)[], places: Places): void {
  let at = skipSpace(code, from)
  while (at < code.length && code[at] !== '}') {
    const name = /^(?:[\w$]+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/.exec(code.slice(at, at + 1_000))?.[0]
    const behind = name === undefined ? at : skipSpace(code, at + name.length)
    if (name !== undefined && [':', ',', '}'].includes(code[behind] ?? '')) {
      const key = { start: at, end: at + name.length }
      const step = /^["']/.test(name) ? name.slice(1, -1) : name
      if (code[behind] === ':')
        at = readValue(code, skipSpace(code, behind + 1), [...path, step], places, key)
      else {
        places.set([...path, step].join('\0'), { key, value: key })
        at = behind
      }
    } else {
      at = skipExpression(code, at)
    }
    if (code[at] !== ',') return
    at = skipSpace(code, at + 1)
  }
}

function readList(code: string, from: number, path: readonly (string | number)[], places: Places): void {
  let at = skipSpace(code, from)
  for (let index = 0; at < code.length && code[at] !== ']'; index += 1) {
    if (code.startsWith('...', at)) return
    at = readValue(code, at, [...path, index], places)
    if (code[at] !== ',') return
    at = skipSpace(code, at + 1)
  }
}

/** The offset of the comma or closing bracket behind the expression at `from`. */
function skipExpression(code: string, from: number): number {
  let depth = 0
  for (let at = from; at < code.length; at += 1) {
    const character = code[at] ?? ''
    if ('"\'`'.includes(character)) at = skipString(code, at)
    else if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) {
      if (depth === 0) return at
      depth -= 1
    } else if (character === ',' && depth === 0) return at
  }
  return code.length
}

/** The offset of the quote that ends the string at `from`. */
function skipString(code: string, from: number): number {
  const quote = code[from]
  for (let at = from + 1; at < code.length; at += 1) {
    if (code[at] === '\\') at += 1
    else if (code[at] === quote) return at
  }
  return code.length
}

function skipSpace(code: string, from: number): number {
  let at = from
  while (at < code.length && /\s/.test(code[at] ?? '')) at += 1
  return at
}

/** The same text with blanks for comments, so that offsets stay. */
function blankComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (match, literal: string | undefined) => literal ?? match.replace(/[^\n]/g, ' '),
  )
}
