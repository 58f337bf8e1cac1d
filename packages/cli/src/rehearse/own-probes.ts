import type { Platform } from '@ringfence/plan'
import { holdsAt, type Access } from './access.js'
import type { Actor } from './actor.js'
import { areasOf } from './area.js'
import type { Expectations } from './expectations.js'
import { describeProbe, invokeProbe, NOBODYS_TEAM, startProbe } from './platform-probes.js'
import type { Probe } from './probe.js'
import { endOfOwnSecretMs, ownSecretProbes } from './secret-probes.js'
import type { Setting } from './setting.js'
import { objectProbe, settingsProbe } from './store-probes.js'

/** All that is needed to probe one actor at one instant. */
export interface ActorRound {
  readonly setting: Setting
  readonly expectations: Expectations
  readonly actor: Actor
  readonly atMs: number
  readonly freshName: () => string
}

/** How long after an `until` the same request is sent again, milliseconds. */
const AFTER_MS = 1000

/** The requests that one access is about; none for a capability that no probe exercises alone. */
export function accessProbes(round: ActorRound, access: Access): readonly Probe[] {
  const { declaration } = round.setting
  const { capability, on } = access
  if (on.kind === 'platform') {
    const platform = declaration.platforms.find(({ name }) => name === on.name)
    return platform === undefined || access.as === undefined ? [] : workProbes(round, platform, access)
  }
  const store = declaration.stores.find(({ kind, name }) => kind === on.kind && name === on.name)
  if (store === undefined) return []
  if (capability === 'administer') return [settingsProbe({ ...round, store, targets: [] })]
  if (capability !== 'read' && capability !== 'write' && capability !== 'delete') return []
  return areasOf(declaration, store)
    .filter(({ under, whole }) => (access.under === '' ? whole : under === access.under))
    .map((area) => objectProbe({ ...round, store, targets: [] }, area, capability))
}

function workProbes(round: ActorRound, platform: Platform, access: Access): readonly Probe[] {
  const owner = access.as ?? ''
  switch (access.capability) {
    case 'train':
    case 'deploy':
      return [startProbe({ ...round, platform }, owner, access.capability)]
    case 'invoke':
      return [invokeProbe({ ...round, platform }, owner)]
    case 'administer':
      return [describeProbe({ ...round, platform }, NOBODYS_TEAM)]
    case 'read':
    case 'write':
    case 'delete':
      return []
  }
}

/**
 * After each instant at which something of an actor's ends: what ended must be refused (or still granted by
 * something else), and all that goes on must still work.
 */
export function laterProbes(round: ActorRound): readonly Probe[] {
  const accesses = round.expectations.accessOf(round.actor)
  const ends = accesses
    .map(({ endsAtMs }) => endsAtMs)
    .filter((endsAtMs) => endsAtMs !== undefined && endsAtMs > round.atMs)
  const endOfSecretMs = endOfOwnSecretMs(round)
  if (endOfSecretMs !== undefined && endOfSecretMs > round.atMs) ends.push(endOfSecretMs)
  const instants = [...new Set(ends)].toSorted((a, b) => Number(a) - Number(b))
  return instants.flatMap((endsAtMs) => {
    const atMs = Number(endsAtMs) + AFTER_MS
    const own = accesses
      .filter((access) => access.endsAtMs === endsAtMs || holdsAt(access, atMs))
      .flatMap((access) => accessProbes({ ...round, atMs }, access))
    const later = [...own, ...ownSecretProbes({ ...round, atMs })].map((probe) => asLater(probe))
    return hasSessions(round.actor)
      ? later.concat(fromBefore({ ...round, atMs }, Number(endsAtMs), accesses))
      : later
  })
}

/** What ended, asked once more by a session that began before: it must not live on. */
function fromBefore(round: ActorRound, endsAtMs: number, accesses: readonly Access[]): readonly Probe[] {
  return accesses
    .filter((access) => access.endsAtMs === endsAtMs)
    .flatMap((access) => accessProbes(round, access))
    .map((probe) => bySessionFromBefore(asLater(probe)))
}

function bySessionFromBefore(probe: Probe): Probe {
  return { ...probe, description: `${probe.description}, by a session from before`, signedInBefore: true }
}

function hasSessions(actor: Actor): boolean {
  return actor.kind === 'member' && actor.signIn !== 'user'
}

function asLater(probe: Probe): Probe {
  const when = new Date(probe.atMs).toISOString()
  return { ...probe, stage: 'later', description: `${probe.description} on ${when}` }
}
