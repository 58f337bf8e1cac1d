/** Whether two policy documents are the same JSON; the order of members means nothing. Faster than to write both out. */
export function isSameDocument(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other)
  return !Array.isArray(other) && isSameRecord(one as JsonRecord, other as JsonRecord)
}

type JsonRecord = Readonly<Record<string, unknown>>

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index++) if (!isSameDocument(one[index], other[index])) return false
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
