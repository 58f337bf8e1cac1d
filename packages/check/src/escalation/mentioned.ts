import type { Account, NamedPolicy } from '../account/account.js'

/** Keys of tags that policies of an account ask for, in lower case, sorted. */
export interface MentionedTags {
  readonly ofPrincipals: readonly string[]
  readonly ofResources: readonly string[]
}

const remembered = new WeakMap<Account, MentionedTags>()

/** Looks for `aws:PrincipalTag/…`, and for `aws:ResourceTag/…` and `iam:ResourceTag/…`, wherever policies name them. */
export function mentionedTags(account: Account): MentionedTags {
  let tags = remembered.get(account)
  if (tags === undefined) {
    const ofPrincipals = new Set<string>()
    const ofResources = new Set<string>()
    for (const { document } of documentsOf(account)) {
      if (document === undefined) continue
      for (const match of JSON.stringify(document).matchAll(
        /\b(aws|iam):(Principal|Resource)Tag\/([^"${},]+)/gi,
      )) {
        const [, , of, tag] = match
        const found = of?.toLowerCase() === 'principal' ? ofPrincipals : ofResources
        found.add((tag ?? '').trim().toLowerCase())
      }
    }
    tags = { ofPrincipals: [...ofPrincipals].toSorted(), ofResources: [...ofResources].toSorted() }
    remembered.set(account, tags)
  }
  return tags
}

/** Every policy of an account, of whatever kind. */
export function* documentsOf(account: Account): Generator<NamedPolicy> {
  for (const identity of [...account.users, ...account.roles, ...account.groups]) yield* identity.inline
  for (const { trust } of account.roles) yield trust
  for (const { versions } of account.managedPolicies) yield* versions
  for (const { policy } of account.resources) if (policy !== undefined) yield policy
  for (const levels of [account.serviceControlPolicies, account.resourceControlPolicies])
    for (const level of levels ?? []) yield* level
}

/** ARNs of managed policies that texts of policies match, sorted. */
export interface MentionedPolicies {
  readonly ofAws: readonly string[]
  readonly ofAccount: readonly string[]
}

const policiesByAccount = new WeakMap<Account, MentionedPolicies>()

/** A name that IAM takes and that no pattern matches unless it matches (nearly) every name. */
export const UNLIKELY_NAME = '=+@,=+@,'

/**
 * One managed policy for each text in the account's policies that names some: an exact ARN, or one that the pattern
 * matches; and one that nothing names.
 */
export function mentionedPolicies(account: Account): MentionedPolicies {
  let found = policiesByAccount.get(account)
  if (found === undefined) {
    const [aws, own] = ['aws', account.account].map(
      (owner) => `arn:${account.partition}:iam::${owner}:policy/`,
    )
    const arns = { aws: new Set([`${aws}${UNLIKELY_NAME}`]), own: new Set([`${own}${UNLIKELY_NAME}`]) }
    for (const { document } of documentsOf(account))
      for (const [text] of JSON.stringify(document ?? null).matchAll(
        /arn:[^":]*:iam:[^":]*:[^":]*:policy\/[^"]+/g,
      )) {
        const name = text.slice(text.indexOf(':policy/') + ':policy/'.length)
        if (name.includes('${')) continue
        const one = name.replaceAll('*', UNLIKELY_NAME).replaceAll('?', '=')
        const owner = text.split(':')[4] ?? ''
        if (owner === 'aws' || owner.includes('*')) arns.aws.add(`${aws}${one}`)
        if (owner !== 'aws') arns.own.add(`${own}${one}`)
      }
    found = { ofAws: [...arns.aws].toSorted(), ofAccount: [...arns.own].toSorted() }
    policiesByAccount.set(account, found)
  }
  return found
}
