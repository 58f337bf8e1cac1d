import type { Grant, SourceSpan } from '@ringfence/plan'
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
  /** What the requests hang on, beside who the subject is: policies of what is granted, and what of it. */
  readonly content: unknown
}

/** What is given on one store, or to one subject or platform beside stores. */
export interface GrantedTogether {
  readonly kind: 'granted on store' | 'granted on platforms' | 'granted secret' | 'jobs'
  /** Of the store, subject or platform. */
  readonly name: string
  readonly granted: readonly Granted[]
  /** What has to be allowed by one of them; nothing where the plan lacks what is granted. */
  readonly partsOf: (index: number) => readonly GrantedPart[]
}

/**
 * All requests that have to be allowed to somebody: of grants, of what platforms read and write, of jobs, and of
 * members to the secrets that keep their keys.
 */
export function grantedParts(setting: Setting): readonly GrantedTogether[] {
  const { declaration, grantsTo, platforms, principals, secrets, stores } = setting.world
  const { ofDocument, ofThings } = setting.numbers
  const ofStores = stores.flatMap((store): readonly GrantedTogether[] => {
    if (store.accesses.length === 0) return []
    const about = ofThings(store)
    const granted = store.accesses.map(({ can, declaredAt, subject, under, until }): Granted => {
      return { subject, target: store.id, declaredAt, content: [about, can, until, under] }
    })
    const partsOf = (index: number) => storeParts(setting, store, store.accesses[index]!)
    return [{ kind: 'granted on store', name: store.id, granted, partsOf }]
  })
  const roleOf = ({ on }: Grant): string | undefined => principals.get(`platform/${on.name}`)?.arn
  const onPlatforms = [...grantsTo].flatMap(([subject, grants]): readonly GrantedTogether[] => {
    const here = grants.filter(({ on }) => on.kind === 'platform')
    if (here.length === 0) return []
    const granted = here.map((grant): Granted => {
      const { can, declaredAt, on, to, until } = grant
      const content = [can, until, on.name, to.name, roleOf(grant)]
      return { subject, target: `platform/${on.name}`, declaredAt, content }
    })
    const partsOf = (index: number) => {
      const grant = here[index]!
      const role = roleOf(grant)
      return role === undefined
        ? []
        : [{ region: makeRegion(platformGrantStatements(grant, role, declaration)) }]
    }
    return [{ kind: 'granted on platforms', name: subject, granted, partsOf }]
  })
  const ofSecrets = secrets.map(({ declaredAt, secret, subject }): GrantedTogether => {
    const partsOf = () =>
      secret === undefined
        ? []
        : [{ region: makeRegion([{ Action: ownKey, Resource: secret.arn }]), resource: secret }]
    const content = [secret?.arn, ofDocument(secret?.policy)]
    const target = 'their key in Secrets Manager'
    return {
      kind: 'granted secret',
      name: subject,
      granted: [{ subject, target, declaredAt, content }],
      partsOf,
    }
  })
  const ofPlatforms = [...platforms.values()].map((platform): GrantedTogether => {
    const { declaredAt, images: content, name } = platform
    const partsOf = () => [{ region: makeRegion(jobStatements(platform, declaration)) }]
    const about = { subject: `platform/${name}`, target: 'logs, metrics and images' }
    return { kind: 'jobs', name, granted: [{ ...about, declaredAt, content }], partsOf }
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
