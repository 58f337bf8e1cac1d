const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/

/** A decimal number as IAM's Numeric operators take it; undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  if (text.length > 100 || !NUMBER.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}
