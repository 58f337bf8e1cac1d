import type { AccountResource } from '../account/account.js'
import { arnsOf } from '../account/layers-of.js'
import { allAllowed, allWithin, noneAllowed, noneAllowedOutside } from './ask.js'
import { families, keyAdministration } from './capabilities.js'
import { checkPublic } from './check-public.js'
import type { DeclaredStore } from './declared-world.js'
import type { Answer, Finding, GuaranteeKind } from './finding.js'
import { together } from './finding.js'
import { administratorParties, partiesInside, partiesOutside } from './parties.js'
import type { RegionStatement } from './region.js'
import { makeRegion, nothing } from './region.js'
import { mayGoByTags, saidOfStore } from './said-of-store.js'
import type { Party, Setting } from './setting.js'
import { administrationOf, bucketRegion, keyRegion, settingsByHolders } from './store-regions.js'

const proved: Answer = { proof: 'proved', world: 'allActions' }

/**
 * What holds of a dataset or model for everybody, whatever policies they have: nothing but what was granted, nothing
 * without TLS, its fence in the hands of administrators, and public in no sense.
 */
export function checkStore(setting: Setting, store: DeclaredStore, index: number): readonly Finding[] {
  const isUnchanged = isStoreUnchanged(setting, store)
  const named = { name: store.id, place: store.store.declaredAt }
  return setting.kept.findings('stores', index, named, isUnchanged, () =>
    findingsAbout(setting, store, isUnchanged),
  )
}

/** Policies, access blocks and who holds what on it; whose tags matter, where a policy goes by these. */
function isStoreUnchanged({ prover, unchanged }: Setting, store: DeclaredStore): boolean {
  return (
    unchanged.things(store) &&
    unchanged.accesses(store) &&
    store.accesses.every(({ subject }) => unchanged.holdersOf(subject)) &&
    (unchanged.tags() || !mayGoByTags(prover, store))
  )
}

function findingsAbout(setting: Setting, store: DeclaredStore, isUnchanged: boolean): readonly Finding[] {
  const { bucket, key } = store
  const declaredAt = [store.store.declaredAt]
  const finding = (guarantee: GuaranteeKind, target: string, answer: Answer): Finding => ({
    guarantee,
    target,
    declaredAt,
    answer,
  })
  const missing = (what: string): Finding =>
    finding('nothingElse', store.id, { proof: 'unknown', reason: `the plan has no ${what} for ${store.id}` })
  if (bucket === undefined) return [missing('bucket')]
  const answers = answersAbout(setting, store, isUnchanged)
  const ofBucket = answers('bucket', () => checkBucket(setting, store, bucket))
  const findings = bucketGuarantees.map((one, index) => finding(one, store.id, ofBucket[index]!))
  if (key === undefined) return store.store.encryption === 's3' ? findings : [...findings, missing('key')]
  const ofKey = answers('key', () => checkKey(setting, store, bucket, key))
  return [
    ...findings,
    ...keyGuarantees.map((one, index) => finding(one, `key of ${store.id}`, ofKey[index]!)),
  ]
}

type Answers = (about: 'bucket' | 'key', compute: () => readonly Answer[]) => readonly Answer[]

/** Looks first for what is known of a check before, then for what is known of another store that is like it. */
function answersAbout(setting: Setting, store: DeclaredStore, isUnchanged: boolean): Answers {
  const { kept, prover } = setting
  return (about, compute) =>
    kept.remember(about, store.id, isUnchanged, () => {
      const said = saidOfStore(setting, store)
      return said === undefined ? compute() : prover.share([prover.said(about), ...said], compute)
    })
}

/** What is answered about a bucket and a key, in this order. */
const bucketGuarantees = ['nothingElse', 'tls', 'fence', 'notPublic', 'lockOut'] as const
const keyGuarantees = ['nothingElse', 'fence', 'lockOut'] as const

