/** Keys and positions from the root of a value to a part of it. */
export type Path = readonly (string | number)[]

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

export interface LiteralPlaces {
  place(path: Path): LiteralPlace | undefined
  /** Every key and value that was found. */
  parts(): Iterable<{ readonly path: Path; readonly isKey: boolean; readonly start: number }>
  /** Keys that an object has twice, each at its later place. */
  readonly duplicates: readonly { readonly path: Path; readonly key: Stretch }[]
}

/** Objects within objects that are followed. */
const maxDepth = 64

/**
 * Finds where a module writes the parts of the object that it declares, as far as they are written as literals
 * there. What is spread in, computed or named elsewhere is left out, and so are the items of a list behind a
 * spread. It reads tokens only and takes no value from them: at worst it knows no place.
 */
export function locateDeclared(text: string): LiteralPlaces {
  const code = blankComments(text)
  return locateLiteral(code, findObject(code) ?? code.length)
}

/** Finds the parts of the literal at `start`: of JSON, or of JavaScript without comments. */
export function locateLiteral(code: string, start: number): LiteralPlaces {
  const reader = new LiteralReader(code)
  if (start >= 0 && start < code.length) reader.value(start, [])
  return {
    place: (path) => reader.places.get(path.join('\0')),
    parts: () => reader.parts(),
    duplicates: reader.duplicates,
  }
}

class LiteralReader {
  /** By path, the path's steps joined by NUL. */
  readonly places = new Map<string, LiteralPlace & { readonly path: Path }>()
  readonly duplicates: { path: Path; key: Stretch }[] = []

  constructor(private readonly code: string) {}

  /** Reads the value at `start`, records it and what is in it, and gives the offset behind it. */
  value(start: number, path: Path, key?: Stretch): number {
    const { code } = this
    const end = this.skipExpression(start)
    this.record(path, { start, end: start + code.slice(start, end).trimEnd().length }, key)
    if (path.length < maxDepth) {
      if (code[start] === '{') this.object(start + 1, path)
      else if (code[start] === '[') this.list(start + 1, path)
    }
    return end
  }

  private record(path: Path, value: Stretch, key: Stretch | undefined): void {
    const name = path.join('\0')
    if (key !== undefined && this.places.has(name)) this.duplicates.push({ path, key })
    this.places.set(name, key === undefined ? { path, value } : { path, key, value })
  }

  *parts(): Iterable<{ readonly path: Path; readonly isKey: boolean; readonly start: number }> {
    for (const { path, key, value } of this.places.values()) {
      if (key !== undefined) yield { path, isKey: true, start: key.start }
      yield { path, isKey: false, start: value.start }
    }
  }

  private object(from: number, path: Path): void {
    const { code } = this
    let at = this.skipSpace(from)
    while (at < code.length && code[at] !== '}') {
      const name = this.keyAt(at)
      const behind = name === undefined ? at : this.skipSpace(at + name.length)
      if (name !== undefined && [':', ',', '}'].includes(code[behind] ?? '')) {
        const key = { start: at, end: at + name.length }
        const inner = [...path, unquote(name)]
        if (code[behind] === ':') {
          at = this.value(this.skipSpace(behind + 1), inner, key)
        } else {
          this.record(inner, key, key)
          at = behind
        }
      } else {
        at = this.skipExpression(at)
      }
      if (code[at] !== ',') return
      at = this.skipSpace(at + 1)
    }
  }

  private list(from: number, path: Path): void {
    const { code } = this
    let at = this.skipSpace(from)
    for (let index = 0; at < code.length && code[at] !== ']'; index += 1) {
      if (code.startsWith('...', at)) return
      at = this.value(at, [...path, index])
      if (code[at] !== ',') return
      at = this.skipSpace(at + 1)
    }
  }

  private keyAt(at: number): string | undefined {
    const pattern = /[\w$]+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y
    pattern.lastIndex = at
    return pattern.exec(this.code)?.[0]
  }

  /** The offset of the comma or closing bracket behind the expression at `from`. */
  private skipExpression(from: number): number {
    const { code } = this
    let depth = 0
    for (let at = from; at < code.length; at += 1) {
      const character = code[at] ?? ''
      if ('"\'`'.includes(character)) at = this.skipString(at)
      else if ('([{'.includes(character)) depth += 1
      else if (')]}'.includes(character)) {
        if (depth === 0) return at
        depth -= 1
      } else if (character === ',' && depth === 0) return at
    }
    return code.length
  }

  /** The offset of the quote that ends the string at `from`. */
  private skipString(from: number): number {
    const { code } = this
    const quote = code[from]
    for (let at = from + 1; at < code.length; at += 1) {
      if (code[at] === '\\') at += 1
      else if (code[at] === quote) return at
    }
    return code.length
  }

  private skipSpace(from: number): number {
    const pattern = /\s*/y
    pattern.lastIndex = from
    return from + (pattern.exec(this.code)?.[0].length ?? 0)
  }
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

function unquote(name: string): string {
  if (!name.startsWith('"')) return name.startsWith("'") ? name.slice(1, -1) : name
  try {
    return JSON.parse(name) as string
  } catch {
    return name.slice(1, -1)
  }
}

/** The same text with blanks for comments, so that offsets stay. */
function blankComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (match, literal: string | undefined) => literal ?? match.replace(/[^\n]/g, ' '),
  )
}
