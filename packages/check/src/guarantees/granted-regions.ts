import type { Capability, Declaration, Grant, Platform } from '@ringfence/plan'
import {
  dataCapabilities,
  jobActions,
  keyUse,
  ownKey,
  ownSignIn,
  platformActions,
  storeActions,
} from './capabilities.js'
import type { DeclaredWorld } from './declared-world.js'
import type { Region, RegionCondition, RegionStatement } from './region.js'
import { allOf, before, makeRegion } from './region.js'

/** Access to a store as the file puts it. */
export interface StoreGrant {
  readonly can: readonly Capability[]
  readonly under: string
  readonly until?: string | undefined
}

/** A store by its physical names. */
export interface StoreNames {
  /** ARN. */
  readonly bucket: string
  /** `alias/…`; where it has a key of its own. */
  readonly alias?: string | undefined
}

/**
 * What a grant on a store is to let its holder's own policies say: the objects, the listing, the key behind them and
 * the settings. What holds for everybody (TLS, encryption) is not repeated there.
 */
function storeGrantStatements(
  names: StoreNames,
  grant: StoreGrant,
  { account, region }: Declaration,
): RegionStatement[] {
  const { bucket } = names
  const { can, under } = grant
  const until = before(grant.until)
  const data = dataCapabilities.filter((capability) => can.includes(capability))
  const whole = under === ''
  const statements: RegionStatement[] = []
  if (data.length > 0) {
    // On the bucket itself these do nothing: where all of a store is granted, policies name both at once.
    const Resource = whole ? [bucket, `${bucket}/*`] : [`${bucket}/${under}*`]
    statements.push({ Action: data.flatMap((one) => storeActions[one]), Resource, ...allOf(until) })
  }
  if (can.includes('read')) {
    const list = [...storeActions.listByPrefix, ...(whole ? storeActions.listUploads : [])]
    const prefix = whole ? undefined : { StringLike: { 's3:prefix': `${under}*` } }
    const Resource = whole ? [bucket, `${bucket}/*`] : [bucket]
    statements.push({ Action: list, Resource, ...allOf(prefix, until) })
  }
  const use = [...new Set(data.flatMap((capability) => keyUse[capability]))]
  if (names.alias !== undefined && use.length > 0)
    statements.push({
      Action: use,
      Resource: `arn:aws:kms:${region}:${account}:key/*`,
      ...allOf(
        { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
        { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.alias } },
        until,
      ),
    })
  if (can.includes('administer'))
    statements.push({ Action: storeActions.administer, Resource: bucket, ...allOf(until) })
  return statements
}

/** What a grant on a platform lets its holder do: with things named and tagged after both, and the one role. */
export function platformGrantStatements(
  grant: Pick<Grant, 'can' | 'to' | 'until' | 'on'>,
  executionRole: string,
  { account, region }: Declaration,
): RegionStatement[] {
  const { can, on, to } = grant
  const until = before(grant.until)
  const named = (kinds: readonly string[], owner: string): string[] =>
    kinds.map((kind) => `arn:aws:sagemaker:${region}:${account}:${kind}/${on.name}--${owner}*`)
  const tag = (operator: string, key: string): RegionCondition => ({
    [operator]: { [`${key}/ringfence:team`]: to.name },
  })
  const statements: RegionStatement[] = []
  const created: string[] = []
  for (const capability of ['train', 'deploy'] as const) {
    if (!can.includes(capability)) continue
    const { create, kinds, list, own } = platformActions[capability]
    const Resource = named(kinds, `${to.name}--`)
    created.push(...Resource)
    statements.push(
      { Action: create, Resource, ...allOf(tag('StringEquals', 'aws:RequestTag'), until) },
      { Action: own, Resource, ...allOf(tag('StringEquals', 'aws:ResourceTag'), until) },
      { Action: list, Resource: '*', ...allOf(until) },
    )
  }
  if (created.length > 0)
    statements.push(
      {
        Action: 'sagemaker:AddTags',
        Resource: created,
        ...allOf(tag('StringEqualsIfExists', 'aws:RequestTag'), until),
      },
      {
        Action: 'iam:PassRole',
        Resource: executionRole,
        ...allOf({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }, until),
      },
    )
  if (can.includes('invoke'))
    statements.push({ Action: platformActions.invoke, Resource: named(['endpoint'], '*--'), ...allOf(until) })
  if (can.includes('administer'))
    statements.push({
      Action: platformActions.administer,
      Resource: named([...platformActions.train.kinds, ...platformActions.deploy.kinds], '*--'),
      ...allOf(until),
    })
  return statements
}

