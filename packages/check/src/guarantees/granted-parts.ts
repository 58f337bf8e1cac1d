import type { SourceSpan } from '@ringfence/plan'
import type { AccountResource } from '../account/account.js'
import { dataCapabilities, families, keyUse, ownKey, storeActions } from './capabilities.js'
import type { DeclaredStore, StoreAccess } from './declared-world.js'
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
  readonly granted: readonly Granted[]
  /** Whether all that the requests hang on is as it was in the check before, but for who the subjects are. */
  readonly isUnchanged: boolean
  /** What has to be allowed by one of them; nothing where the plan lacks what is granted. */
  readonly partsOf: (index: number) => readonly GrantedPart[]
}

/**
 * All requests that have to be allowed to somebody: of grants, of what platforms read and write, of jobs, and of
 * members to the secrets that keep their keys.
 */
export function grantedParts(setting: Setting): readonly GrantedTogether[] {
  const { unchanged, world } = setting
  const { declaration, grantsTo, platforms, principals, secrets, stores } = world
  const ofStores = stores.flatMap((store): readonly GrantedTogether[] => {
    if (store.accesses.length === 0) return []
    const granted = store.accesses.map(({ declaredAt, subject }): Granted => {
      return { subject, target: store.id, declaredAt }
    })
    const isUnchanged = unchanged.things(store) && unchanged.accesses(store)
    const partsOf = (index: number) => storeParts(setting, store, store.accesses[index]!)
    return [{ kind: 'granted on store', name: store.id, granted, isUnchanged, partsOf }]
  })
  const onPlatforms = [...grantsTo].flatMap(([subject, grants]): readonly GrantedTogether[] => {
    const here = grants.filter(({ on }) => on.kind === 'platform')
    if (here.length === 0) return []
    const granted = here.map(({ declaredAt, on }): Granted => {
      return { subject, target: `platform/${on.name}`, declaredAt }
    })
    const isUnchanged = unchanged.granted(subject)
    const partsOf = (index: number) => {
      const grant = here[index]!
      const role = principals.get(`platform/${grant.on.name}`)?.arn
      return role === undefined
        ? []
        : [{ region: makeRegion(platformGrantStatements(grant, role, declaration)) }]
    }
    return [{ kind: 'granted on platforms', name: subject, granted, isUnchanged, partsOf }]
  })
  const ofSecrets = secrets.map((one): GrantedTogether => {
    const { declaredAt, secret, subject } = one
    const granted = [{ subject, target: 'their key in Secrets Manager', declaredAt }]
    const isUnchanged = unchanged.secret(one)
    const partsOf = () =>
      secret === undefined
        ? []
        : [{ region: makeRegion([{ Action: ownKey, Resource: secret.arn }]), resource: secret }]
    return { kind: 'granted secret', name: subject, granted, isUnchanged, partsOf }
  })
  const ofPlatforms = [...platforms.values()].map((platform): GrantedTogether => {
    const { declaredAt, name } = platform
    const subject = `platform/${name}`
    const granted = [{ subject, target: 'logs, metrics and images', declaredAt }]
    const isUnchanged = unchanged.granted(subject)
    const partsOf = () => [{ region: makeRegion(jobStatements(platform, declaration)) }]
    return { kind: 'jobs', name, granted, isUnchanged, partsOf }
  })
  return [...ofStores, ...onPlatforms, ...ofSecrets, ...ofPlatforms]
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
