const PLAIN = /^[A-Za-z0-9_/:.,@%+=-]+$/
// oxlint-disable-next-line no-control-regex -- control characters are the point
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

/**
 * A word for bash and zsh that they read as exactly this text. What cannot be seen is written by its bytes
 * (`$'a\x0ab'`). Throws a `RangeError` for a text with NUL or half a surrogate pair, which no argument can hold.
 */
export function shellQuote(text: string): string {
  if (!canBeArgument(text)) throw new RangeError('no argument of a command can hold this text')
  if (PLAIN.test(text)) return text
  if (!UNSEEN.test(text)) return `'${text.replaceAll("'", String.raw`'\''`)}'`
  return `$'${[...text].map(ansiQuoted).join('')}'`
}

/** Whether a command's argument can be this text. */
export function canBeArgument(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}

function ansiQuoted(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`
  if (!UNSEEN.test(character)) return character
  const bytes =
    character.codePointAt(0)! < 0x80 ? hex(character.codePointAt(0)!) : encodeURIComponent(character)
  return bytes.replaceAll('%', '\\x').toLowerCase()
}

function hex(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`
}
