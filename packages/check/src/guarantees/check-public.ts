import type { AuthorizationRequest } from '@ringfence/policy'
import { combinePublicAccessBlocks, isPublicPolicy } from '@ringfence/policy'
import type { AccountResource } from '../account/account.js'
import { noneAllowed } from './ask.js'
import { explainRefutation } from './explain-refutation.js'
import type { Answer } from './finding.js'
import { administratorParties } from './parties.js'
import { makeRegion } from './region.js'
import type { Party, Setting } from './setting.js'
import { arnsOf } from '../account/layers-of.js'

/**
 * Whether a bucket is public in AWS's own sense, and stays so: its policy is not public, whatever access blocks are
 * in force; and all four of these are, so that neither a policy nor an ACL can make it public.
 * [S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public"]
 */
export function checkPublic(setting: Setting, bucket: AccountResource, outside: readonly Party[]): Answer {
  const policy = outside[0]?.question.layers.resourcePolicy
  if (policy !== undefined && isPublicPolicy(policy)) {
    const unblocked = outside.map((party) => {
      const { publicAccessBlock: _, ...layers } = party.question.layers
      return { ...party, question: { ...party.question, layers } }
    })
    const answer = noneAllowed(setting, unblocked, makeRegion([{ Action: 's3:*', Resource: arnsOf(bucket) }]))
    if (answer.proof !== 'proved') return answer
    return {
      proof: 'unknown',
      reason: `AWS takes the policy of ${bucket.name} for public, though it lets nobody in`,
    }
  }
  const block = combinePublicAccessBlocks(setting.account.publicAccessBlock, bucket.publicAccessBlock)
  if (!block.blockPublicAcls || !block.ignorePublicAcls)
    return opened(setting, bucket, 's3:PutBucketAcl', { 's3:x-amz-acl': 'public-read' })
  if (!block.blockPublicPolicy || !block.restrictPublicBuckets)
    return opened(setting, bucket, 's3:PutBucketPolicy', {})
  return { proof: 'proved', world: 'allActions' }
}

/** A request of an administrator after which the bucket would be public. */
function opened(
  setting: Setting,
  bucket: AccountResource,
  action: string,
  context: Readonly<Record<string, string>>,
): Answer {
  const [party] = administratorParties(setting, bucket)
  const [administrator] = party?.question.who.only ?? []
  if (party === undefined || administrator === undefined)
    return { proof: 'unknown', reason: `S3 Block Public Access of ${bucket.name} is not on` }
  const isRole = party.question.who.kind === 'session'
  const { account } = setting
  const request: AuthorizationRequest = {
    principal: isRole
      ? `arn:${account.partition}:sts::${account.account}:assumed-role/${administrator.slice(administrator.lastIndexOf('/') + 1)}/session`
      : administrator,
    action,
    resource: bucket.arn,
    resourceAccount: account.account,
    context: {
      'aws:SecureTransport': true,
      ...(isRole ? { 'aws:PrincipalArn': administrator } : {}),
      ...context,
    },
  }
  const refutation = explainRefutation(account, party.question, request, party.called)
  return refutation.decision === 'allow'
    ? { proof: 'refuted', refutation }
    : { proof: 'unknown', reason: `S3 Block Public Access of ${bucket.name} is not on` }
}
