import type { Account, AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import { identityPoliciesOf } from '../account/read-policies.js'
import { documentsOf } from './mentioned.js'
import { matcher } from './text-matcher.js'

type Principal = AccountUser | AccountRole

/**
 * Users and roles in groups of which no policy of the account tells one member from another: they have the same
 * policies, boundary, groups, tags and credentials, trust the same, every list in a policy that names one of them names
 * all, and every pattern takes all or none. So an account is the same with any two of them exchanged: what one of a
 * group can do, each can, about itself where it is about itself.
 */
export function groupsAlike(
  account: Account,
  /** ARNs of whom to keep apart from all others. */
  administrators: ReadonlySet<string>,
): readonly (readonly Principal[])[] {
  const texts = new Texts(account)
  const groups = new Map<string, Principal[]>()
  for (const one of [...account.users, ...account.roles]) {
    const isApart = administrators.has(one.arn) || texts.tellApart(one)
    const key = isApart ? one.arn : `${signatureOf(one)}|${texts.matching(one).join()}`
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
  /** By text, the lists in which it stands: their order says nothing. */
  private readonly lists = new Map<string, number[]>()
  private listCount = 0
  private readonly patterns: (readonly [RegExp, number])[] = []
  private readonly ofWhom: WeakMap<NamedPolicy, boolean> = new WeakMap()
  private readonly everywhere: boolean

  constructor(private readonly account: Account) {
    for (const { document } of documentsOf(account))
      for (const list of listsIn(document)) {
        this.listCount++
        for (const text of new Set(list)) this.add(text)
      }
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

  /** Which lists name a principal, by what name, and which patterns take it. */
  matching({ arn, name, uniqueId }: Principal): readonly string[] {
    const names = [arn, name, ...(uniqueId === undefined ? [] : [uniqueId])]
    const named = names.map((one) => (this.lists.get(one) ?? []).join(' '))
    const matched = this.patterns.flatMap(([pattern, id]) =>
      names.some((one) => pattern.test(one)) ? [id] : [],
    )
    return [...named, matched.join(' ')]
  }

  private add(text: string): void {
    const known = this.lists.get(text)
    if (known !== undefined) {
      known.push(this.listCount)
      return
    }
    this.lists.set(text, [this.listCount])
    const isOther = text.startsWith('arn:') && !/^arn:[^:]*:(iam|sts|\*|[^:]*[*?][^:]*):/.test(text)
    if (isOther || !/[*?]/.test(text) || /^[*?]+$/.test(text)) return
    this.patterns.push([matcher(text), this.lists.size])
  }

  /**
   * A variable whose value differs from one to the next. The caller's own name at the end of an ARN of IAM means the
   * caller alone, so it tells nobody apart from others.
   */
  private namesCaller(policy: NamedPolicy): boolean {
    let names = this.ofWhom.get(policy)
    if (names === undefined) {
      names = [...listsIn(policy.document)]
        .flat()
        .some(
          (text) =>
            text.includes('${aws:') &&
            !/^arn:[^:]*:iam::[^:]*:(user|mfa)\/([^$]*\/)?\$\{aws:username\}$/.test(text),
        )
      this.ofWhom.set(policy, names)
    }
    return names
  }
}

/**
 * The lists of texts of a document, at any depth, but for what it calls its parts and the actions. A text that stands
 * alone is a list of one.
 */
function* listsIn(value: unknown): Generator<readonly string[]> {
  if (typeof value === 'string') yield [value]
  else if (Array.isArray(value)) {
    const all = value as readonly unknown[]
    yield all.filter((one) => typeof one === 'string')
    for (const one of all) if (typeof one !== 'string') yield* listsIn(one)
  } else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) if (!skipped.has(key)) yield* listsIn(one)
}

const skipped: ReadonlySet<string> = new Set(['Version', 'Id', 'Sid', 'Effect', 'Action', 'NotAction'])
