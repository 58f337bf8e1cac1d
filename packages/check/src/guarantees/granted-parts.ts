import type { Grant, Platform, SourceSpan } from '@ringfence/plan'
import type { AccountResource } from '../account/account.js'
import { dataCapabilities, families, keyUse, ownKey, storeActions } from './capabilities.js'
import type { DeclaredSecret, DeclaredStore, StoreAccess } from './declared-world.js'
import { jobStatements, ownSignInStatements, platformGrantStatements } from './granted-regions.js'
import type { Region, RegionStatement } from './region.js'
import { allOf, before, makeRegion, overTls } from './region.js'
import type { Setting } from './setting.js'
import { forBucket, putConditions } from './store-regions.js'

/** Requests that have to be allowed, and what they are about where that has a policy of its own. */
export interface GrantedPart {
  readonly region: Region
  readonly resource?: AccountResource | undefined
}

/** Something that the file gives to a subject. */
export interface Granted {
  readonly subject: string
  readonly target: string
  readonly declaredAt: SourceSpan
}

/** What is given on one store, or to one subject or platform beside stores. */
export interface GrantedTogether {
  readonly kind: 'granted on store' | 'granted on platforms' | 'granted secret' | 'jobs'
  /** Of the store, subject or platform. */
  readonly name: string
  /** The same object only where all lines are the same. */
  readonly place: object
  /** Whether all is as it was in the check before: who has it, what the requests are, and the policies around them. */
  readonly isUnchanged: boolean
  readonly granted: () => readonly Granted[]
  /** What has to be allowed by one of them; nothing where the plan lacks what is granted. */
  readonly partsOf: (index: number) => readonly GrantedPart[]
}

/**
 * All requests that have to be allowed to somebody: of grants, of what platforms read and write, of jobs, and of
 * members to the secrets that keep their keys.
 */
export function grantedParts(setting: Setting): readonly GrantedTogether[] {
  const { grantsTo, platforms, secrets, stores } = setting.world
  return [
    ...stores.flatMap((store) => (store.accesses.length === 0 ? [] : [onStore(setting, store)])),
    ...[...grantsTo].flatMap(([subject, grants]) => {
      const here = grants.filter(({ on }) => on.kind === 'platform')
      return here.length === 0 ? [] : [onPlatforms(setting, subject, here)]
    }),
    ...secrets.map((secret) => ofSecret(setting, secret)),
    ...[...platforms.values()].map((platform) => ofJobs(setting, platform)),
  ]
}

function onStore(setting: Setting, store: DeclaredStore): GrantedTogether {
  const { unchanged } = setting
  const { accesses, id } = store
  return {
    kind: 'granted on store',
    name: id,
    place: accesses,
    isUnchanged:
      unchanged.things(store) &&
      unchanged.accesses(store) &&
      accesses.every(({ subject }) => unchanged.subject(subject)),
    granted: () => accesses.map(({ declaredAt, subject }) => ({ subject, target: id, declaredAt })),
    partsOf: (index) => storeParts(setting, store, accesses[index]!),
  }
}

function onPlatforms(
  { unchanged, world }: Setting,
  subject: string,
  grants: readonly Grant[],
): GrantedTogether {
  return {
    kind: 'granted on platforms',
    name: subject,
    place: grants,
    isUnchanged: unchanged.granted(subject) && unchanged.subject(subject),
    granted: () =>
      grants.map(({ declaredAt, on }) => ({ subject, target: `platform/${on.name}`, declaredAt })),
    partsOf: (index) => {
      const grant = grants[index]!
      const role = world.principals.get(`platform/${grant.on.name}`)?.arn
      return role === undefined
        ? []
        : [{ region: makeRegion(platformGrantStatements(grant, role, world.declaration)) }]
    },
  }
}

function ofSecret({ unchanged }: Setting, declared: DeclaredSecret): GrantedTogether {
  const { declaredAt, secret, subject } = declared
  return {
    kind: 'granted secret',
    name: subject,
    place: declaredAt,
    isUnchanged: unchanged.secret(declared) && unchanged.subject(subject),
    granted: () => [{ subject, target: 'their key in Secrets Manager', declaredAt }],
    partsOf: () =>
      secret === undefined
        ? []
        : [{ region: makeRegion([{ Action: ownKey, Resource: secret.arn }]), resource: secret }],
  }
}

function ofJobs({ unchanged, world }: Setting, platform: Platform): GrantedTogether {
  const { declaredAt, name } = platform
  const subject = `platform/${name}`
  return {
    kind: 'jobs',
    name,
    place: declaredAt,
    isUnchanged: unchanged.granted(subject) && unchanged.subject(subject),
    granted: () => [{ subject, target: 'logs, metrics and images', declaredAt }],
    partsOf: () => [{ region: makeRegion(jobStatements(platform, world.declaration)) }],
  }
}

/** What people do about their own user. */
export function ownSignInPart({ world }: Setting): GrantedPart {
  return { region: makeRegion(ownSignInStatements(world.declaration)) }
}

function storeParts(
  { world }: Setting,
  store: DeclaredStore,
  { can, under, until }: StoreAccess,
): readonly GrantedPart[] {
  const { bucket, key } = store
  if (bucket === undefined) return []
  const { arn } = bucket
  const end = before(until)
  const statements: RegionStatement[] = []
  for (const capability of dataCapabilities) {
    if (!can.includes(capability)) continue
    const Action = storeActions[capability].filter((action) => action !== 's3:PutObject')
    statements.push({ Action, Resource: `${arn}/${under}*`, ...allOf(overTls, end) })
  }
  if (can.includes('write'))
    for (const condition of putConditions(store))
      statements.push({
        Action: families.put,
        Resource: `${arn}/${under}*`,
        ...allOf(overTls, end, condition),
      })
  if (can.includes('read')) {
    const prefix = under === '' ? undefined : { StringLike: { 's3:prefix': `${under}*` } }
    const uploads = under === '' ? storeActions.listUploads : []
    statements.push({
      Action: [...storeActions.listByPrefix, ...uploads],
      Resource: arn,
      ...allOf(overTls, end, prefix),
    })
  }
  if (can.includes('administer'))
    statements.push({ Action: storeActions.administer, Resource: arn, ...allOf(overTls, end) })
  const parts: GrantedPart[] = [{ region: makeRegion(statements), resource: bucket }]
  const use = [...new Set(dataCapabilities.flatMap((one) => (can.includes(one) ? keyUse[one] : [])))]
  if (key !== undefined && use.length > 0) {
    const condition = allOf(forBucket(arn, world), end)
    parts.push({ region: makeRegion([{ Action: use, Resource: key.arn, ...condition }]), resource: key })
  }
  return parts
}
