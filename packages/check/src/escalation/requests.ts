import type { AccountGroup, AccountRole, AccountUser } from '../account/account.js'
import type { FixedKeys } from './access-oracle.js'
import type { Facts } from './fact.js'
import { mentionedTags } from './mentioned.js'
import type { Request } from './offer.js'
import type { Ask } from './step.js'
import type { Entities } from './strengthen.js'

/** A request of a step, with the account and its target filled in. */
export function requestFor(ask: Ask, target: string, { account }: Entities, keys: FixedKeys = {}): Request {
  const resource = ask.on
    .replaceAll('{target}', target)
    .replaceAll('{partition}', account.partition)
    .replaceAll('{account}', account.account)
  return { action: ask.action, resource, keys: { ...ask.keys, ...keys } }
}

/** The name of every user, role, group or policy of an account. */
export function anyOf(kind: 'user' | 'role' | 'group' | 'policy', { account }: Entities): string {
  return `arn:${account.partition}:iam::${account.account}:${kind}/*`
}

/**
 * Actions whose requests say which boundary their user or role has, as `iam:PermissionsBoundary`.
 * [Service Authorization Reference, "Condition keys for AWS IAM"]
 */
const toldBoundary: ReadonlySet<string> = new Set(
  ['User', 'Role'].flatMap((kind) =>
    [
      `Attach${kind}Policy`,
      `Detach${kind}Policy`,
      `Put${kind}Policy`,
      `Delete${kind}Policy`,
      `Delete${kind}PermissionsBoundary`,
    ].map((name) => `iam:${name}`),
  ),
)

/**
 * Keys of requests to a user, role or group that follow from what it is: its boundary, and its tags as far as policies
 * ask for them. Those that were changed on the way can be anything.
 */
export function keysAbout(
  target: AccountUser | AccountRole | AccountGroup,
  action: string,
  facts: Facts,
  index: Entities,
): FixedKeys {
  const keys: Record<string, string | null> = {}
  const known = facts.of(target.arn)
  if (target.kind !== 'group' && toldBoundary.has(action) && !known.some(({ kind }) => kind === 'boundary'))
    keys['iam:PermissionsBoundary'] = target.permissionsBoundary ?? null
  // Groups have no tags.
  const tags = target.kind === 'group' ? {} : target.tags
  if (tags === undefined) return keys
  const byKey = new Map(Object.entries(tags).map(([tag, value]) => [tag.toLowerCase(), value]))
  const changed = new Set(facts.values(target.arn, 'tag'))
  for (const tag of mentionedTags(index.account).ofResources)
    if (!changed.has(tag))
      for (const service of ['aws', 'iam']) keys[`${service}:ResourceTag/${tag}`] = byKey.get(tag) ?? null
  return keys
}
