import type { PublicAccessBlock } from '@ringfence/policy'
import type { AccountResource, NamedPolicy } from '../account/account.js'
import type { Fact, ResourceDraft } from './drafts.js'
import type { Inventory } from './inventory.js'
import { settle, strongest } from './settle.js'

/**
 * The resources that files name, each with its policy; one whose policy no file has stands with a policy that is not
 * known. Keys are called by their aliases.
 */
export function settleResources(
  inventory: Inventory,
  accountBlock: PublicAccessBlock | undefined,
): AccountResource[] {
  return Array.from(inventory.resources.values(), (draft) => {
    const policy = policyOf(draft, inventory)
    const [alias] = draft.aliases
    return {
      kind: draft.kind,
      arn: draft.arn,
      name: alias ?? draft.name,
      ...(policy === undefined ? {} : { policy }),
      ...(draft.kind === 'bucket' ? bucketFacts(draft, accountBlock, inventory) : {}),
      ...(draft.aliases.size === 0 ? {} : { keys: { 'kms:ResourceAliases': [...draft.aliases] } }),
    }
  })
}

function policyOf(draft: ResourceDraft, inventory: Inventory): NamedPolicy | undefined {
  const [first] = draft.statements
  if (first) {
    const Statement = draft.statements.map(({ value }) => value)
    const document = { Version: '2012-10-17', Statement }
    draft.policies.push({
      value: inventory.policy(draft.arn, document, 'resource', first.source),
      source: first.source,
    })
  }
  const facts = draft.policies.length > 0 ? draft.policies : draft.ownPolicies
  const settled = settle(strongest(facts), 'its policy')
  if (settled.said === 'one') return settled.value
  if (settled.said === 'nothing' && draft.isMade) return undefined
  const title = { bucket: 'bucket policy', key: 'key policy', other: 'resource policy' }[draft.kind]
  const reason = settled.said === 'nothing' ? `no file has its ${title}` : settled.reason
  inventory.unknown(draft.arn, 'document', reason)
  return { name: draft.arn }
}

/** Absent settings block nothing, and no group; what is not told is taken so, and named. */
function bucketFacts(
  draft: ResourceDraft,
  accountBlock: PublicAccessBlock | undefined,
  inventory: Inventory,
): Pick<AccountResource, 'publicAccessBlock' | 'publicAcl'> {
  const block = settleBlock(draft.blocks, draft.arn, inventory)
  const ignored = block?.ignorePublicAcls || accountBlock?.ignorePublicAcls
  const inForce = settle(strongest(draft.aclsInForce), 'its ownership controls')
  const acl = settle(strongest(draft.acls), 'its ACL')
  const isOff = ignored || (inForce.said === 'one' && !inForce.value)
  if (!isOff) {
    const reason =
      acl.said === 'different'
        ? acl.reason
        : acl.said === 'nothing'
          ? 'no file tells its ACL and those of its objects, nor that they are not in force'
          : 'no file tells the ACLs of its objects, nor that they are not in force'
    inventory.unknown(draft.arn, 'acl', reason)
  }
  const groups = !isOff && acl.said === 'one' ? acl.value : []
  return {
    ...(block === undefined ? {} : { publicAccessBlock: block }),
    ...(groups.length === 0 ? {} : { publicAcl: groups }),
  }
}

/** Of a bucket or the account. Undefined: it has none, or it is not known. */
export function settleBlock(
  facts: readonly Fact<PublicAccessBlock | undefined>[],
  about: string,
  inventory: Inventory,
): PublicAccessBlock | undefined {
  const settled = settle(strongest(facts), 'the public access block')
  if (settled.said === 'one') return settled.value
  const reason = settled.said === 'nothing' ? 'no file tells its public access block' : settled.reason
  inventory.unknown(about, 'publicAccessBlock', reason)
  return undefined
}
