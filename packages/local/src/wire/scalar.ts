import { MalformedInput } from './malformed.js'
import type { Shape, TimestampFormat } from './shape.js'

/** A scalar from the text of an XML element, a header or a query parameter. */
export function parseScalar(
  shape: Shape,
  text: string,
  defaultFormat: TimestampFormat,
  place: string,
): unknown {
  switch (shape.type) {
    case 'string':
      return text
    case 'boolean':
      return parseBoolean(text, place)
    case 'number':
      return parseNumber(text, place)
    case 'bigint':
      if (!/^-?\d+$/.test(text)) throw new MalformedInput(`${place} is no integer`)
      return BigInt(text)
    case 'timestamp':
      return parseTimestamp(text, shape.format ?? defaultFormat, place)
    case 'blob':
    case 'stream':
      return parseBase64(text, place)
    default:
      throw new MalformedInput(`${place} cannot be a ${shape.type} here`)
  }
}

function parseBoolean(text: string, place: string): boolean {
  const lower = text.trim().toLowerCase()
  if (lower === 'true') return true
  if (lower === 'false') return false
  throw new MalformedInput(`${place} must be true or false`)
}

function parseNumber(text: string, place: string): number {
  const trimmed = text.trim()
  const value = Number(trimmed)
  if (trimmed === '' || !Number.isFinite(value)) throw new MalformedInput(`${place} is no number`)
  return value
}

/** Epoch seconds are taken in every place, as AWS does. */
function parseTimestamp(text: string, format: TimestampFormat, place: string): Date {
  const trimmed = text.trim()
  const epoch = format === 'epoch-seconds' || /^\d{1,12}(\.\d+)?$/.test(trimmed)
  const value = epoch ? new Date(Number(trimmed) * 1000) : new Date(trimmed)
  if (Number.isNaN(value.getTime())) throw new MalformedInput(`${place} is no timestamp`)
  return value
}

/** Bytes from base64 text; anything else than base64 is refused. */
export function parseBase64(text: string, place: string): Uint8Array {
  const compact = text.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 === 1)
    throw new MalformedInput(`${place} is no base64`)
  return new Uint8Array(Buffer.from(compact, 'base64'))
}

/** The text of a scalar in an XML element, a header or a query parameter. */
export function printScalar(shape: Shape, value: unknown, defaultFormat: TimestampFormat): string {
  switch (shape.type) {
    case 'timestamp':
      return printTimestamp(value as Date, shape.format ?? defaultFormat)
    case 'blob':
    case 'stream':
      return Buffer.from(value as Uint8Array).toString('base64')
    default:
      return String(value)
  }
}

function printTimestamp(value: Date, format: TimestampFormat): string {
  switch (format) {
    case 'date-time':
      return value.toISOString()
    case 'http-date':
      return value.toUTCString()
    case 'epoch-seconds':
      return String(value.getTime() / 1000)
  }
}
