import type { Filter } from '../filter/filter.js'
import { matchesEntry } from '../filter/match-filter.js'
import { hasEntries } from '../filter/parse-filter.js'
import { ScimError } from '../scim-error.js'
import { type Attributes, type Complex, isComplex, type Simple, valuesOf } from '../schema/attributes.js'
import { type AttributeRef, isReadOnly } from '../schema/find-attribute.js'
import { keepOnePrimary, readSimple, readValue } from '../schema/read-value.js'
import type { Attribute } from '../schema/resource-schemas.js'
import type { Operation } from './read-operations.js'

/**
 * Applies one operation to attributes, in place. Operations on the members of a group are not among them. What a resource
 * cannot be without is not removed: a person without `active` would be neither here nor gone.
 */
export function applyOperation(attributes: Attributes, operation: Operation): void {
  const { op, path, value } = operation
  const { ref, filter } = path
  requireWritable(ref)
  const isRemoval = op === 'remove' || value === null || value === undefined || isEmptyManager(ref, value)
  if (isRemoval && op !== 'add') requireRemovable(ref)
  if (hasEntries(ref.attribute))
    return applyToEntries(attributes, ref, filter, isRemoval ? 'remove' : op, value)
  if (ref.sub !== undefined) return applyToPart(attributes, ref, ref.sub, isRemoval ? undefined : value)
  const values = valuesOf(attributes, ref.extension)
  const { name } = ref.attribute
  const read = isRemoval ? undefined : readValue(ref.attribute, value)
  const before = values[name]
  if (read === undefined) {
    if (op !== 'add') delete values[name]
  } else if (isComplex(read) && isComplex(before)) values[name] = { ...before, ...read }
  else values[name] = read
}

function requireWritable({ attribute, sub }: AttributeRef): void {
  if (isReadOnly(attribute) || attribute.name === 'schemas' || (sub !== undefined && isReadOnly(sub)))
    throw new ScimError(400, 'mutability', `${sub?.name ?? attribute.name} is set by the server only`)
}

function requireRemovable({ attribute, extension }: AttributeRef): void {
  if (extension !== undefined) return
  if (attribute.config.required === true || attribute.name === 'active')
    throw new ScimError(400, 'invalidValue', `${attribute.name} can be replaced, not removed`)
}

/** Entra ID ends a manager by an empty text. */
function isEmptyManager(ref: AttributeRef, value: unknown): boolean {
  return value === '' && ref.attribute.type === 'complex' && !hasEntries(ref.attribute)
}

/** `name.familyName` */
function applyToPart(attributes: Attributes, ref: AttributeRef, sub: Attribute, value: unknown): void {
  const values = valuesOf(attributes, ref.extension)
  const before = values[ref.attribute.name]
  const whole: Complex = isComplex(before) ? { ...before } : {}
  if (value === undefined) delete whole[sub.name]
  else whole[sub.name] = readSimple(sub, value)
  if (Object.keys(whole).length === 0) delete values[ref.attribute.name]
  else values[ref.attribute.name] = whole
}

function applyToEntries(
  attributes: Attributes,
  ref: AttributeRef,
  filter: Filter | undefined,
  op: Operation['op'],
  value: unknown,
): void {
  const values = valuesOf(attributes, ref.extension)
  const { name } = ref.attribute
  const before = values[name]
  const entries = Array.isArray(before) ? before : []
  const after = entriesAfter(entries, ref, filter, op, value)
  if (after.length === 0) delete values[name]
  else values[name] = keepOnePrimary(after)
}

function entriesAfter(
  entries: readonly Complex[],
  ref: AttributeRef,
  filter: Filter | undefined,
  op: Operation['op'],
  value: unknown,
): Complex[] {
  const isMeant = (entry: Complex): boolean => filter === undefined || matchesEntry(filter, entry)
  const { attribute, sub } = ref
  if (sub !== undefined || filter !== undefined) {
    if (op === 'remove') return entries.flatMap((entry) => (isMeant(entry) ? without(entry, sub) : [entry]))
    const part: Complex =
      sub === undefined ? readEntry(attribute, value) : { [sub.name]: readSimple(sub, value) }
    if (entries.some(isMeant)) return entries.map((entry) => (isMeant(entry) ? { ...entry, ...part } : entry))
    return [...entries, { ...demandedBy(filter), ...part }]
  }
  const given = (readValue(attribute, value) ?? []) as Complex[]
  if (op === 'replace') return given
  if (op === 'add')
    return [...entries, ...given.filter((one) => !entries.some((entry) => isSame(entry, one)))]
  // A removal with a list of values and no filter, as Entra ID sends it, is about those values only.
  return given.length === 0 ? [] : entries.filter((entry) => !given.some((one) => isIncluded(one, entry)))
}

/** An entry without one of its parts; nothing where no part is named or none is left. */
function without(entry: Complex, sub: Attribute | undefined): Complex[] {
  if (sub === undefined) return []
  const { [sub.name]: _gone, ...rest } = entry
  return Object.keys(rest).length === 0 ? [] : [rest]
}

function readEntry(attribute: Attribute, value: unknown): Complex {
  const [read, ...more] = (readValue(attribute, value) ?? []) as Complex[]
  if (read === undefined || more.length > 0)
    throw new ScimError(400, 'invalidValue', `one value of ${attribute.name} is expected`)
  return read
}

/**
 * What an entry has to have to be meant by a filter: providers add `emails[type eq "work"].value` where there is no such
 * entry yet, and mean one to be made. Other filters than equalities make none.
 */
function demandedBy(filter: Filter | undefined): Complex {
  if (filter === undefined) return {}
  if (filter.kind === 'and') return Object.assign({}, ...filter.parts.map(demandedBy)) as Complex
  if (filter.kind === 'compare' && filter.operator === 'eq' && filter.ref?.sub !== undefined) {
    const { sub } = filter.ref
    if (filter.value !== null) return { [sub.name]: readSimple(sub, filter.value) }
  }
  throw new ScimError(400, 'noTarget', 'no value matches the filter in the path')
}

const isIncluded = (part: Complex, whole: Complex): boolean =>
  Object.entries(part).every(([name, value]: [string, Simple]) => whole[name] === value)
const isSame = (left: Complex, right: Complex): boolean => isIncluded(left, right) && isIncluded(right, left)
