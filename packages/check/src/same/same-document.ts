/** Whether two policy documents are the same JSON; the order of members means nothing. Faster than to write both out. */
export function isSameDocument(one: unknown, other: unknown): boolean {
  return one === other || (isObject(one) && isObject(other) && isSameObject(one, other))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isSameObject(one: object, other: object): boolean {
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other)
  return !Array.isArray(other) && isSameRecord(one as JsonRecord, other as JsonRecord)
}

type JsonRecord = Readonly<Record<string, unknown>>

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index++) {
    const [left, right] = [one[index], other[index]]
    if (left !== right && !(isObject(left) && isObject(right) && isSameObject(left, right))) return false
  }
  return true
}

/** By `in` and not by lists of keys: these would be most of what a check of a large plan allocates. */
function isSameRecord(one: JsonRecord, other: JsonRecord): boolean {
  let left = 0
  for (const key in one) {
    if (!isSameDocument(one[key], other[key])) return false
    left++
  }
  for (const _ in other) left--
  return left === 0
}
