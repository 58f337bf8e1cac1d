import * as fc from 'fast-check'
import type { Kill } from './in-process-aws.js'
import type { Pick } from './small-engine.js'
import { type SeededFault, SmallLife } from './small-life.js'
import {
  afterEvent,
  dayMs,
  lifeEvents,
  type LifeEvent,
  type SmallOrganization,
} from './small-organization.js'

/** Edits of the file, each of one event or several and then deployed; killed where it is said. */
export interface Sequence {
  readonly edits: readonly { readonly events: readonly LifeEvent[]; readonly kill: Kill | undefined }[]
  /** Where what was left open at the end is killed again. */
  readonly again: Kill | undefined
  /** Decides in which order operations come. */
  readonly order: number
}

const kills: fc.Arbitrary<Kill> = fc.record({
  call: fc.oneof(fc.nat(3), fc.nat(9), fc.nat(24)),
  when: fc.constantFrom('before' as const, 'after' as const),
})
const maybeKill = fc.option(kills, { nil: undefined, freq: 2 })
export const sequences: fc.Arbitrary<Sequence> = fc.record({
  edits: fc.array(
    fc.record({ events: fc.array(lifeEvents, { minLength: 1, maxLength: 3 }), kill: maybeKill }),
    { minLength: 1, maxLength: 2 },
  ),
  again: maybeKill,
  order: fc.nat(),
})

const start: SmallOrganization = {
  members: {
    ada: { teams: ['red'] },
    bot: { teams: ['blue'] },
    fay: { teams: ['red'] },
    gus: { teams: ['red', 'blue'] },
    hal: { teams: ['blue'] },
  },
  grants: [
    { to: 'red', can: ['read', 'write'], on: 'corpus', under: 'raw/' },
    { to: 'blue', can: ['read', 'delete'], on: 'labels' },
  ],
}
const startMs = Date.UTC(2030, 0, 1, 12)

/** What the runs of updates came to: by the number of the changing call, how many were killed there. */
export interface Tally {
  updates: number
  calls: number
  readonly killedAt: number[]
}

export function newTally(): Tally {
  return { updates: 0, calls: 0, killedAt: [] }
}

/** One account, from an empty one on: each sequence begins with what the one before has left. Throws at a fault. */
export async function liveThrough(
  lives: readonly Sequence[],
  tally: Tally,
  fault: SeededFault = {},
): Promise<void> {
  const life = await SmallLife.start(startMs, fault)
  let organization = start
  try {
    await life.deploy(start, { pick: () => 0 })
    for (const [index, sequence] of lives.entries()) {
      try {
        organization = await pass(life, organization, sequence, tally)
        await life.compare()
      } catch (error) {
        throw new Error(`in sequence ${index} of this account: ${JSON.stringify(sequence)}`, { cause: error })
      }
    }
  } finally {
    await life.close()
  }
}

/** Every edit is deployed once, as far as it gets; the last one until it is done. */
async function pass(
  life: SmallLife,
  before: SmallOrganization,
  { again, edits, order }: Sequence,
  tally: Tally,
): Promise<SmallOrganization> {
  const pick = picker(order)
  const deploy = async (organization: SmallOrganization, kill: Kill | undefined): Promise<boolean> => {
    const { calls, isDone } = await life.deploy(organization, { pick, kill })
    tally.updates += 1
    tally.calls += calls
    if (!isDone && kill !== undefined) tally.killedAt[kill.call] = (tally.killedAt[kill.call] ?? 0) + 1
    return isDone
  }
  let organization = before
  let isDone = true
  for (const { events, kill } of edits) {
    for (const event of events) {
      if (event.kind === 'wait') life.wait(event.days * dayMs)
      organization = afterEvent(organization, event, life.nowMs)
    }
    isDone = await deploy(organization, kill)
  }
  if (!isDone && !(await deploy(organization, again))) await deploy(organization, undefined)
  return organization
}

/** A choice that follows from a seed: a linear congruential generator is random enough for an order. */
function picker(seed: number): Pick {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
