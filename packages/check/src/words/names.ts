import type { Account, AccountResource, AccountRole } from '../account/account.js'
import { quoted } from './value-words.js'

/** What answers call the things of one account. */
export interface Names {
  /** 12 digits. */
  readonly account: string
  /** What describes the account: a declared file, or an import. */
  readonly describedBy: 'file' | 'account'
  /** `member ada`, `the role of platform training`, `user bob`; undefined for who is not in the account. */
  readonly principal: (arn: string) => string | undefined
  /** `user-data-a/raw/x`, `models/chat-base`, `the key of user-data-a`; else the ARN as it is. */
  readonly resource: (arn: string) => string
  /** A thing of the account: `user-data-a`, `the key of user-data-a`, `the role of team product`. */
  readonly of: (resource: AccountResource | AccountRole) => string
}

/**
 * Names for the things of an account: declared ones where a file declares them, in the spelling that commands take,
 * else AWS's. `describedBy` decides what those are called who are not among them; default `file` where something is
 * declared.
 */
export function namesOf(account: Account, describedBy?: Names['describedBy']): Names {
  const principals = new Map<string, string>()
  for (const one of [...account.users, ...account.roles]) {
    const words = principalName(one.kind, one.name, one.declared)
    principals.set(one.arn, words)
    // A session's ARN has no path.
    if (one.kind === 'role') principals.set(`role ${one.name}`, words)
  }
  const buckets = new Map<string, string>()
  const others = new Map<string, string>()
  for (const resource of account.resources) {
    if (resource.kind === 'bucket') buckets.set(resource.name, storeName(resource))
    // AWS picks the ids of keys that a plan makes, so that they share a pattern.
    else others.set(resource.arn, others.has(resource.arn) ? quoted(resource.arn) : otherName(resource))
  }
  const platforms = new Set(account.roles.flatMap(({ declared }) => declared ?? []))
  /** Jobs and endpoints carry the names of their platform and team. */
  const platformThing = (arn: string): string | undefined => {
    const [, type, platform, rest] =
      /^arn:[^:]+:sagemaker:[^:]*:\d{12}:([a-z-]+)\/([^/]+?)--(.*)$/s.exec(arn) ?? []
    return platforms.has(`platform/${platform}`)
      ? `the ${type}s ${quoted(`${platform}--${rest}`)} of platform ${platform}`
      : undefined
  }
  const isDeclared = [...account.users, ...account.roles].some(({ declared }) => declared !== undefined)
  return {
    account: account.account,
    describedBy: describedBy ?? (isDeclared ? 'file' : 'account'),
    principal: (arn) => {
      const session = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn)
      return session?.[1] === account.account ? principals.get(`role ${session[2]}`) : principals.get(arn)
    },
    resource: (arn) => {
      const [, bucket, key] = /^arn:[^:]+:s3:::([^/]+)(\/.*)?$/s.exec(arn) ?? []
      const store = bucket === undefined ? undefined : buckets.get(bucket)
      if (store !== undefined) return quoted(`${store}${key ?? ''}`)
      return others.get(arn) ?? platformThing(arn) ?? quoted(arn)
    },
    of: (resource) => {
      if (resource.kind === 'role') return principals.get(resource.arn) ?? resource.arn
      return resource.kind === 'bucket' ? quoted(storeName(resource)) : otherName(resource)
    },
  }
}

function principalName(kind: 'user' | 'role', name: string, declared: string | undefined): string {
  const [type, ...rest] = declared?.split('/') ?? []
  switch (type) {
    case 'member':
      return `member ${rest.join('/')}`
    case 'team':
    case 'platform':
      return `the role of ${type} ${rest.join('/')}`
    case 'administrator':
      return `administrator ${kind}/${name}`
    default:
      return `${kind} ${name}`
  }
}

/** As a declared file refers to it: a dataset by its name, a model as `models/NAME`. */
function storeName({ declared, name }: AccountResource): string {
  if (declared?.startsWith('dataset/')) return declared.slice('dataset/'.length)
  if (declared?.startsWith('model/')) return `models/${declared.slice('model/'.length)}`
  return name
}

function otherName(resource: AccountResource): string {
  if (resource.kind === 'key')
    return `the key ${resource.declared === undefined ? resource.name : `of ${storeName(resource)}`}`
  if (resource.declared?.startsWith('member/') === true)
    return `the access key of ${resource.declared.slice('member/'.length)}`
  return quoted(resource.arn)
}
