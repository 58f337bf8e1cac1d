import type { Store } from '../declaration.js'
import type { Holders } from './holders.js'
import { countUsers, holdersOf } from './holders.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import type { Restrict } from './restrict.js'
import { listedPrincipals, taggedTeams } from './restrict.js'
import type { Condition, Sourced } from './statement.js'
import { compare, documentLength, oneOrMany, toDocument, withUniqueSids } from './statement.js'
import { fenced } from './store-actions.js'

/** More users than this cannot be listed within 20 KB, whatever their names. */
const maxListedUsers = 400

/**
 * The bucket policy of a store: only denials, for everyone who holds nothing. Allows come from grants, so that
 * a policy attached by hand cannot widen what the file says. Principals are spared by `aws:PrincipalArn` and
 * never by NotPrincipal, which would deny everyone with a permissions boundary; anonymous callers have no
 * `aws:PrincipalArn`, and a negated operator matches a missing key, so they are denied. Undefined when it does
 * not fit into 20 KB in either form.
 */
export function buildFence(store: Store, model: Model): Sourced[] | undefined {
  const total = (['read', 'write', 'delete', 'administer'] as const).reduce(
    (count, capability) => Math.max(count, countUsers(holdersOf(store, capability, model), model)),
    0,
  )
  const listed = total <= maxListedUsers ? statements(store, model, listedPrincipals(model)) : undefined
  if (listed !== undefined && fits(listed)) return listed
  const tagged = buildTaggedFence(store, model)
  return fits(tagged) ? tagged : undefined
}

/** The second form, whatever its length. */
export function buildTaggedFence(store: Store, model: Model): Sourced[] {
  return statements(store, model, taggedTeams(model))
}

function fits(list: readonly Sourced[]): boolean {
  return documentLength(toDocument(list)) <= limits.bucketPolicyBytes
}

/** How long the shortest form would be, for the message. */
export function fenceLength(store: Store, model: Model): number {
  return documentLength(toDocument(buildTaggedFence(store, model)))
}

function statements(store: Store, model: Model, restrict: Restrict): Sourced[] {
  const bucket = model.arns.bucket(store)
  const objects = `${bucket}/*`
  const both = [bucket, objects]
  const source = [store.declaredAt]
  const deny = (sid: string, rest: Omit<Sourced['statement'], 'Sid' | 'Effect' | 'Principal'>): Sourced => ({
    statement: { Sid: sid, Effect: 'Deny', Principal: '*', ...rest },
    sources: source,
  })
  const administrators = model.declaration.administrators
    .map((one) => model.arns.administrator(one))
    .toSorted(compare)
  const withAdministrators = ({ teams, principals }: Holders): Holders => ({
    teams,
    principals: new Map([...principals, ...administrators.map((arn) => [arn, whole] as const)]),
  })
  const whole = { prefixes: [''], declaredAt: store.declaredAt }
  return withUniqueSids([
    deny('TlsOnly', {
      Action: 's3:*',
      Resource: both,
      Condition: notOverTls,
    }),
    ...encryptionRules(store, objects, deny),
    ...restrict({
      sid: 'ReadersOnly',
      actions: ofReaders,
      resources: both,
      holders: withAdministrators(holdersOf(store, 'read', model)),
      objects: fenced.read,
      lists: listing,
      store,
    }),
    // Whoever deploys has to see that a bucket is there (HeadBucket is allowed by s3:ListBucket) and empty.
    deny('AdministratorsSeeNamesOnly', {
      Action: readingButNames,
      Resource: both,
      Condition: { StringEquals: { 'aws:PrincipalArn': oneOrMany(administrators) } },
    }),
    ...restrict({
      sid: 'WritersOnly',
      actions: fenced.write,
      resources: [objects],
      holders: holdersOf(store, 'write', model),
      objects: fenced.write,
      lists: [],
      store,
    }),
    ...restrict({
      sid: 'DeletersOnly',
      actions: fenced.delete,
      resources: [objects],
      holders: holdersOf(store, 'delete', model),
      objects: fenced.delete,
      lists: [],
      store,
    }),
    ...restrict({
      sid: 'SettingsByAdministratorsOnly',
      actions: fenced.settings,
      resources: [bucket],
      holders: withAdministrators(holdersOf(store, 'administer', model)),
      objects: [],
      lists: [],
      store,
    }),
    deny('FenceByAdministratorsOnly', {
      NotAction: everythingKnown,
      Resource: both,
      Condition: { StringNotEquals: { 'aws:PrincipalArn': oneOrMany(administrators) } },
    }),
  ])
}

const notOverTls = { Bool: { 'aws:SecureTransport': 'false' } }
const listing = [...fenced.names, ...fenced.uploads]
const ofReaders = [...fenced.read, ...listing]
const readingButNames = [...fenced.read, ...fenced.uploads]
const everythingKnown = [
  ...ofReaders, ...fenced.write, ...fenced.delete, ...fenced.settings, ...fenced.configuration,
].toSorted(compare) // prettier-ignore

/**
 * S3 takes a header before the bucket's default. Presence of the header is what `Null: false` asks; a bucket's
 * default encryption does not set it. A KMS header without key would take the account's own AWS key. S3 User
 * Guide, "Specifying server-side encryption with AWS KMS" and "… with customer-provided keys".
 */
function encryptionRules(
  store: Store,
  objects: string,
  deny: (sid: string, rest: Omit<Sourced['statement'], 'Sid' | 'Effect' | 'Principal'>) => Sourced,
): Sourced[] {
  const denyPut = (sid: string, Condition: Condition): Sourced =>
    deny(sid, { Action: 's3:PutObject', Resource: objects, Condition })
  const customerKey = denyPut('NoCustomerKeys', withCustomerKey)
  if (store.encryption === 's3') return [customerKey]
  return [
    customerKey,
    denyPut('NoOtherEncryption', withOtherEncryption),
    denyPut('NoOtherKey', withKmsAndNoKey),
  ]
}

const withCustomerKey = { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }
const withOtherEncryption = {
  Null: { 's3:x-amz-server-side-encryption': 'false' },
  StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
}
const withKmsAndNoKey = {
  Null: {
    's3:x-amz-server-side-encryption': 'false',
    's3:x-amz-server-side-encryption-aws-kms-key-id': 'true',
  },
}
