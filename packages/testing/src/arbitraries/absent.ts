import * as fc from 'fast-check'

/** There once in `every` times. */
export function sometimes<T>(arbitrary: fc.Arbitrary<T>, every: number): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(undefined), weight: every - 1 },
    { arbitrary, weight: 1 },
  )
}

/** What may be undefined in `T`, key by key. */
type WithAbsent<T> = { readonly [Key in keyof T]: T[Key] | undefined }

/** The value without the keys that are undefined, as JSON would have it. */
export function withoutAbsent<T>(value: WithAbsent<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T
}
