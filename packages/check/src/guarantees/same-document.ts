/** Whether two policy documents are the same JSON, members in the same order. Faster than to write both out. */
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

function isSameRecord(one: JsonRecord, other: JsonRecord): boolean {
  const [keys, others] = [Object.keys(one), Object.keys(other)]
  if (keys.length !== others.length) return false
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    if (key !== others[index] || !isSameDocument(one[key], other[key])) return false
  }
  return true
}
