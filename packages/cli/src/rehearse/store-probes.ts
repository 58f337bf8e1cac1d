import type { Store } from '@ringfence/plan'
import type { Actor } from './actor.js'
import { areasOf, keyIn, type Area } from './area.js'
import { denied, type Expectations } from './expectations.js'
import type { Expectation, Probe } from './probe.js'
import { resourcesOfType, type Setting } from './setting.js'

/** What one actor is asked to do with one store's objects at one instant. */
export interface StoreRound {
  readonly setting: Setting
  readonly expectations: Expectations
  readonly actor: Actor
  readonly store: Store
  /** Other stores that copies are tried into. */
  readonly targets: readonly Store[]
  readonly atMs: number
}

/**
 * List, get, put and delete in every area of a store; right beside the prefixes only for who has something of
 * the store, because only a grant can reach too far.
 */
export function objectProbes(round: StoreRound): readonly Probe[] {
  const areas = areasOf(round.setting.declaration, round.store)
  const asked = hasAccess(round) ? areas : areas.filter(({ whole, under }) => whole || under !== '')
  return asked.flatMap((area) => [
    listProbe(round, area),
    objectProbe(round, area, 'read'),
    objectProbe(round, area, 'write'),
    objectProbe(round, area, 'delete'),
  ])
}

/** Whether anything of the store is granted to the actor, at whatever time. */
export function hasAccess({ expectations, actor, store }: StoreRound): boolean {
  return expectations.accessOf(actor).some(({ on }) => on.kind === store.kind && on.name === store.name)
}

/** The whole bucket for the area that stands for it, else what lies under the area's prefix or folder. */
function listProbe(round: StoreRound, area: Area): Probe {
  const { actor, store, atMs } = round
  const prefix = area.whole ? '' : area.under === '' ? area.folder : area.under
  return {
    actor,
    stage: 'data',
    description: `list ${prefix === '' ? 'all' : prefix} of ${store.kind} ${store.name}`,
    service: 's3',
    operation: 'ListObjectsV2',
    input: { Bucket: store.bucket, MaxKeys: 10, ...(prefix === '' ? {} : { Prefix: prefix }) },
    transport: 'tls',
    atMs,
    expectation: round.expectations.mayList(actor, store, prefix, atMs),
  }
}

/** One get, put or delete, which is also what the matrix shows for this area. */
export function objectProbe(round: StoreRound, area: Area, capability: 'read' | 'write' | 'delete'): Probe {
  const { actor, store, atMs } = round
  const key = keyIn(area, capability === 'read' ? 'object' : capability === 'write' ? 'put' : 'delete')
  const observable = area.whole || area.under !== ''
  return {
    actor,
    stage: 'data',
    ...objectRequest(store, capability, key),
    transport: 'tls',
    atMs,
    expectation: round.expectations.mayOnStore(actor, capability, store, key, atMs),
    ...(observable
      ? { observes: { on: { kind: store.kind, name: store.name }, capability, under: area.under } }
      : {}),
  }
}

function objectRequest(
  store: Store,
  capability: 'read' | 'write' | 'delete',
  key: string,
): Pick<Probe, 'description' | 'service' | 'operation' | 'input'> {
  const target = { Bucket: store.bucket, Key: key }
  const where = `${store.kind} ${store.name}`
  switch (capability) {
    case 'read':
      return {
        description: `get ${key} from ${where}`,
        service: 's3',
        operation: 'GetObject',
        input: target,
      }
    case 'write':
      return {
        description: `put ${key} into ${where}`,
        service: 's3',
        operation: 'PutObject',
        input: { ...target, Body: 'rehearsal' },
      }
    case 'delete':
      return {
        description: `delete ${key} from ${where}`,
        service: 's3',
        operation: 'DeleteObject',
        input: target,
      }
  }
}

/**
 * Writes the bucket's tags back: the one setting that stands for `administer`, because it changes nothing.
 */
export function settingsProbe(round: StoreRound): Probe {
  const { setting, actor, store, atMs } = round
  const bucket = resourcesOfType(setting.plan, 's3.Bucket').find((one) => one.bucket === store.bucket)
  const TagSet = Object.entries(bucket?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
  return {
    actor,
    stage: 'data',
    description: `set the tags of ${store.kind} ${store.name}`,
    service: 's3',
    operation: 'PutBucketTagging',
    input: { Bucket: store.bucket, Tagging: { TagSet } },
    transport: 'tls',
    atMs,
    expectation: round.expectations.mayAdminister(actor, store, atMs),
    observes: { on: { kind: store.kind, name: store.name }, capability: 'administer', under: '' },
  }
}

/** The area where the actor may do most, so that only the thing tried can be the reason for a refusal. */
export function bestArea(round: StoreRound, capability: 'read' | 'write'): Area {
  const areas = areasOf(round.setting.declaration, round.store)
  const { expectations, actor, store, atMs } = round
  const open = areas.find(
    (area) => expectations.mayOnStore(actor, capability, store, area.folder, atMs).expected === 'allowed',
  )
  return open ?? (areas[0] as Area)
}

/** The same requests as granted ones, over plain HTTP: refused to everyone. */
export function plainHttpProbes(round: StoreRound): readonly Probe[] {
  const expectation: Expectation = denied(
    [round.store.declaredAt],
    'nothing may be read or written over plain HTTP',
  )
  return (['read', 'write'] as const).map((capability) => {
    const probe = objectProbe(round, bestArea(round, capability), capability)
    const key = capability === 'write' ? { Key: keyIn(bestArea(round, 'write'), 'plain') } : {}
    return {
      actor: probe.actor,
      stage: 'data',
      description: `${probe.description} over plain HTTP`,
      service: probe.service,
      operation: probe.operation,
      input: { ...probe.input, ...key },
      transport: 'plain',
      atMs: round.atMs,
      expectation,
    }
  })
}

/** Objects made public by an ACL: refused to everyone, also to who may write. */
export function publicObjectProbes(round: StoreRound): readonly Probe[] {
  const { store } = round
  const area = bestArea(round, 'write')
  const [acl, object] = [keyIn(area, 'acl'), keyIn(area, 'object')]
  const where = `${store.kind} ${store.name}`
  return [
    publicAclProbe(round, `put ${acl} into ${where} with a public ACL`, 'PutObject', {
      Key: acl,
      Body: 'rehearsal',
    }),
    publicAclProbe(round, `make ${object} of ${where} public by its ACL`, 'PutObjectAcl', { Key: object }),
  ]
}

/** Something made public by its ACL. */
export function publicAclProbe(
  { actor, store, atMs }: StoreRound,
  description: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Probe {
  return {
    actor,
    stage: 'data',
    description,
    service: 's3',
    operation,
    input: { Bucket: store.bucket, ACL: 'public-read', ...input },
    transport: 'tls',
    atMs,
    expectation: denied([store.declaredAt], 'nothing here may be made public'),
    // Object ownership is enforced, so S3 may refuse the ACL before it asks whether the caller may set one.
    refusals: ['AccessControlListNotSupported'],
  }
}
