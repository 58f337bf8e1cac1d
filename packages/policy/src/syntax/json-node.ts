import type { Span } from '../diagnostic.js'

/** A JSON value with the place it was read from; no place for values that never were text. */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull

export interface JsonObject {
  readonly type: 'object'
  readonly members: readonly JsonMember[]
  readonly span?: Span | undefined
}
export interface JsonMember {
  readonly key: string
  readonly keySpan?: Span | undefined
  readonly value: JsonNode
}
export interface JsonArray {
  readonly type: 'array'
  readonly items: readonly JsonNode[]
  readonly span?: Span | undefined
}
export interface JsonString {
  readonly type: 'string'
  readonly value: string
  readonly span?: Span | undefined
}
/** `text` is the number as written: `1e3` stays `1e3`. */
export interface JsonNumber {
  readonly type: 'number'
  readonly text: string
  readonly span?: Span | undefined
}
export interface JsonBoolean {
  readonly type: 'boolean'
  readonly value: boolean
  readonly span?: Span | undefined
}
export interface JsonNull {
  readonly type: 'null'
  readonly span?: Span | undefined
}

/** For messages: `an object`, `a string`, … */
export function describeNode(node: JsonNode): string {
  switch (node.type) {
    case 'object':
      return 'an object'
    case 'array':
      return 'a list'
    case 'null':
      return 'null'
    default:
      return `a ${node.type}`
  }
}
