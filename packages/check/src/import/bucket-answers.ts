import type { PublicAccessBlock } from '@ringfence/policy'
import type { ResourceDraft, Source } from './drafts.js'
import { field, listField, textField } from './fields.js'
import type { Inventory } from './inventory.js'

/** The four switches of an answer of `get-public-access-block`; what it leaves out is off. */
export function readAccessBlock(configuration: unknown): PublicAccessBlock {
  return {
    blockPublicAcls: field(configuration, 'BlockPublicAcls') === true,
    ignorePublicAcls: field(configuration, 'IgnorePublicAcls') === true,
    blockPublicPolicy: field(configuration, 'BlockPublicPolicy') === true,
    restrictPublicBuckets: field(configuration, 'RestrictPublicBuckets') === true,
  }
}

/** The groups of everyone, and of everyone with any AWS account. [S3 guide, "ACL overview"] */
const publicGroup = /^https?:\/\/acs\.amazonaws\.com\/groups\/global\/(AllUsers|AuthenticatedUsers)$/

/** An answer of `get-bucket-acl`: what it grants to groups of everyone; what it grants to others is not proved about. */
export function readAcl(answer: unknown, bucket: ResourceDraft, inventory: Inventory, source: Source): void {
  const owner = textField(field(answer, 'Owner'), 'ID')
  const groups = new Set<string>()
  const others = new Set<string>()
  for (const grant of listField(answer, 'Grants')) {
    const grantee = field(grant, 'Grantee')
    const group = publicGroup.exec(textField(grantee, 'URI') ?? '')?.[1]
    if (group !== undefined) groups.add(group)
    else if (owner === undefined || textField(grantee, 'ID') !== owner) {
      const who = textField(grantee, 'URI') ?? textField(grantee, 'ID') ?? textField(grantee, 'EmailAddress')
      others.add(`${textField(grant, 'Permission') ?? 'something'} to ${who ?? 'somebody'}`)
    }
  }
  bucket.acls.push({ value: [...groups], source })
  if (others.size > 0) {
    const reason = `its ACL grants ${[...others].join(', ')}, which is no policy`
    inventory.unknown(bucket.arn, 'acl', reason, source)
  }
}

/** Whether ACLs count, by an answer of `get-bucket-ownership-controls`. */
export function readOwnership(controls: unknown, bucket: ResourceDraft, source: Source): void {
  const rules = listField(controls, 'Rules')
  const isOff = rules.some((rule) => field(rule, 'ObjectOwnership') === 'BucketOwnerEnforced')
  bucket.aclsInForce.push({ value: !isOff, source })
}
