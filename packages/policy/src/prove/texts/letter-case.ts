/**
 * Letters whose other case is one UTF-16 unit and comes back to them. Others (`İ`, `ß`, the sigmas) would make
 * the length or the neighbours of a letter matter, so that operators that ignore case are not decided for them.
 */
export function hasSimpleCase(unit: number): boolean {
  const text = String.fromCharCode(unit)
  const lower = text.toLowerCase()
  const upper = text.toUpperCase()
  if (/[σςΣ]/.test(text)) return false
  return lower.length === 1 && upper.length === 1 && upper.toLowerCase() === lower
}

/** A letter in lower case. */
export function foldUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit
  const lower = String.fromCharCode(unit).toLowerCase()
  return lower.length === 1 ? lower.charCodeAt(0) : unit
}

/** The unit in both cases. */
export function bothCases(unit: number): readonly number[] {
  const text = String.fromCharCode(unit)
  const others = [text.toLowerCase(), text.toUpperCase()].filter(({ length }) => length === 1)
  return [...new Set(others.map((other) => other.charCodeAt(0)))]
}
