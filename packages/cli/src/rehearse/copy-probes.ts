import type { Store } from '@ringfence/plan'
import { areasOf, keyIn, type Area } from './area.js'
import { both, denied } from './expectations.js'
import type { Expectation, Probe } from './probe.js'
import { bestArea, hasAccess, type StoreRound } from './store-probes.js'

/** Copies inside a store, from it into others, and out of the organization. */
export function copyProbes(round: StoreRound): readonly Probe[] {
  return [...(hasAccess(round) ? insideProbes(round) : []), ...acrossProbes(round), outProbe(round)]
}

function insideProbes(round: StoreRound): readonly Probe[] {
  return areasOf(round.setting.declaration, round.store)
    .filter((area) => area.whole || area.under !== '')
    .map((area) =>
      copy(round, keyIn(area, 'object'), round.store.bucket, keyIn(area, 'copy'), {
        description: `within ${round.store.kind} ${round.store.name}`,
        expectation: both(
          mayRead(round, area),
          round.expectations.mayOnStore(round.actor, 'write', round.store, keyIn(area, 'copy'), round.atMs),
        ),
      }),
    )
}

/**
 * Into every store that the actor may write into, and into the next one whatever may be done there: a copy
 * asks for nothing but a get here and a put there, so where the put is refused anyway one says it for all.
 */
function acrossProbes(round: StoreRound): readonly Probe[] {
  const { store, targets } = round
  const source = bestArea(round, 'read')
  const next = targets[(targets.findIndex(({ bucket }) => bucket === store.bucket) + 1) % targets.length]
  return targets
    .filter((target) => target.bucket !== store.bucket)
    .flatMap((target) => {
      const area = bestArea({ ...round, store: target }, 'write')
      const write = mayWrite(round, target, area)
      if (write.expected === 'denied' && target.bucket !== next?.bucket) return []
      return [
        copy(round, keyIn(source, 'object'), target.bucket, keyIn(area, 'copy'), {
          description: `from ${store.kind} ${store.name} into ${target.kind} ${target.name}`,
          expectation: both(mayRead(round, source), write),
        }),
      ]
    })
}

function outProbe(round: StoreRound): Probe {
  const { setting, store } = round
  return copy(round, keyIn(bestArea(round, 'read'), 'object'), setting.outsideBucket, `${store.bucket}.txt`, {
    description: `from ${store.kind} ${store.name} out into a bucket of another account`,
    expectation: denied([store.declaredAt], 'nothing may leave the declared datasets and models'),
  })
}

function mayRead(round: StoreRound, area: Area): Expectation {
  const { expectations, actor, store, atMs } = round
  return expectations.mayOnStore(actor, 'read', store, keyIn(area, 'object'), atMs)
}

function mayWrite(round: StoreRound, store: Store, area: Area): Expectation {
  const { expectations, actor, atMs } = round
  return expectations.mayOnStore(actor, 'write', store, keyIn(area, 'copy'), atMs)
}

function copy(
  round: StoreRound,
  from: string,
  bucket: string,
  to: string,
  what: { readonly description: string; readonly expectation: Expectation },
): Probe {
  return {
    actor: round.actor,
    stage: 'data',
    description: `copy ${from} ${what.description}`,
    service: 's3',
    operation: 'CopyObject',
    input: { Bucket: bucket, Key: to, CopySource: `${round.store.bucket}/${encodeSource(from)}` },
    transport: 'tls',
    atMs: round.atMs,
    expectation: what.expectation,
  }
}

/** `x-amz-copy-source` is URL-encoded, slashes kept. */
function encodeSource(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}
