import type { Account, AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import { identityPoliciesOf } from '../account/read-policies.js'
import { documentsOf } from './mentioned.js'
import { matcher } from './text-matcher.js'

type Principal = AccountUser | AccountRole

/**
 * Users and roles in groups of which no policy of the account tells one member from another: they have the same
 * policies, boundary, groups, tags and credentials, trust the same, and every text in a policy that could mean one of
 * them means all or none. What one of a group can do, each can, about itself where it is about itself.
 */
export function groupsAlike(account: Account): readonly (readonly Principal[])[] {
  const texts = new Texts(account)
  const groups = new Map<string, Principal[]>()
  for (const one of [...account.users, ...account.roles]) {
    const key = texts.tellApart(one) ? one.arn : `${signatureOf(one)}|${texts.matching(one).join()}`
    const known = groups.get(key)
    if (known) known.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}

/** What holds for a principal, but for what it is called. */
function signatureOf(one: Principal): string {
  const { kind, attached, inline, permissionsBoundary, tags } = one
  const sorted = tags && Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const own =
    one.kind === 'user'
      ? [[...one.groups].toSorted(), one.accessKeys, one.hasLoginProfile]
      : [documentOf(one.trust), one.instanceProfiles === undefined ? '?' : one.instanceProfiles.length > 0]
  return JSON.stringify([
    kind,
    permissionsBoundary,
    sorted,
    [...attached].toSorted(),
    inline.map(documentOf),
    own,
  ])
}

function documentOf({ document, name }: NamedPolicy): unknown {
  return document ?? name
}

/** Texts in policies that users and roles are told apart by. */
class Texts {
  private readonly exact = new Map<string, number>()
  private readonly patterns: (readonly [RegExp, number])[] = []
  private readonly ofWhom: WeakMap<NamedPolicy, boolean> = new WeakMap()
  private readonly everywhere: boolean

  constructor(private readonly account: Account) {
    for (const { document } of documentsOf(account)) for (const text of textsIn(document)) this.add(text)
    const around = [account.serviceControlPolicies, account.resourceControlPolicies].flatMap((levels) =>
      (levels ?? []).flat(),
    )
    const resources = [
      ...account.resources.flatMap(({ policy }) => policy ?? []),
      ...account.roles.map(({ trust }) => trust),
    ]
    this.everywhere = [...around, ...resources].some((policy) => this.namesCaller(policy))
  }

  /** Whether a policy means each one by a variable, so that nobody is like anybody else. */
  tellApart(one: Principal): boolean {
    return this.everywhere || identityPoliciesOf(this.account, one).some((policy) => this.namesCaller(policy))
  }

  /** Which of the texts mean a principal. */
  matching({ arn, name, uniqueId }: Principal): readonly number[] {
    const names = [arn, name, ...(uniqueId === undefined ? [] : [uniqueId])]
    const exact = names.flatMap((one) => this.exact.get(one) ?? [])
    const matched = this.patterns.flatMap(([pattern, id]) =>
      names.some((one) => pattern.test(one)) ? [id] : [],
    )
    return [...exact, ...matched]
  }

  private add(text: string): void {
    if (this.exact.has(text)) return
    this.exact.set(text, this.exact.size)
    const isOther = text.startsWith('arn:') && !/^arn:[^:]*:(iam|sts|\*|[^:]*[*?][^:]*):/.test(text)
    if (isOther || !/[*?]/.test(text) || /^[*?]+$/.test(text)) return
    this.patterns.push([matcher(text), this.exact.size])
  }

  /**
   * A variable whose value differs from one to the next. The caller's own name at the end of an ARN of IAM means the
   * caller alone, so it tells nobody apart from others.
   */
  private namesCaller(policy: NamedPolicy): boolean {
    let names = this.ofWhom.get(policy)
    if (names === undefined) {
      names = [...textsIn(policy.document)].some(
        (text) =>
          text.includes('${aws:') &&
          !/^arn:[^:]*:iam::[^:]*:(user|mfa)\/([^$]*\/)?\$\{aws:username\}$/.test(text),
      )
      this.ofWhom.set(policy, names)
    }
    return names
  }
}

/** Every text of a document, at any depth, but for what it calls its parts and the actions. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (Array.isArray(value)) for (const one of value as readonly unknown[]) yield* textsIn(one)
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) if (!skipped.has(key)) yield* textsIn(one)
}

const skipped: ReadonlySet<string> = new Set(['Version', 'Id', 'Sid', 'Effect', 'Action', 'NotAction'])
