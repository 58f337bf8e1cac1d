import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomCaseCount, randomSeed } from '../random-runs.js'
import type { Kill } from './small-engine.js'
import { SmallLife } from './small-life.js'
import {
  afterEvent,
  dayMs,
  lifeEvents,
  type LifeEvent,
  type SmallOrganization,
} from './small-organization.js'

/** Events, how often the update to the last of them is killed and where, and in which order operations come. */
interface Sequence {
  readonly events: readonly LifeEvent[]
  readonly kills: readonly Kill[]
  readonly order: number
}

const sequences: fc.Arbitrary<Sequence> = fc.record({
  events: fc.array(lifeEvents, { minLength: 1, maxLength: 3 }),
  kills: fc.array(
    fc.record({ operation: fc.nat(8), when: fc.constantFrom('before' as const, 'after' as const) }),
    { maxLength: 3 },
  ),
  order: fc.nat(),
})

const start: SmallOrganization = {
  members: { ada: { teams: ['red'] }, bot: { teams: ['blue'] } },
  grants: [
    { to: 'red', can: ['read', 'write'], on: 'corpus', under: 'raw/' },
    { to: 'blue', can: ['read'], on: 'labels' },
  ],
}
const startMs = Date.UTC(2030, 0, 1, 12)

/** How many sequences one account lives through; it is then left for a new one. */
const longest = 25

test(
  'whatever joins, moves, leaves, ends and is killed, nobody has what no file gives, and the end is a fresh deployment',
  { timeout: 1_800_000 },
  async () => {
    const seed = randomSeed()
    const count = Math.max(longest, Math.ceil(randomCaseCount() / 50))
    console.log(`${count} sequences, RINGFENCE_RANDOM_SEED=${seed}`)
    const all = fc.sample(sequences, { seed, numRuns: count })
    for (let from = 0; from < all.length; from += longest) await live(all.slice(from, from + longest))
  },
)

/** One account: each sequence begins with what the one before has left. */
async function live(lives: readonly Sequence[]): Promise<void> {
  const life = await SmallLife.start(start, startMs)
  let organization = start
  try {
    for (const sequence of lives) {
      organization = await pass(life, organization, sequence)
      const { deployed, fresh } = await life.both()
      expect(deployed).toEqual(fresh)
    }
  } finally {
    await life.close()
  }
}

/** Each event is deployed, but killed as often as is said; what comes next may come before it is deployed again. */
async function pass(
  life: SmallLife,
  before: SmallOrganization,
  sequence: Sequence,
): Promise<SmallOrganization> {
  const pick = picker(sequence.order)
  const kills = [...sequence.kills]
  let organization = before
  let isDone = true
  for (const event of sequence.events) {
    if (event.kind === 'wait') life.wait(event.days * dayMs)
    organization = afterEvent(organization, event, life.nowMs)
    const kill = kills.shift()
    isDone = await life.deploy(organization, { pick, ...(kill === undefined ? {} : { kill }) })
  }
  while (!isDone) {
    const kill = kills.shift()
    isDone = await life.deploy(organization, { pick, ...(kill === undefined ? {} : { kill }) })
  }
  return organization
}

/** A choice that follows from a seed: a linear congruential generator is random enough for an order. */
function picker(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
