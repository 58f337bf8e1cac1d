import { didYouMean, nameHint, type ActionCatalogue } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole } from '../account/account.js'
import { actionsAskedFor, arnsInBucket, covers, literalPattern, type Shape } from './region.js'
import { namesOf } from '../words/names.js'
import { listWords } from '../words/value-words.js'
import { besideKnown, knownArns } from './beside-known.js'
import type { Problem } from './subjects.js'

/** One thing that is asked about: what carries a policy of its own, or all that has none, and which requests to it. */
export interface Target {
  readonly resource?: AccountResource | AccountRole
  readonly shape: Shape
  /** What it is called, where one question is about several things. */
  readonly on?: string
  /** Why it is not asked about at all. */
  readonly leftOut?: string
}

/** Words for actions, beside AWS's own: what they are on whatever is asked for. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  read: ['s3:GetObject', 's3:GetObjectVersion'],
  list: ['s3:ListBucket', 's3:ListBucketVersions'],
  write: ['s3:PutObject'],
  delete: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  train: ['sagemaker:CreateTrainingJob'],
  deploy: ['sagemaker:CreateEndpoint'],
  invoke: ['sagemaker:InvokeEndpoint'],
  assume: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
}

/** The actions that a text names: an action of AWS, with or without wildcards, or a word such as `read`. */
export function readActions(
  text: string,
  catalogue: ActionCatalogue,
): { readonly actions: readonly string[] } | { readonly problem: Problem } {
  const word = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined
  if (word) return { actions: word }
  if (text === '*') return { actions: ['*'] }
  const [, service = '', name = ''] = /^([A-Za-z0-9-]+):([A-Za-z0-9*?]+)$/.exec(text) ?? []
  const known = catalogue.groups(service.toLowerCase()).flatMap(({ names }) => names)
  if (known.some((one) => covers(name.toLowerCase(), one.toLowerCase()))) return { actions: [text] }
  const meant =
    known.length > 0
      ? didYouMean(name, known)
      : (didYouMean(service, [...catalogue.services]) ?? didYouMean(text, Object.keys(WORDS)))
  return {
    problem: {
      code: 'ACTION_UNKNOWN',
      message: `AWS is not known to have the action ${JSON.stringify(text)}`,
      hint:
        meant === undefined
          ? `an action such as s3:GetObject, s3:Get*, or a word: ${Object.keys(WORDS).join(', ')}`
          : known.length > 0
            ? `${service}:${meant}`
            : meant,
    },
  }
}

/**
 * What a text names, as far as the actions can be about it: an ARN, `*`, or a name as a declared file has it, with a
 * path (`user-data-a/raw/x`, `models/chat-base`, `training`). A path that ends in a slash is all below it; stars stand
 * for any text. For a name alone: all of it.
 */
export function readResource(
  text: string,
  actions: readonly string[],
  account: Account,
  catalogue: ActionCatalogue,
): { readonly targets: readonly Target[] } | { readonly problem: Problem } {
  const asked: Asked = { actions, account, catalogue }
  const targets = text.startsWith('arn:')
    ? targetsOfArn(text, asked)
    : text === '*'
      ? everyTarget(asked)
      : targetsOfName(text, asked)
  if (targets.length === 0) return { problem: unknownResource(text, asked) }
  return { targets: named(targets, account) }
}

/** What the actions of a question may be about. */
interface Asked {
  readonly actions: readonly string[]
  readonly account: Account
  readonly catalogue: ActionCatalogue
}

/** Each by its name, where they are several things. */
function named(targets: readonly Target[], account: Account): readonly Target[] {
  const names = namesOf(account)
  const called = targets.map(({ resource, shape }) =>
    resource
      ? names.of(resource)
      : shape.except || shape.resources.includes('*')
        ? 'what has no policy of its own'
        : listWords(shape.resources.map(names.resource), 'or'),
  )
  if (new Set(called).size <= 1) return targets
  return targets.map((target, index) => Object.assign({ on: called[index]! }, target))
}

