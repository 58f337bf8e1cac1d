import * as fc from 'fast-check'
import type { Killing } from './in-process-aws.js'
import { KilledPositions, type UpdateKind } from './killed-positions.js'
import type { Pick } from './small-engine.js'
import type { SeededFault } from './seeded-faults.js'
import { SmallLife } from './small-life.js'
import { afterEvent, dayMs, lifeEvents, type LifeEvent } from './life-events.js'
import type { SmallOrganization } from './small-organization.js'

/** Where an update is killed: at its n-th call that changes something, from 0. */
interface Kill {
  readonly call: number
  readonly when: 'before' | 'after'
}

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
    bot: { teams: ['blue'] },
    fay: { teams: ['red'] },
  },
  grants: [
    { to: 'red', can: ['read', 'write'], on: 'corpus', under: 'raw/' },
    { to: 'blue', can: ['read', 'delete'], on: 'labels' },
  ],
  encrypted: ['corpus'],
}
const startMs = Date.UTC(2030, 0, 1, 12)

/** What lives have come to, and whether an update is killed at a call, wherever its sequence has it killed. */
export interface Lived {
  readonly positions: KilledPositions
  readonly isKilledAt: (kind: UpdateKind, call: number) => boolean
}

/**
 * Updates are killed at the first of their calls at which none of their kind was: so an update that is longer than all
 * before it cannot pass, and all calls that are come to are killed once.
 */
export function killedEverywhere(): Lived {
  const positions = new KilledPositions()
  return { positions, isKilledAt: (kind, call) => positions.isNew(kind, call) }
}

/** One account, from an empty one on: each sequence begins with what the one before has left. Throws at a fault. */
export async function liveThrough(
  lives: readonly Sequence[],
  lived: Lived,
  fault: SeededFault = {},
): Promise<void> {
  const life = await SmallLife.start(startMs, fault)
  let organization = start
  try {
    await deployAll(life, { kind: 'first', organization, kill: undefined }, picker(lives.length), lived)
    for (const [index, sequence] of lives.entries()) {
      try {
        organization = await pass(life, organization, sequence, lived)
        await life.compare()
      } catch (error) {
        throw new Error(`in sequence ${index} of this account: ${JSON.stringify(sequence)}`, { cause: error })
      }
    }
    await life.compareFresh()
  } finally {
    await life.close()
  }
}

/** Every edit is deployed once, as far as it gets; the last one until it is done. */
async function pass(
  life: SmallLife,
  before: SmallOrganization,
  { again, edits, order }: Sequence,
  lived: Lived,
): Promise<SmallOrganization> {
  const pick = picker(order)
  let organization = before
  let isDone = true
  for (const { events, kill } of edits) {
    for (const event of events) {
      if (event.kind === 'wait') life.wait(event.days * dayMs)
      organization = afterEvent(organization, event, life.nowMs)
    }
    const [{ kind }] = events as [LifeEvent]
    const rotates = events.some((event) => event.kind === 'rotate')
    const revokes = events.some((event) => event.kind === 'revokeKeys')
    const updateKind = events.length === 1 ? kind : ('several' as const)
    const edit = { kind: updateKind, organization, kill, rotates, revokes }
    isDone = await deploy(life, edit, pick, lived)
  }
  if (!isDone) await deployAll(life, { kind: 'carriedOn', organization, kill: again }, pick, lived)
  return organization
}

interface Edit {
  readonly kind: UpdateKind
  readonly organization: SmallOrganization
  readonly kill: Kill | undefined
  readonly rotates?: boolean
  readonly revokes?: boolean
}

/** Until it is done: at each call an update of a kind is killed once at most, but for where the sequence says. */
async function deployAll(life: SmallLife, edit: Edit, pick: Pick, lived: Lived): Promise<void> {
  let isDone = await deploy(life, edit, pick, lived)
  while (!isDone) isDone = await deploy(life, { ...edit, kill: undefined }, pick, lived)
}

async function deploy(
  life: SmallLife,
  { kill, kind, organization, revokes = false, rotates = false }: Edit,
  pick: Pick,
  { isKilledAt, positions }: Lived,
): Promise<boolean> {
  const killing: Killing = (call) => {
    if (kill?.call === call) return kill.when
    if (!isKilledAt(kind, call)) return undefined
    return pick(2) === 0 ? 'before' : 'after'
  }
  const { calls, isDone } = await life.deploy(organization, { pick, killing, revokes, rotates })
  positions.note(kind, calls, isDone)
  return isDone
}

/** A choice that follows from a seed: a linear congruential generator is random enough for an order. */
function picker(seed: number): Pick {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
