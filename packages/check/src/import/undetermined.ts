/** Stands in a value of an input for what the input does not tell; an instance is never a value of its own. */
export class Undetermined {
  /** @param reason as part of a sentence: `the parameter Bucket has no default`. */
  constructor(readonly reason: string) {}
}

/** The first part of a value that is not told, or undefined where all of it is. */
export function findUndetermined(value: unknown): Undetermined | undefined {
  if (value instanceof Undetermined) return value
  if (typeof value !== 'object' || value === null) return undefined
  for (const part of Object.values(value)) {
    const found = findUndetermined(part)
    if (found) return found
  }
  return undefined
}
