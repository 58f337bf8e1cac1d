import type { Capability, Store } from '../declaration.js'
import type { Holders } from './holders.js'
import { countUsers, expand, holdersOf } from './holders.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import { isOneOf } from './principal-condition.js'
import { teamTag } from './restrict.js'
import type { Condition, Sourced } from './statement.js'
import { compare, documentLength, oneOrMany, toDocument, withUniqueSids } from './statement.js'
import { keyActions, keyAdministration } from './store-actions.js'

const maxListedUsers = 600

/**
 * The key policy of a store. The account is named only together with `aws:PrincipalArn`, so nothing is
 * delegated to whoever holds IAM permissions, and no principal is stored by an id that outlives it. The root
 * user may administer the key: without that, a key whose administrators are gone could never be managed
 * again. Use is possible only through S3, and only for objects of this store's bucket: the encryption context
 * is the bucket with a bucket key, the object without one (S3 User Guide, "Reducing the cost of SSE-KMS").
 * Undefined when it does not fit into 32 KB.
 */
export function buildKeyPolicy(store: Store, model: Model): Sourced[] | undefined {
  const users = (['read', 'write'] as const).map((capability) =>
    countUsers(holdersOf(store, capability, model), model),
  )
  if (Math.max(...users) <= maxListedUsers) {
    const listed = statements(store, model, listedUse)
    if (fits(listed)) return listed
  }
  const tagged = statements(store, model, taggedUse)
  return fits(tagged) ? tagged : undefined
}

function fits(list: readonly Sourced[]): boolean {
  return documentLength(toDocument(list)) <= limits.keyPolicyBytes
}

type Use = (
  sid: string,
  actions: readonly string[],
  holders: Holders,
  throughS3: Condition,
  store: Store,
  model: Model,
) => Sourced[]

function statements(store: Store, model: Model, use: Use): Sourced[] {
  const { arns, declaration } = model
  const administrators = [
    arns.root,
    ...declaration.administrators.map((one) => arns.administrator(one)),
  ].toSorted(compare)
  const bucket = arns.bucket(store)
  const throughS3: Condition = {
    StringEquals: { 'kms:ViaService': `s3.${declaration.region}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket, `${bucket}/*`] },
  }
  const rule = (sid: string, capability: Extract<Capability, 'read' | 'write'>): Sourced[] =>
    use(sid, keyActions[capability], holdersOf(store, capability, model), throughS3, store, model)
  return withUniqueSids([
    {
      statement: {
        Sid: 'AdministratorsAdminister',
        Effect: 'Allow',
        Principal: { AWS: arns.root },
        Action: keyAdministration,
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalArn': oneOrMany(administrators) } },
      },
      sources: [store.declaredAt],
    },
    ...rule('ReadersDecrypt', 'read'),
    ...rule('WritersEncrypt', 'write'),
  ])
}

function listedUse(
  sid: string,
  actions: readonly string[],
  holders: Holders,
  throughS3: Condition,
  store: Store,
  model: Model,
): Sourced[] {
  const arns = [...expand(holders, model).keys()]
  if (arns.length === 0) return []
  return [allow(sid, actions, throughS3, isOneOf(arns), store, model)]
}

/** Large teams by the tag of their members, one statement a team, and only users of the organization. */
function taggedUse(
  sid: string,
  actions: readonly string[],
  holders: Holders,
  throughS3: Condition,
  store: Store,
  model: Model,
): Sourced[] {
  const exact = listedUse(
    sid,
    actions,
    { teams: new Map(), principals: holders.principals },
    throughS3,
    store,
    model,
  )
  const teams = [...holders.teams.keys()].toSorted(compare).map((team) =>
    allow(
      sid,
      actions,
      throughS3,
      {
        ArnLike: { 'aws:PrincipalArn': model.arns.anyUser },
        StringEquals: { [`aws:PrincipalTag/${teamTag(team)}`]: 'member' },
      },
      store,
      model,
    ),
  )
  return [...exact, ...teams]
}

function allow(
  sid: string,
  actions: readonly string[],
  throughS3: Condition,
  who: Condition,
  store: Store,
  model: Model,
): Sourced {
  return {
    statement: {
      Sid: sid,
      Effect: 'Allow',
      Principal: { AWS: model.arns.root },
      Action: oneOrMany(actions),
      Resource: '*',
      Condition: {
        ...throughS3,
        ...who,
        StringEquals: { ...throughS3['StringEquals'], ...who['StringEquals'] },
      },
    },
    sources: [store.declaredAt],
  }
}
