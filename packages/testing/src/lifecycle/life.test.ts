import * as fc from 'fast-check'
import { test } from 'vitest'
import { DEFAULT_RANDOM_CASES, randomCaseCount, randomSeed } from '../random-runs.js'
import { liveThrough, newTally, sequences } from './random-lives.js'

/** How many sequences one account lives through; it is then left for a new one. */
const longest = 25

test(
  'whatever joins, moves, leaves, ends and is killed, nobody has what no file gives, and the end is a fresh deployment',
  { timeout: 1_800_000 },
  async () => {
    const seed = randomSeed()
    const cases = randomCaseCount()
    const count = cases === DEFAULT_RANDOM_CASES ? longest : Math.ceil(cases / 200)
    console.log(`${count} sequences, RINGFENCE_RANDOM_SEED=${seed}`)
    const all = fc.sample(sequences, { seed, numRuns: count })
    const tally = newTally()
    for (let from = 0; from < all.length; from += longest)
      await liveThrough(all.slice(from, from + longest), tally)
    console.log(
      `${tally.updates} updates, ${tally.calls} changing calls, killed at: ${tally.killedAt.join(' ')}`,
    )
  },
)
