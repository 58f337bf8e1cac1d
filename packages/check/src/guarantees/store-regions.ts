import type { Capability } from '@ringfence/plan'
import { families, keyAdministration } from './capabilities.js'
import type { DeclaredStore, DeclaredWorld } from './declared-world.js'
import type { Region, RegionCondition, RegionStatement } from './region.js'
import { allOf, byPrincipals, makeRegion, overTls } from './region.js'

/** Principals that hold a capability under the same prefixes. */
interface Holding {
  readonly prefixes: readonly string[]
  readonly arns: readonly string[]
}

/** Who holds a capability on a store, through whatever grants; those with the same prefixes together. */
function holdingsOf(store: DeclaredStore, can: Capability, world: DeclaredWorld): readonly Holding[] {
  const prefixes = new Map<string, Set<string>>()
  for (const access of store.accesses) {
    if (!access.can.includes(can)) continue
    for (const { arn } of world.holdersOf(access.subject)) {
      const held = prefixes.get(arn)
      if (held === undefined) prefixes.set(arn, new Set([access.under]))
      else held.add(access.under)
    }
  }
  const groups = new Map<string, { prefixes: readonly string[]; arns: string[] }>()
  for (const [arn, held] of prefixes) {
    const list = held.has('') ? [''] : [...held].toSorted()
    const key = list.join('\n')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { prefixes: list, arns: [arn] })
    else group.arns.push(arn)
  }
  return [...groups.values()]
}

/**
 * All that anybody of the account may ever do with a bucket, whatever policies they have: each capability in all that
 * belongs to it for who was granted it, the rest for administrators, how the bucket is set up for everybody, and
 * nothing without TLS. Nobody outside of the account may do anything.
 */
export function bucketRegion(store: DeclaredStore, bucket: string, world: DeclaredWorld): Region {
  const objects = `${bucket}/*`
  const both = [bucket, objects]
  const administrators = world.administrators.map(({ arn }) => arn)
  const statements: RegionStatement[] = []
  const add = (
    arns: readonly string[] | undefined,
    rest: Omit<RegionStatement, 'Condition'>,
    condition?: RegionCondition,
  ): void => {
    if (arns?.length === 0) return
    const who = arns === undefined ? undefined : byPrincipals(arns)
    statements.push({ ...rest, ...allOf(overTls, who, condition) })
  }
  add(undefined, { Action: families.setUp, Resource: both })
  // Actions on objects do nothing to a bucket, nor do settings to objects: no policy needs to refuse them there.
  add(undefined, {
    Action: [...families.writeBesidePut, ...families.put, ...families.delete],
    Resource: bucket,
  })
  add(undefined, { Action: families.settings, Resource: objects })
  const lists = [...families.names, ...families.uploads]
  for (const { arns, prefixes } of holdingsOf(store, 'read', world)) {
    const whole = prefixes.includes('')
    add(arns, { Action: families.read, Resource: under(bucket, prefixes, whole) })
    add(arns, { Action: lists, Resource: objects })
    const condition = whole ? undefined : { StringLike: { 's3:prefix': prefixes.map((one) => `${one}*`) } }
    add(arns, { Action: lists, Resource: bucket }, condition)
  }
  for (const { arns, prefixes } of holdingsOf(store, 'write', world)) {
    const Resource = under(bucket, prefixes, false)
    add(arns, { Action: families.writeBesidePut, Resource })
    for (const condition of putConditions(store)) add(arns, { Action: families.put, Resource }, condition)
  }
  for (const { arns, prefixes } of holdingsOf(store, 'delete', world))
    add(arns, { Action: families.delete, Resource: under(bucket, prefixes, false) })
  statements.push(...settingsByHolders(store, bucket, world), ...administrationOf(bucket, administrators))
  return makeRegion(statements)
}

/** Settings of a bucket by those who were granted to administer it. */
export function settingsByHolders(
  store: DeclaredStore,
  bucket: string,
  world: DeclaredWorld,
): RegionStatement[] {
  const arns = holdingsOf(store, 'administer', world).flatMap((holding) => holding.arns)
  if (arns.length === 0) return []
  return [{ Action: families.settings, Resource: bucket, ...allOf(overTls, byPrincipals(arns)) }]
}

/** What administrators may do with a bucket: all but to reach the data. */
export function administrationOf(bucket: string, administrators: readonly string[]): RegionStatement[] {
  if (administrators.length === 0) return []
  const both = [bucket, `${bucket}/*`]
  const who = allOf(overTls, byPrincipals(administrators))
  return [
    { Action: families.names, Resource: both, ...who },
    { Action: families.settings, Resource: bucket, ...who },
    {
      NotAction: [
        ...families.read, ...families.uploads, ...families.writeBesidePut, ...families.put, ...families.delete,
      ],
      Resource: both,
      ...who,
    }, // prettier-ignore
  ]
}

function under(bucket: string, prefixes: readonly string[], withBucket: boolean): string[] {
  return [...(withBucket ? [bucket] : []), ...prefixes.map((prefix) => `${bucket}/${prefix}*`)]
}

const sse = 's3:x-amz-server-side-encryption'

/**
 * How objects may be put: never under a key that the caller brings along; where the store has a key of its own,
 * by the bucket's default or under a KMS key that the request names.
 */
export function putConditions({ store }: DeclaredStore): RegionCondition[] {
  const noCustomerKey = { [`${sse}-customer-algorithm`]: 'true' }
  if (store.encryption === 's3') return [{ Null: noCustomerKey }]
  return [
    { Null: { ...noCustomerKey, [sse]: 'true' } },
    { Null: { ...noCustomerKey, [`${sse}-aws-kms-key-id`]: 'false' }, StringEquals: { [sse]: 'aws:kms' } },
  ]
}

/**
 * All that anybody of the account may ever do with a store's key, whatever policies they have: administrators
 * administer, and holders use it through S3 for objects of this bucket.
 */
export function keyRegion(store: DeclaredStore, bucket: string, key: string, world: DeclaredWorld): Region {
  const administrators = world.administrators.map(({ arn }) => arn)
  const arnsWith = (can: Capability): string[] => holdingsOf(store, can, world).flatMap(({ arns }) => arns)
  const readers = arnsWith('read')
  const writers = arnsWith('write')
  const users = [...new Set([...readers, ...writers])]
  const statements: RegionStatement[] = []
  if (administrators.length > 0)
    statements.push({ Action: keyAdministration, Resource: key, Condition: byPrincipals(administrators) })
  const throughS3 = forBucket(bucket, world)
  if (users.length > 0)
    statements.push({ Action: 'kms:Decrypt', Resource: key, ...allOf(byPrincipals(users), throughS3) })
  if (writers.length > 0)
    statements.push({
      Action: 'kms:GenerateDataKey',
      Resource: key,
      ...allOf(byPrincipals(writers), throughS3),
    })
  return makeRegion(statements)
}

/** Requests that S3 makes of KMS for objects of a bucket. */
export function forBucket(bucket: string, { declaration }: DeclaredWorld): RegionCondition {
  return {
    StringEquals: { 'kms:ViaService': `s3.${declaration.region}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket, `${bucket}/*`] },
  }
}
