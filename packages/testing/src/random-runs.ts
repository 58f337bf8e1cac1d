import { randomInt } from 'node:crypto'

/** Cases of a random test in an ordinary run of the tests. */
export const DEFAULT_RANDOM_CASES = 5_000

/** How many random cases to try: `RINGFENCE_RANDOM_CASES`, else 5,000. Throws when it is no whole number. */
export function randomCaseCount(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const text = environment['RINGFENCE_RANDOM_CASES']
  if (text === undefined || text === '') return DEFAULT_RANDOM_CASES
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`RINGFENCE_RANDOM_CASES is no count: ${text}`)
  return Number(text)
}

/** The seed of a random test: `RINGFENCE_RANDOM_SEED` to repeat a run, else a new one. */
export function randomSeed(environment: Readonly<Record<string, string | undefined>> = process.env): number {
  const text = environment['RINGFENCE_RANDOM_SEED']
  if (text === undefined || text === '') return randomInt(2 ** 31)
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`RINGFENCE_RANDOM_SEED is no seed: ${text}`)
  return Number(text)
}
