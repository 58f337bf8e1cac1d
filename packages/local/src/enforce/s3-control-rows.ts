import type { S3Control } from '@aws-sdk/client-s3-control'
import type { Call, Requirement } from '../call.js'
import type { Rows } from './requirements.js'
import { requestTags, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'
import { bucketRequirement } from './s3-rows.js'

/* Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3". */

/** Settings of the account itself; asked about another account, nobody is allowed. */
function onAccount(action: string) {
  return (input: { readonly AccountId?: string | undefined }, call: Call): Requirement[] => [
    { action, resource: '*', resourceAccount: input.AccountId ?? call.caller.account },
  ]
}

function onTagged(
  action: string,
  input: { readonly ResourceArn?: string | undefined },
  call: Call,
  view: ResourceView,
) {
  const arn = input.ResourceArn ?? ''
  return { ...bucketRequirement(action, arn.replace(/^arn:aws:s3:::/, ''), call, view), resource: arn }
}

export const s3ControlRows: Rows<S3Control> = {
  GetPublicAccessBlock: onAccount('s3:GetAccountPublicAccessBlock'),
  PutPublicAccessBlock: onAccount('s3:PutAccountPublicAccessBlock'),
  DeletePublicAccessBlock: onAccount('s3:PutAccountPublicAccessBlock'),
  ListTagsForResource: (input, call, view) => [onTagged('s3:ListTagsForResource', input, call, view)],
  TagResource: (input, call, view) => {
    const one = onTagged('s3:TagResource', input, call, view)
    return [{ ...one, context: { ...one.context, ...requestTags(input.Tags) } }]
  },
  UntagResource: (input, call, view) => {
    const one = onTagged('s3:UntagResource', input, call, view)
    return [{ ...one, context: { ...one.context, ...tagKeys(input.TagKeys) } }]
  },
}
