import { isFields } from './fields.js'
import { findUndetermined, Undetermined } from './undetermined.js'

/** A value of an input, or that the input does not tell it. */
export type Told<Value> = Value | Undetermined

/** A text; a number or truth value as its text. Undefined: there is none. */
export function toldText(value: unknown): Told<string> | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return findUndetermined(value) ?? new Undetermined('it is no text')
}

/** Texts of a list; one that is not told stands for any number of them. */
export function toldTexts(value: unknown): readonly Told<string>[] {
  if (value === undefined || value === null) return []
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
  return entries.flatMap((entry) => toldText(entry) ?? [])
}

/** Truth as tools write it: `true` or `"true"`. What is not told is taken for false. */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true')
}

/** Tags of an object by key. Undefined where one is not told, so that what there is is not known. */
export function toldTags(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return {}
  if (!isFields(value)) return undefined
  const tags: [string, string][] = []
  for (const [key, content] of Object.entries(value)) {
    const text = toldText(content)
    if (typeof text !== 'string') return undefined
    tags.push([key, text])
  }
  return Object.fromEntries(tags)
}