function checkBucket(setting: Setting, store: DeclaredStore, bucket: AccountResource): readonly Answer[] {
  const inside = partiesInside(setting, bucket)
  const outside = partiesOutside(setting, bucket)
  // A bucket's policy speaks for S3; what other services do with objects they ask S3 for.
  const within = makeRegion([{ Action: 's3:*', Resource: arnsOf(bucket) }])
  const region = bucketRegion(store, bucket.arn, setting.world)
  const strangers = noneAllowedOutside(setting, outside, within)
  const everybody = together([strangers, allWithin(setting, inside, within, region)])
  // What is looked at singly otherwise follows from the whole.
  const isProved = everybody.proof === 'proved'
  const all = [...inside, ...outside]
  return [
    everybody,
    isProved ? proved : checkTls(setting, all, bucket),
    isProved ? proved : checkFence(setting, store, bucket, all),
    together([strangers, checkPublic(setting, bucket, outside)]),
    checkAdministration(setting, bucket),
  ]
}

function checkTls(setting: Setting, parties: readonly Party[], bucket: AccountResource): Answer {
  const Condition = { Bool: { 'aws:SecureTransport': 'false' } }
  return noneAllowed(setting, parties, makeRegion([{ Action: 's3:*', Resource: arnsOf(bucket), Condition }]))
}

/** Everything but the data, and but looking at how the bucket is set up. */
function checkFence(
  setting: Setting,
  store: DeclaredStore,
  bucket: AccountResource,
  parties: readonly Party[],
): Answer {
  const { administrators } = setting.world
  const data: RegionStatement = {
    Effect: 'Deny',
    Action: [
      ...families.read, ...families.names, ...families.uploads, ...families.writeBesidePut, ...families.put,
      ...families.delete, ...families.setUp,
    ],
    Resource: '*',
  } // prettier-ignore
  const arns = administrators.map(({ arn }) => arn)
  // Without TLS is another guarantee.
  const region = [
    ...administrationOf(bucket.arn, arns),
    ...settingsByHolders(store, bucket.arn, setting.world),
  ].map(withOrWithoutTls)
  return allWithin(
    setting,
    parties,
    makeRegion([{ Action: 's3:*', Resource: bucket.arn }, data]),
    makeRegion(region),
  )
}

function withOrWithoutTls({ Condition = {}, ...rest }: RegionStatement): RegionStatement {
  const { Bool: _, ...others } = Condition
  return { ...rest, Condition: others }
}

/** Administrators may do everything with the bucket but reach the data. */
function checkAdministration(setting: Setting, bucket: AccountResource): Answer {
  const parties = administratorParties(setting, bucket)
  const arns = setting.world.administrators.map(({ arn }) => arn)
  const others: RegionStatement = { Effect: 'Deny', NotAction: ['s3:*'], Resource: '*' }
  const statements = [...administrationOf(bucket.arn, arns), others]
  return allAllowed(setting, parties, makeRegion(statements))
}

function checkKey(
  setting: Setting,
  store: DeclaredStore,
  bucket: AccountResource,
  key: AccountResource,
): readonly Answer[] {
  const inside = partiesInside(setting, key)
  const outside = partiesOutside(setting, key)
  const within = makeRegion([{ Action: 'kms:*', Resource: key.arn }])
  const region = keyRegion(store, bucket.arn, key.arn, setting.world)
  const strangers = noneAllowedOutside(setting, outside, within)
  const everybody = together([strangers, allWithin(setting, inside, within, region)])
  const arns = setting.world.administrators.map(({ arn }) => arn)
  const administration = makeRegion([{ Action: keyAdministration, Resource: key.arn }])
  const byAdministrators = makeRegion(
    arns.length === 0
      ? nothing.statements
      : [{ Action: '*', Resource: key.arn, Condition: { StringEquals: { 'aws:PrincipalArn': arns } } }],
  )
  const use = ['kms:Decrypt', 'kms:GenerateDataKey']
  const fence = (): Answer =>
    allWithin(
      setting,
      [...inside, ...outside],
      makeRegion([
        { Action: 'kms:*', Resource: key.arn },
        { Effect: 'Deny', Action: use, Resource: '*' },
      ]),
      byAdministrators,
    )
  return [
    everybody,
    everybody.proof === 'proved' ? proved : fence(),
    allAllowed(setting, administratorParties(setting, key), administration),
  ]
}
