import type { Position, Span } from '../diagnostic.js'
import type { JsonArray, JsonMember, JsonNode, JsonNumber, JsonObject } from './json-node.js'
import type { Report } from './report.js'

/** UTF-16 units; above every limit that AWS sets on a policy by a factor of fifty. */
export const MAX_DOCUMENT_LENGTH = 1_048_576
/** A policy needs 7 levels at most (document, statements, statement, condition, operator, key, value). */
export const MAX_DEPTH = 32

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// RFC 8259 bars control characters from strings, so the pattern has to name them.
// oxlint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Stops at the first place that is not JSON; caught by `parseJson` alone. */
class SyntaxStop extends Error {
  constructor(
    readonly code: 'JSON_SYNTAX' | 'JSON_TOO_DEEP',
    message: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

/**
 * Reads JSON (RFC 8259) with the place of everything. Duplicate keys are errors, because IAM refuses them and
 * readers disagree about which one counts. The first syntax error ends the reading.
 */
export function parseJson(text: string, report: Report): JsonNode | undefined {
  if (text.length > MAX_DOCUMENT_LENGTH) {
    report.error(
      'DOCUMENT_TOO_LARGE',
      `the document has ${text.length} characters; at most ${MAX_DOCUMENT_LENGTH} are read`,
      '',
    )
    return undefined
  }
  const reader = new JsonReader(text, report)
  try {
    return reader.document()
  } catch (stop) {
    if (!(stop instanceof SyntaxStop)) throw stop
    const start = reader.position(stop.offset)
    report.error(stop.code, stop.message, '', { span: { start, end: start } })
    return undefined
  }
}

class JsonReader {
  private offset = 0
  private readonly lineStarts: number[] = [0]

  constructor(
    private readonly text: string,
    private readonly report: Report,
  ) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1)
  }

  document(): JsonNode {
    if (this.text.charCodeAt(0) === 0xfeff) this.offset = 1
    this.skipSpace()
    if (this.offset === this.text.length) throw this.stop('the document is empty')
    const node = this.value(0, '')
    this.skipSpace()
    if (this.offset < this.text.length) throw this.stop('there is text after the end of the document')
    return node
  }

  position(offset: number): Position {
    let low = 0
    let high = this.lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.lineStarts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { offset, line: low + 1, column: offset - this.lineStarts[low]! + 1 }
  }

  private span(start: number): Span {
    return { start: this.position(start), end: this.position(this.offset) }
  }

  private stop(message: string, offset = this.offset): SyntaxStop {
    return new SyntaxStop('JSON_SYNTAX', message, offset)
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.offset)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.offset++
    }
  }

  private value(depth: number, path: string): JsonNode {
    if (depth > MAX_DEPTH)
      throw new SyntaxStop('JSON_TOO_DEEP', `values are nested deeper than ${MAX_DEPTH} levels`, this.offset)
    const start = this.offset
    const character = this.text[start]
    switch (character) {
      case '{':
        return this.object(depth, path)
      case '[':
        return this.array(depth, path)
      case '"': {
        const value = this.string()
        return { type: 'string', value, span: this.span(start) }
      }
      case 't':
      case 'f': {
        this.word(character === 't' ? 'true' : 'false')
        return { type: 'boolean', value: character === 't', span: this.span(start) }
      }
      case 'n':
        this.word('null')
        return { type: 'null', span: this.span(start) }
      case undefined:
        throw this.stop('the document ends where a value should be')
      default:
        return this.number(start, character)
    }
  }

  private word(word: string): void {
    if (!this.text.startsWith(word, this.offset)) throw this.stop('this is no JSON value')
    this.offset += word.length
  }

  private number(start: number, character: string): JsonNumber {
    NUMBER.lastIndex = start
    const match = NUMBER.exec(this.text)
    if (!match) throw this.stop(`a value cannot start with ${JSON.stringify(character)}`)
    this.offset += match[0].length
    return { type: 'number', text: match[0], span: this.span(start) }
  }

  private array(depth: number, path: string): JsonArray {
    const start = this.offset++
    const items: JsonNode[] = []
    this.skipSpace()
    if (this.text[this.offset] === ']') {
      this.offset++
      return { type: 'array', items, span: this.span(start) }
    }
    for (;;) {
      this.skipSpace()
      items.push(this.value(depth + 1, `${path}[${items.length}]`))
      this.skipSpace()
      const character = this.text[this.offset]
      if (character === ',') this.offset++
      else if (character === ']') {
        this.offset++
        return { type: 'array', items, span: this.span(start) }
      } else throw this.stop('a list goes on with "," or ends with "]"')
    }
  }

  private object(depth: number, path: string): JsonObject {
    const start = this.offset++
    const members: JsonMember[] = []
    const seen = new Set<string>()
    this.skipSpace()
    if (this.text[this.offset] === '}') {
      this.offset++
      return { type: 'object', members, span: this.span(start) }
    }
    for (;;) {
      this.skipSpace()
      members.push(this.member(depth, path, seen))
      this.skipSpace()
      const character = this.text[this.offset]
      if (character === ',') this.offset++
      else if (character === '}') {
        this.offset++
        return { type: 'object', members, span: this.span(start) }
      } else throw this.stop('an object goes on with "," or ends with "}"')
    }
  }

  private member(depth: number, path: string, seen: Set<string>): JsonMember {
    const keyStart = this.offset
    if (this.text[keyStart] !== '"') throw this.stop('a key in double quotes should be here')
    const key = this.string()
    const keySpan = this.span(keyStart)
    const memberPath = path === '' ? key : `${path}.${key}`
    if (seen.has(key))
      this.report.error('DUPLICATE_KEY', `the key "${key}" appears twice`, memberPath, { span: keySpan })
    seen.add(key)
    this.skipSpace()
    if (this.text[this.offset] !== ':') throw this.stop('a ":" should follow the key')
    this.offset++
    this.skipSpace()
    return { key, keySpan, value: this.value(depth + 1, memberPath) }
  }

  private string(): string {
    let value = ''
    this.offset++
    for (;;) {
      PLAIN.lastIndex = this.offset
      value += PLAIN.exec(this.text)![0]
      this.offset = PLAIN.lastIndex
      const character = this.text[this.offset]
      if (character === '"') {
        this.offset++
        return value
      }
      if (character === undefined) throw this.stop('the document ends inside a string')
      if (character !== '\\') throw this.stop('a string cannot hold a control character; escape it')
      value += this.escape()
    }
  }

  private escape(): string {
    const letter = this.text[this.offset + 1] ?? ''
    if (letter === 'u') {
      const digits = this.text.slice(this.offset + 2, this.offset + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.stop('"\\u" needs four hexadecimal digits')
      this.offset += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const character = ESCAPES[letter]
    if (character === undefined) throw this.stop(`"\\${letter}" is no escape of JSON`)
    this.offset += 2
    return character
  }
}