/** What the jobs of a platform do besides reading and writing stores. */
export function jobStatements({ images }: Platform, { account, region }: Declaration): RegionStatement[] {
  const namespaces = ['/aws/sagemaker/*', 'AWS/SageMaker*']
  return [
    { Action: jobActions.logs, Resource: `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/*` },
    {
      Action: jobActions.metrics,
      Resource: '*',
      Condition: { StringLike: { 'cloudwatch:namespace': namespaces } },
    },
    ...(images.length === 0
      ? []
      : [
          { Action: jobActions.images, Resource: images },
          { Action: jobActions.login, Resource: '*' },
        ]),
  ]
}

/** Everybody's own user and MFA device, if they are people with users that ringfence makes. */
export function ownSignInStatements({ account, organization }: Declaration): RegionStatement[] {
  const user = `arn:aws:iam::${account}:user/ringfence/${organization}/\${aws:username}`
  return [{ Action: ownSignIn, Resource: [user, `arn:aws:iam::${account}:mfa/\${aws:username}`] }]
}

/** The key that is kept for whoever asks. */
function ownKeyStatements({ account, organization, region }: Declaration): RegionStatement[] {
  const secret = `ringfence/${organization}/\${aws:username}/access-key-??????`
  return [{ Action: ownKey, Resource: `arn:aws:secretsmanager:${region}:${account}:secret:${secret}` }]
}

/** By subject, what its policies are to allow. */
export interface GrantedRegions {
  /** `team/…`, `platform/…`, or `member/…` without what the member's teams have. */
  own(subject: string): Region
  /** A member with all teams; for other subjects the same as `own`. */
  all(subject: string): Region
}

/** Regions are made once for each subject. */
export function grantedRegions(world: DeclaredWorld): GrantedRegions {
  const { declaration, grantsTo, ownUsers, platforms, principals, secrets, stores, teamsOf } = world
  const names = new Map(
    stores.map(({ id, bucket, key, store }): [string, StoreNames] => [
      id,
      { bucket: bucket?.arn ?? `arn:aws:s3:::${store.bucket}`, alias: key?.name },
    ]),
  )
  const withSignIn = new Set(ownUsers.map(({ declared }) => declared))
  const withKey = new Set(secrets.map(({ subject }) => subject))
  const { account, organization } = declaration
  const executionRoleOf = (platform: string): string =>
    principals.get(`platform/${platform}`)?.arn ??
    `arn:aws:iam::${account}:role/ringfence/${organization}/${organization}-${platform}-execution`
  const namesOf = (id: string): StoreNames => names.get(id) ?? { bucket: `arn:aws:s3:::${id}` }
  const statementsOf = (subject: string): RegionStatement[] => {
    const statements = (grantsTo.get(subject) ?? []).flatMap((grant) =>
      grant.on.kind === 'platform'
        ? platformGrantStatements(grant, executionRoleOf(grant.on.name), declaration)
        : storeGrantStatements(namesOf(`${grant.on.kind}/${grant.on.name}`), grant, declaration),
    )
    if (withSignIn.has(subject)) statements.push(...ownSignInStatements(declaration))
    if (withKey.has(subject)) statements.push(...ownKeyStatements(declaration))
    const platform = subject.startsWith('platform/') ? platforms.get(subject.slice(9)) : undefined
    if (platform === undefined) return statements
    for (const [can, references] of [
      ['read', platform.reads],
      ['write', platform.writes],
    ] as const)
      for (const { kind, name, under } of references)
        statements.push(
          ...storeGrantStatements(namesOf(`${kind}/${name}`), { can: [can], under }, declaration),
        )
    return [...statements, ...jobStatements(platform, declaration)]
  }
  const made = new Map<string, Region>()
  const own = (subject: string): Region => {
    let region = made.get(subject)
    if (region === undefined) made.set(subject, (region = makeRegion(statementsOf(subject))))
    return region
  }
  const all = (subject: string): Region => {
    if (!subject.startsWith('member/')) return own(subject)
    const teams = teamsOf.get(subject.slice(7)) ?? []
    return makeRegion([subject, ...teams.map((team) => `team/${team}`)].flatMap((one) => own(one).statements))
  }
  return { own, all }
}
