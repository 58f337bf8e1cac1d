import { ScimError } from '../scim-error.js'

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: '(' | ')' | '[' | ']' | '.' }

/** Longer ones are no question that a provider asks. */
const maxFilterLength = 4_000

const space = /\s+/y
const word = /[A-Za-z$_][\w$:-]*(?:\.[\w$:-]+)*/y
// A text of JSON: no control characters.
// oxlint-disable-next-line no-control-regex
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Cuts a filter or a path into tokens; no expression here looks back, so that it takes linear time. */
export function readTokens(source: string): readonly Token[] {
  if (source.length > maxFilterLength)
    throw new ScimError(400, 'invalidFilter', `a filter has at most ${maxFilterLength} characters`)
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  while (at < source.length) {
    if (take(space) !== undefined) continue
    const sign = source[at]
    if (sign === '(' || sign === ')' || sign === '[' || sign === ']' || sign === '.') {
      tokens.push({ kind: sign })
      at += 1
      continue
    }
    const quoted = take(text)
    if (quoted !== undefined) {
      tokens.push({ kind: 'text', value: JSON.parse(quoted) as string })
      continue
    }
    const digits = take(number)
    if (digits !== undefined) {
      tokens.push({ kind: 'number', value: Number(digits) })
      continue
    }
    const name = take(word)
    if (name === undefined)
      throw new ScimError(400, 'invalidFilter', `the filter cannot be read from character ${at + 1} on`)
    tokens.push({ kind: 'word', text: name })
  }
  return tokens
}
