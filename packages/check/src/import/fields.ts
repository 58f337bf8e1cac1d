/** An object of an input, by key. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value of an input is an object, and neither a list nor a class of ours. */
export function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The own entry of an object; undefined for whatever is no object. */
export function field(value: unknown, key: string): unknown {
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** A text that is not empty. */
export function textField(value: unknown, key: string): string | undefined {
  const found = field(value, key)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The entries of a list, or none. */
export function listField(value: unknown, key: string): readonly unknown[] {
  const found = field(value, key)
  return Array.isArray(found) ? found : []
}

/** Tags as IAM lists them: `[{"Key": …, "Value": …}]`. Undefined where they are not such a list. */
export function tagsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!Array.isArray(value)) return undefined
  const tags: [string, string][] = []
  for (const tag of value) {
    const [key, content] = [field(tag, 'Key'), field(tag, 'Value')]
    if (typeof key !== 'string' || typeof content !== 'string') return undefined
    tags.push([key, content])
  }
  return Object.fromEntries(tags)
}
