const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS'

/** Members that hold secrets, whatever the operation: nothing of them gets into an event. */
const secretName =
  /password|secret(?!id$)|privatekey|sessiontoken|authorization|plaintext|tokencode|authenticationcode|webidentitytoken|samlassertion|customerkey$|seed|qrcode|environment|^signature$/i

const maximumText = 8_192
const maximumItems = 100
const maximumDepth = 12

/**
 * Parameters of a request or elements of an answer as an event carries them: names with a small first letter,
 * no secrets, no bytes, everything bounded.
 */
export function redact(value: unknown): Readonly<Record<string, unknown>> | null {
  const clean = redactValue(value, 0)
  return typeof clean === 'object' && clean !== null && Object.keys(clean).length > 0
    ? (clean as Record<string, unknown>)
    : null
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > maximumText ? `${value.slice(0, maximumText)}…` : value
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null || depth > maximumDepth) return undefined
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.slice(0, maximumItems).map((item) => redactValue(item, depth + 1))
  // Bodies and other objects with behaviour are no parameters.
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  const clean: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || name === 'Body' || name === '$metadata') continue
    const shown = secretName.test(name) ? hidden : redactValue(member, depth + 1)
    if (shown !== undefined) clean[name.slice(0, 1).toLowerCase() + name.slice(1)] = shown
  }
  return clean
}
