import { ScimError } from '../scim-error.js'
import type { Complex, Simple, Value } from './attributes.js'
import { byName, isReadOnly } from './find-attribute.js'
import type { Attribute } from './resource-schemas.js'

const maxTextLength = 1_000
const maxEntries = 50

/**
 * Reads the value of an attribute as providers send it: `"False"` for false (Entra ID), one entry where several are
 * expected, and the bare id of a manager. Gives undefined for what SCIM counts as not assigned: null, and empty lists
 * and objects (RFC 7643, section 2.5).
 */
export function readValue(attribute: Attribute, value: unknown): Value | undefined {
  if (value === undefined || value === null) return undefined
  if (attribute.config.multiValued === true) return readEntries(attribute, value)
  const one = onlyOf(value)
  if (attribute.type === 'complex') return readComplex(attribute, one)
  const isWrapped = typeof one === 'object' && one !== null && 'value' in one
  return readSimple(attribute, isWrapped ? one.value : one)
}

/** Entra ID can send `[{ "$ref": null, "value": "x" }]` for the one value of an attribute. */
function onlyOf(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value
}

function readEntries(attribute: Attribute, value: unknown): Complex[] | undefined {
  const entries = Array.isArray(value) ? (value as unknown[]) : [value]
  if (entries.length > maxEntries)
    throw new ScimError(400, 'tooMany', `${attribute.name} has more than ${maxEntries} values`)
  const read = entries.flatMap((entry): Complex[] => {
    const one = readComplex(attribute, entry)
    return one === undefined ? [] : [one]
  })
  return read.length === 0 ? undefined : keepOnePrimary(read)
}

/** At most one entry is the primary one; the last that says so is. */
export function keepOnePrimary(entries: Complex[]): Complex[] {
  const last = entries.findLastIndex((entry) => entry['primary'] === true)
  return entries.map((entry, index) =>
    entry['primary'] === true && index !== last ? { ...entry, primary: false } : entry,
  )
}

function readComplex(attribute: Attribute, value: unknown): Complex | undefined {
  if (value === null || value === undefined) return undefined
  const subs = attribute.subAttributes ?? []
  const bare = byName(subs, 'value')
  if (typeof value === 'string' && bare !== undefined) {
    const read = value === '' ? undefined : readSimple(bare, value)
    return read === undefined ? undefined : { [bare.name]: read }
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(attribute, 'an object')
  const read: Complex = {}
  for (const [name, inner] of Object.entries(value)) {
    const sub = byName(subs, name)
    if (sub === undefined || isReadOnly(sub)) continue
    const simple = inner === null || inner === undefined ? undefined : readSimple(sub, inner)
    if (simple !== undefined) read[sub.name] = simple
  }
  return Object.keys(read).length === 0 ? undefined : read
}

/** Of a value that is neither a list nor an object. */
export function readSimple(attribute: Attribute, value: unknown): Simple {
  if (attribute.type === 'boolean') {
    if (typeof value === 'boolean') return value
    const text = typeof value === 'string' ? value.toLowerCase() : undefined
    if (text === 'true' || text === 'false') return text === 'true'
    throw wrongType(attribute, 'true or false')
  }
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string') throw wrongType(attribute, 'a text')
  if (text.length > maxTextLength)
    throw new ScimError(400, 'invalidValue', `${attribute.name} is longer than ${maxTextLength} characters`)
  if (/\p{Cc}/u.test(text))
    throw new ScimError(400, 'invalidValue', `${attribute.name} contains control characters`)
  return text
}

function wrongType(attribute: Attribute, expected: string): ScimError {
  return new ScimError(400, 'invalidValue', `${attribute.name} has to be ${expected}`)
}