/** The same on all that has no policy of its own. */
function restOf(resources: readonly string[], { account, actions, catalogue }: Asked): readonly Target[] {
  const { leftOut, shape } = besideKnown({ actions, resources }, knownArns(account), catalogue.services)
  if (leftOut !== undefined) return [{ shape: { actions, resources }, leftOut }]
  return shape ? [{ shape }] : []
}

function unknownResource(text: string, asked: Asked): Problem {
  const { actions } = asked
  const code = 'RESOURCE_UNKNOWN'
  const [, bucket, slash] = /^(arn:[^:]*:s3:::[^/]+)(\/?)/.exec(text) ?? []
  if (bucket !== undefined && isOf(actions, 's3')) {
    const listed = listWords(actions, 'and')
    return slash === ''
      ? { code, message: `${listed}: that is about objects, not about a bucket itself`, hint: `${bucket}/*` }
      : { code, message: `${listed}: that is about a bucket itself, not about its objects`, hint: bucket }
  }
  const services = [...new Set(actions.map((action) => action.split(':')[0]))].join(', ')
  const message = `nothing that ${services} acts on is called ${JSON.stringify(text)}`
  return { code, message, hint: resourceHint(text, asked) }
}

function resourceHint(text: string, asked: Asked): string {
  const { resources, roles, users } = asked.account
  const own = new Set(['models', 'team', 'member', 'role', 'user'].map((kind) => `${kind}/${text}`))
  const roleNames = roles.map(({ declared, name }) => {
    if (declared === undefined || declared === 'administrator') return `role/${name}`
    return declared.replace(/^platform\//, '')
  })
  const names = [...resources.map(nameOf), ...roleNames, ...users.map(({ name }) => `user/${name}`)]
  const fitting = [...new Set(names)].filter((name) => targetsOfName(name, asked).length > 0)
  const head = text.split('/')[0] ?? ''
  return (
    fitting.find((name) => own.has(name)) ??
    nameHint(fitting.includes(head) ? text : head, fitting) ??
    'an ARN, since these actions are about nothing that has a name here'
  )
}

/** Of a declared resource its name in the file, with `models/` for a model. */
function nameOf({ declared, name }: AccountResource): string {
  if (declared?.startsWith('dataset/')) return declared.slice('dataset/'.length)
  return declared?.startsWith('model/') ? `models/${declared.slice('model/'.length)}` : name
}

const isOf = (actions: readonly string[], service: string): boolean =>
  actions.some((action) => action === '*' || action.toLowerCase().startsWith(`${service}:`))

/** The actions of one service among them; `*` is all of it. */
const narrowed = (actions: readonly string[], service: string): readonly string[] =>
  actions.flatMap((action) =>
    action === '*' ? [`${service}:*`] : action.toLowerCase().startsWith(`${service}:`) ? [action] : [],
  )

function everyTarget(asked: Asked): readonly Target[] {
  const { account, actions } = asked
  const own = account.resources.flatMap((resource) => ofResource(resource, undefined, actions))
  const roles = account.roles.flatMap((role) => ofTrust(role, actions))
  return [...own, ...roles, ...restOf(['*'], asked)]
}

/** The path of a bucket's objects: `raw/` is all below it. */
function ofBucket(
  bucket: AccountResource,
  path: string | undefined,
  actions: readonly string[],
): readonly Target[] {
  const s3 = narrowed(actions, 's3')
  if (path === undefined || path === '')
    return [{ resource: bucket, shape: { actions: s3, resources: arnsInBucket(bucket.arn, s3) } }]
  const pattern = literalPattern(path.endsWith('/') ? `${path}*` : path)
  const listing = actionsAskedFor({ actions: s3 }, ['s3:ListBucket', 's3:ListBucketVersions'])
  const onlyLists = s3.every((one) => /^s3:listbucket/i.test(one))
  return [
    ...(onlyLists
      ? []
      : [{ resource: bucket, shape: { actions: s3, resources: [`${bucket.arn}/${pattern}`] } }]),
    ...(listing.length === 0
      ? []
      : [
          {
            resource: bucket,
            shape: {
              actions: listing,
              resources: [bucket.arn],
              condition: { StringLike: { 's3:prefix': pattern } },
            },
          },
        ]),
  ]
}

function ofResource(
  resource: AccountResource,
  path: string | undefined,
  actions: readonly string[],
): readonly Target[] {
  if (resource.kind === 'bucket') return isOf(actions, 's3') ? ofBucket(resource, path, actions) : []
  const service = resource.arn.split(':')[2] ?? ''
  if (!isOf(actions, service)) return []
  return [{ resource, shape: { actions: narrowed(actions, service), resources: [resource.arn] } }]
}

function ofRole(role: AccountRole, actions: readonly string[]): readonly Target[] {
  const iam = narrowed(actions, 'iam')
  return [
    ...ofTrust(role, actions),
    ...(iam.length === 0 ? [] : [{ shape: { actions: iam, resources: [role.arn] } }]),
  ]
}

/** Who acts as it. */
function ofTrust(role: AccountRole, actions: readonly string[]): readonly Target[] {
  const sts = narrowed(actions, 'sts')
  return sts.length === 0 ? [] : [{ resource: role, shape: { actions: sts, resources: [role.arn] } }]
}

function targetsOfName(text: string, asked: Asked): readonly Target[] {
  const { account, actions } = asked
  const role = account.roles.find(
    ({ declared, name }) => `role/${name}` === text || (declared !== 'administrator' && declared === text),
  )
  if (role && !isOf(actions, 'sagemaker')) return ofRole(role, actions)
  const user = account.users.find(({ declared, name }) => `user/${name}` === text || declared === text)
  if (user) {
    const own = [...narrowed(actions, 'iam'), ...narrowed(actions, 'sts')]
    return own.length === 0 ? [] : [{ shape: { actions: own, resources: [user.arn] } }]
  }
  const stores = account.resources.flatMap((resource) => {
    const name = nameOf(resource)
    if (text === name) return ofResource(resource, undefined, actions)
    return text.startsWith(`${name}/`) ? ofResource(resource, text.slice(name.length + 1), actions) : []
  })
  if (stores.length > 0) return stores
  const platform = account.roles.find(
    ({ declared }) => declared === `platform/${text.replace(/^platforms?\//, '')}`,
  )
  return platform ? ofPlatform(platform, asked) : []
}

/** The things of a platform carry its name: `training--TEAM--…`. */
function ofPlatform(role: AccountRole, { account, actions, catalogue }: Asked): readonly Target[] {
  const name = role.declared?.slice('platform/'.length) ?? ''
  const sagemaker = narrowed(actions, 'sagemaker')
  const things = `arn:${account.partition}:sagemaker:${account.region ?? '*'}:${account.account}`
  const resources = typesOf(sagemaker, catalogue).map((type) => `${things}:${type}/${name}--*`)
  return [
    ...(sagemaker.length === 0 ? [] : [{ shape: { actions: sagemaker, resources } }]),
    ...ofRole(role, actions),
  ]
}

/** The types of resources that actions take, as their ARNs have them; `*` for all where an action takes none. */
function typesOf(actions: readonly string[], catalogue: ActionCatalogue): readonly string[] {
  const groups = catalogue.groups('sagemaker').filter(
    ({ names }) =>
      actionsAskedFor(
        { actions },
        names.map((one) => `sagemaker:${one}`),
      ).length > 0,
  )
  const types = groups.flatMap(({ forms }) =>
    forms.length === 0 ? ['*'] : forms.map((form) => form.split(':')[5]?.split('/')[0] ?? '*'),
  )
  return types.includes('*') ? ['*'] : [...new Set(types)]
}

/** With wildcards an ARN is about what the account does not describe, too. */
function targetsOfArn(text: string, asked: Asked): readonly Target[] {
  const described = describedByArn(text, asked)
  if (!/[*?]/.test(text)) return described.length === 0 ? undescribed(text, asked) : described
  const isOther = described.length === 0 && isBucketArn(text.split(':'))
  return isOther ? [] : [...described, ...restOf([literalPattern(text)], asked)]
}

function describedByArn(text: string, { account, actions }: Asked): readonly Target[] {
  const segments = text.split(':')
  if (segments.length < 6) return []
  if (isBucketArn(segments)) {
    const last = segments.slice(5).join(':')
    const slash = last.indexOf('/')
    const name = slash < 0 ? last : last.slice(0, slash)
    const path = slash < 0 ? undefined : last.slice(slash + 1)
    if (!isOf(actions, 's3')) return []
    // A star at the end goes on into the names of objects.
    const isAll = path === undefined && name.endsWith('*')
    return bucketsLike(name, account).flatMap((bucket) =>
      isAll ? ofBucket(bucket, undefined, actions) : ofExactPath(bucket, path, actions),
    )
  }
  const role = account.roles.filter(({ arn }) => covers(text, arn))
  if (role.length > 0) return role.flatMap((one) => (/[*?]/.test(text) ? ofTrust : ofRole)(one, actions))
  const own = account.resources.filter((one) => one.kind !== 'bucket' && isSame(text, one))
  return own.flatMap((one) => ofResource(one, undefined, actions))
}

function undescribed(text: string, { account, actions }: Asked): readonly Target[] {
  const segments = text.split(':')
  const isDescribed =
    account.roles.some(({ arn }) => arn === text) ||
    account.resources.some((one) => one.kind !== 'bucket' && isSame(text, one))
  if (segments.length < 6 || isBucketArn(segments) || isDescribed) return []
  return [{ shape: { actions, resources: [literalPattern(text)] } }]
}

const isBucketArn = ([, , service, region, account]: readonly string[]): boolean =>
  service === 's3' && region === '' && account === ''

/** An ARN means what it says: the bucket alone, or exactly these objects. */
function ofExactPath(
  bucket: AccountResource,
  path: string | undefined,
  actions: readonly string[],
): readonly Target[] {
  const s3 = narrowed(actions, 's3')
  const takesOnly = arnsInBucket(bucket.arn, s3)
  // Of objects alone or of the bucket alone: then there is no such request.
  if (takesOnly.length === 1 && (takesOnly[0] === bucket.arn) !== (path === undefined)) return []
  const resources = [path === undefined ? bucket.arn : `${bucket.arn}/${literalPattern(path)}`]
  return [{ resource: bucket, shape: { actions: s3, resources } }]
}

/** Buckets of the account, or one that it does not describe: nothing is known of that one's policy. */
function bucketsLike(name: string, account: Account): readonly AccountResource[] {
  const found = account.resources.filter((one) => one.kind === 'bucket' && covers(name, one.name))
  if (found.length > 0 || /[*?]/.test(name)) return found
  const arn = `arn:${account.partition}:s3:::${name}`
  return [{ kind: 'bucket', arn, name, policy: { name: `policy of ${arn}, which is not described` } }]
}

/** Keys of a plan have no ids yet: any key's ARN may be theirs, and their alias is; secrets lack AWS's six characters. */
function isSame(text: string, resource: AccountResource): boolean {
  if (covers(text, resource.arn) || covers(resource.arn, text) || `${text}-??????` === resource.arn)
    return true
  const aliases = [resource.keys?.['kms:ResourceAliases'] ?? []].flat().map(String)
  return aliases.some((alias) => covers(text.split(':').slice(5).join(':'), alias))
}
