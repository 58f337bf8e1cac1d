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
  /** What the parts hang on, beside who the subject is: policies of what is granted, and what of it. */
  readonly content: string
  /** None where the plan lacks what is granted. */
  readonly partsOf: () => readonly GrantedPart[]
}

/**
 * All requests that have to be allowed to somebody: of grants, of what platforms read and write, of jobs, and of
 * members to the secrets that keep their keys. What is about one store stands together, and what one platform or
 * subject has beside stores.
 */
export function grantedParts(setting: Setting): readonly (readonly Granted[])[] {
  const { declaration, grantsTo, platforms, principals, secrets, stores } = setting.world
  const { ofDocument, ofThings } = setting.numbers
  const ofStores = stores.flatMap((store) => {
    if (store.accesses.length === 0) return []
    const about = ofThings(store)
    const onStore = store.accesses.map((access): Granted => {
      const { can, declaredAt, subject, under, until = '' } = access
      const content = `${about} ${can.join()} ${until} ${under}`
      return {
        subject,
        target: store.id,
        declaredAt,
        content,
        partsOf: () => storeParts(setting, store, access),
      }
    })
    return [onStore]
  })
  const onPlatforms = [...grantsTo].flatMap(([subject, grants]) => {
    const some = grants.flatMap((grant): readonly Granted[] => {
      if (grant.on.kind !== 'platform') return []
      const target = `platform/${grant.on.name}`
      const role = principals.get(target)?.arn
      const partsOf = () =>
        role === undefined ? [] : [{ region: makeRegion(platformGrantStatements(grant, role, declaration)) }]
      const content = JSON.stringify([grant.can, grant.until, grant.on, grant.to, role])
      return [{ subject, target, declaredAt: grant.declaredAt, content, partsOf }]
    })
    return some.length === 0 ? [] : [some]
  })
  const ofSecrets = secrets.map(({ declaredAt, secret, subject }): readonly Granted[] => {
    const partsOf = () =>
      secret === undefined
        ? []
        : [{ region: makeRegion([{ Action: ownKey, Resource: secret.arn }]), resource: secret }]
    const content = JSON.stringify(['secret', secret?.arn, ofDocument(secret?.policy)])
    return [{ subject, target: 'their key in Secrets Manager', declaredAt, content, partsOf }]
  })
  const ofPlatforms = [...platforms.values()].map((platform): readonly Granted[] => {
    const { declaredAt, images, name } = platform
    const partsOf = () => [{ region: makeRegion(jobStatements(platform, declaration)) }]
    const content = JSON.stringify(['jobs', images])
    return [
      {
        subject: `platform/${name}`,
        target: 'logs, metrics and images',
        declaredAt,
        content,
        partsOf,
      },
    ]
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
