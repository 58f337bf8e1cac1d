import type { ConditionValue } from '@ringfence/policy'

/** Words that phrases are made of, and what would be taken for a value of another type. */
const RESERVED = new Set(['or', 'and', 'missing', 'true', 'false', 'any', 'unless', 'where', 'is', 'in'])
// oxlint-disable-next-line no-control-regex -- control characters are the point
const PLAIN = /^[^\s,"'()\u0000-\u001f\u007f-\u009f]+$/

/** A value of a policy as it is written; in quotes where it would run into the words around it. */
export function valueWords(value: ConditionValue): string {
  switch (value.type) {
    case 'text':
    case 'arn': {
      const { parts } = value.text
      const isLiteral = parts.every(({ type }) => type === 'literal')
      // Without the version 2012-10-17 `${aws:username}` is a text like any other.
      return isLiteral && value.source.includes('${') ? JSON.stringify(value.source) : quoted(value.source)
    }
    case 'booleanText':
      return quoted(value.source)
    case 'boolean':
      return String(value.boolean)
    case 'number':
    case 'date':
    case 'binary':
    case 'ip':
      return value.source
  }
}

/** A text in quotes where it has spaces or the like, or is a word that phrases are made of. */
export function quoted(text: string): string {
  return PLAIN.test(text) && !RESERVED.has(text) ? text : JSON.stringify(text)
}

/** `a`, `a or b`, `a, b or c`. */
export function listWords(items: readonly string[], word: 'or' | 'and' | 'nor'): string {
  const last = items.at(-1) ?? 'nothing'
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`
}
