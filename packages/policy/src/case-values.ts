import type { ContextValue } from './request.js'
import { didYouMeanHint } from './syntax/did-you-mean.js'
import type { Report } from './syntax/report.js'

export type JsonRecord = Readonly<Record<string, unknown>>

/** Reads the plain values of a case and reports what is wrong with them. */
export class CaseValues {
  constructor(protected readonly report: Report) {}

  protected optional<Key extends string, Value>(
    key: Key,
    record: JsonRecord,
    read: (entry: unknown, path: string) => Value | undefined,
  ): { readonly [Name in Key]?: Value } {
    if (record[key] === undefined) return {}
    const value = read(record[key], key)
    return (value === undefined ? {} : { [key]: value }) as { readonly [Name in Key]?: Value }
  }

  protected record(
    value: unknown,
    path: string,
    keys: readonly string[] | undefined,
  ): JsonRecord | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const what = path === '' ? 'a case' : path
      this.report.error('CASE_VALUE_MALFORMED', `${what} is an object, not ${describe(value)}`, path)
      return undefined
    }
    for (const key of Object.keys(value))
      if (keys && !keys.includes(key))
        this.report.error(
          'CASE_KEY_UNKNOWN',
          `"${key}" is no key of ${path === '' ? 'a case' : path}`,
          join(path, key),
          undefined,
          didYouMeanHint(key, keys) ?? `one of ${keys.join(', ')}`,
        )
    return value as JsonRecord
  }

  protected requiredText(record: JsonRecord, path: string, key: string): string | undefined {
    const value = record[key]
    if (typeof value === 'string') return value
    if (value === undefined) this.report.error('CASE_KEY_MISSING', `${path} has a "${key}"`, path)
    else
      this.report.error(
        'CASE_VALUE_MALFORMED',
        `${join(path, key)} is a string, not ${describe(value)}`,
        join(path, key),
      )
    return undefined
  }

  protected account(value: unknown, path: string): string | undefined {
    if (typeof value === 'string' && /^\d{12}$/.test(value)) return value
    const hint = 'a string of 12 digits, in quotes: "111122223333"'
    this.report.error('CASE_VALUE_MALFORMED', `${path} is no account`, path, undefined, hint)
    return undefined
  }

  protected context(value: unknown): Record<string, ContextValue> | undefined {
    const record = this.record(value, 'request.context', undefined)
    if (!record) return undefined
    for (const [key, item] of Object.entries(record))
      if (!(Array.isArray(item) ? item.every((entry) => isScalar(entry)) : isScalar(item))) {
        const path = `request.context["${key}"]`
        const message = `${path} is a string, number, boolean or list of these, not ${describe(item)}`
        this.report.error('CASE_VALUE_MALFORMED', message, path)
      }
    return { ...record } as Record<string, ContextValue>
  }

  protected pairs(value: unknown, path: string): Readonly<Record<string, string>> | undefined {
    if (value === undefined) return undefined
    const record = this.record(value, path, undefined)
    if (!record) return undefined
    for (const key of Object.keys(record)) this.requiredText(record, path, key)
    return record as Readonly<Record<string, string>>
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

/** For messages: what the value is instead. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
