/** Whether two policy documents are the same JSON, members in the same order. Faster than to write both out. */
export function isSameDocument(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one))
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isSameDocument(item, other[index]))
    )
  if (Array.isArray(other)) return false
  const [entries, others] = [Object.entries(one), Object.entries(other)]
  return (
    entries.length === others.length &&
    entries.every(([key, value], index) => {
      const [otherKey, otherValue] = others[index]!
      return key === otherKey && isSameDocument(value, otherValue)
    })
  )
}
