import type { Store } from '@ringfence/plan'
import type { Actor } from './actor.js'
import { copyProbes } from './copy-probes.js'
import { createExpectations, type Expectations } from './expectations.js'
import { fenceProbes } from './fence-probes.js'
import { identityProbes } from './identity-probes.js'
import { accessProbes, laterProbes, type ActorRound } from './own-probes.js'
import { platformProbes, undeclaredWorkProbes } from './platform-probes.js'
import { stages, type Probe } from './probe.js'
import { selectEverything, selectRepresentatives, type Selection } from './selection.js'
import type { Setting } from './setting.js'
import { ownSecretProbes, secretProbes } from './secret-probes.js'
import {
  hasAccess,
  objectProbes,
  plainHttpProbes,
  publicObjectProbes,
  settingsProbe,
} from './store-probes.js'
import { tokenProbes } from './token-probes.js'
import { trustProbes } from './trust-probes.js'

/** Every probe of a rehearsal, in the order in which they are sent, and what was left out of it. */
export interface ProbeList {
  readonly probes: readonly Probe[]
  readonly selection: Selection
}

/** Up to this many probes, everybody is asked everything. */
const EXHAUSTIVE_LIMIT = 25_000

/** The probes of the given actors; the same declaration, plan and clock give the same list. */
export function buildProbes(setting: Setting, actors: readonly Actor[]): ProbeList {
  const expectations = createExpectations(setting.declaration)
  const everything = selectEverything(setting.declaration, actors)
  const all: Probe[] = []
  for (const probe of selectedProbes(setting, expectations, everything)) {
    all.push(probe)
    if (all.length > EXHAUSTIVE_LIMIT) break
  }
  if (all.length <= EXHAUSTIVE_LIMIT) return { probes: inOrder(all), selection: everything }
  const selection = selectRepresentatives(setting.declaration, actors, expectations)
  return { probes: inOrder([...selectedProbes(setting, expectations, selection)]), selection }
}

function* selectedProbes(
  setting: Setting,
  expectations: Expectations,
  selection: Selection,
): Generator<Probe> {
  const freshName = counter()
  const round = (actor: Actor): ActorRound => ({
    setting,
    expectations,
    actor,
    atMs: setting.startMs,
    freshName,
  })
  for (const actor of selection.thorough) yield* thoroughProbes(round(actor), selection.stores)
  for (const actor of selection.ownOnly) yield* ownProbes(round(actor))
}

/** Everything that one actor is asked. */
function* thoroughProbes(round: ActorRound, representative: readonly Store[]): Generator<Probe> {
  const { setting, expectations, actor } = round
  const { declaration } = setting
  const own = new Set(expectations.accessOf(actor).map(({ on }) => `${on.kind}/${on.name}`))
  const chosen = new Set(representative)
  const stores = declaration.stores.filter(
    (store) => chosen.has(store) || own.has(`${store.kind}/${store.name}`),
  )
  for (const store of stores) {
    const storeRound = { ...round, store, targets: stores }
    yield* objectProbes(storeRound)
    yield settingsProbe(storeRound)
    yield* copyProbes(storeRound)
    // Who may not read and write anyway can show nothing about plain HTTP and public objects.
    if (hasAccess(storeRound)) {
      yield* plainHttpProbes(storeRound)
      yield* publicObjectProbes(storeRound)
    }
    yield* fenceProbes(storeRound)
  }
  if (actor.kind === 'member' || actor.kind === 'platform' || actor.kind === 'anonymous')
    for (const platform of declaration.platforms) yield* platformProbes({ ...round, platform })
  if (actor.kind === 'undeclared')
    for (const platform of declaration.platforms) yield* undeclaredWorkProbes({ ...round, platform })
  yield* identityProbes(round)
  yield* secretProbes(round)
  if (actor.kind === 'stranger') {
    yield* trustProbes(setting, actor, round.atMs)
    yield* tokenProbes(setting, actor, round.atMs)
  }
  yield* laterProbes(round)
}

/** What an actor was granted, now and after each end, and nothing else. */
function* ownProbes(round: ActorRound): Generator<Probe> {
  for (const access of round.expectations.accessOf(round.actor)) yield* accessProbes(round, access)
  yield* ownSecretProbes(round)
  yield* laterProbes(round)
}

/** By stage, then by clock; otherwise as they came. */
function inOrder(probes: readonly Probe[]): readonly Probe[] {
  return probes.toSorted((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage) || a.atMs - b.atMs)
}

/** Names that no two probes share; short, because SageMaker allows 63 characters for all of it. */
function counter(): () => string {
  let number = 0
  return () => {
    number += 1
    return `p${number.toString(36)}`
  }
}
