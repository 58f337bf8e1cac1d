const mostTexts = 1000
const canonicalTexts = new Map<string, string>()

/**
 * A policy document or a setting as one text for all spellings that AWS gives back: members in order, lists of one
 * as bare values, lists of texts sorted, an account as its root's ARN. A text that is no JSON stays as it is. The last
 * ones are kept: a state, the plan before it and the plan after it have nearly the same documents.
 */
export function canonicalText(document: unknown): string {
  if (document === undefined) return ''
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  let known = canonicalTexts.get(text)
  if (known === undefined) {
    known = JSON.stringify(canonical(parsed(text)))
    if (canonicalTexts.size >= mostTexts) canonicalTexts.clear()
    canonicalTexts.set(text, known)
  }
  return known
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical)
    if (items.length === 1) return items[0]
    return items.toSorted((one, other) => compare(JSON.stringify(one), JSON.stringify(other)))
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .toSorted(([one], [other]) => compare(one, other))
        .map(([name, member]) => [name, name === 'AWS' ? accounts(canonical(member)) : canonical(member)]),
    )
  }
  // Booleans and numbers in a policy are what their text is.
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : value
}

function accounts(names: unknown): unknown {
  if (Array.isArray(names)) return names.map(accounts)
  return typeof names === 'string' && /^\d{12}$/.test(names) ? `arn:aws:iam::${names}:root` : names
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
