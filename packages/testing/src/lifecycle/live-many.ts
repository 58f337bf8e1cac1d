import * as fc from 'fast-check'
import { expect } from 'vitest'
import { DEFAULT_RANDOM_CASES, randomCaseCount, randomSeed } from '../random-runs.js'
import { killedEverywhere, liveThrough, sequences } from './random-lives.js'

/** How many sequences one account lives through; it is then left for a new one. */
const longest = 50

/**
 * Half of the sequences of a run, so that two workers share them: 1,000 of 2,000 with 100,000 cases. Each half has a
 * seed of its own, and is killed at every call that its updates come to.
 */
export async function liveHalf(half: 0 | 1): Promise<void> {
  const seed = randomSeed()
  const cases = randomCaseCount()
  const count = cases === DEFAULT_RANDOM_CASES ? 15 : Math.ceil(cases / 100)
  console.log(`${count} sequences, RINGFENCE_RANDOM_SEED=${seed}`)
  const all = fc.sample(sequences, { seed: seed + half, numRuns: count })
  const lived = killedEverywhere()
  for (let from = 0; from < all.length; from += longest)
    await liveThrough(all.slice(from, from + longest), lived)
  console.log(lived.positions.print())
  expect(lived.positions.missed).toEqual([])
}
