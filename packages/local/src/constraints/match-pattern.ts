const compiled = new Map<string, RegExp>()

/** Whether the whole text matches a pattern of a service's model, which is written for Java. */
export function matchesPattern(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern)
  if (expression === undefined) {
    expression = compilePattern(pattern)
    compiled.set(pattern, expression)
  }
  return expression.test(text)
}

/** Throws for a pattern that cannot be read; the models are data of ours, and a test compiles them all. */
export function compilePattern(pattern: string): RegExp {
  const source = pattern
    .replaceAll('\\p{Alnum}', 'A-Za-z0-9')
    .replaceAll('\\u10000-\\u10FFFF', '\\u{10000}-\\u{10FFFF}')
  try {
    return new RegExp(`^(?:${source})$`, 'su')
  } catch {
    // Escapes such as `\,` that only the older syntax knows.
    return new RegExp(`^(?:${source})$`, 's')
  }
}
