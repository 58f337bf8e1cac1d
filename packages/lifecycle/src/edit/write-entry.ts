/** Plain in YAML, inside of brackets too, and a text when it is read again. */
const plain = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][A-Za-z0-9_./@+-]*$/i
const date = /^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2}))?$/

/** A text as YAML, quoted only where it has to be. */
export function writeText(text: string, isJson: boolean): string {
  return !isJson && (plain.test(text) || date.test(text)) ? text : JSON.stringify(text)
}

export type EntryValue = string | readonly string[]

function writeValue(value: EntryValue, isJson: boolean): string {
  if (typeof value === 'string') return writeText(value, isJson)
  return `[${value.map((one) => writeText(one, isJson)).join(', ')}]`
}

/** `key: value`. */
export function writePair(key: string, value: EntryValue, isJson: boolean): string {
  return `${isJson ? JSON.stringify(key) : key}: ${writeValue(value, isJson)}`
}

/** `{ to: research, can: read }` */
export function writeFlowEntry(entry: readonly (readonly [string, EntryValue])[], isJson: boolean): string {
  return `{ ${entry.map(([key, value]) => writePair(key, value, isJson)).join(', ')} }`
}
