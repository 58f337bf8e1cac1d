import type { STS } from '@aws-sdk/client-sts'
import type { RequestContext } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import { iamArn, rootArn } from '../iam/identifiers.js'
import { checkMfaCode } from '../iam/mfa-codes.js'
import { nameKey } from '../iam/tables.js'
import { keys, requestTags, resourceTags } from './requirements.js'
import type { Rows } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Security Token
 * Service", and IAM User Guide, "Pass session tags in AWS STS" (tags and source identity are permissions of
 * their own).
 */

function roleTags(roleArn: string | undefined, view: ResourceView) {
  const [, , , , account = '', rest = ''] = (roleArn ?? '').split(':')
  const role = view.iam.roles.get(nameKey(account, rest.slice(rest.lastIndexOf('/') + 1)))
  return role?.arn === roleArn ? resourceTags(role?.tags, 'aws', 'iam') : {}
}

/** A code that comes with the request counts for it as for the session that it makes. */
function mfaContext(
  input: { readonly SerialNumber?: string | undefined; readonly TokenCode?: string | undefined },
  call: Call,
  view: ResourceView,
): RequestContext {
  if (input.SerialNumber === undefined && input.TokenCode === undefined) return {}
  checkMfaCode(view.iam, call, input.SerialNumber, input.TokenCode)
  return { 'aws:MultiFactorAuthPresent': true, 'aws:MultiFactorAuthAge': 0 }
}

export const stsRows: Rows<STS> = {
  // "No permissions are required to perform this operation." (API Reference, GetCallerIdentity, GetSessionToken)
  GetCallerIdentity: () => [],
  GetSessionToken: () => [],
  GetAccessKeyInfo: () => [{ action: 'sts:GetAccessKeyInfo', resource: '*' }],
  AssumeRole: (input, call, view) => {
    // Whatever a trust policy says (IAM User Guide, "Methods to assume a role").
    if (call.caller.principal === rootArn(call.caller.account)) {
      throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.', 403)
    }
    const tags = input.Tags ?? []
    const sourceIdentity = input.SourceIdentity ?? call.caller.session?.sourceIdentity
    const context = {
      ...roleTags(input.RoleArn, view),
      ...requestTags(tags),
      ...mfaContext(input, call, view),
      ...keys({
        'sts:ExternalId': input.ExternalId,
        'sts:RoleSessionName': input.RoleSessionName,
        'sts:SourceIdentity': sourceIdentity,
        'sts:TransitiveTagKeys': input.TransitiveTagKeys,
      }),
    }
    const resource = input.RoleArn ?? ''
    // A transitive tag of the calling session goes on to the next one without being asked for again.
    const inherited = call.caller.session?.transitiveTagKeys.length ?? 0
    return [
      { action: 'sts:AssumeRole', resource, context },
      ...(tags.length + inherited > 0 ? [{ action: 'sts:TagSession', resource, context }] : []),
      ...(sourceIdentity === undefined ? [] : [{ action: 'sts:SetSourceIdentity', resource, context }]),
    ]
  },
  GetFederationToken: (input, call) => {
    const resource = iamArn(call.caller.account, `federated-user/${input.Name ?? ''}`).replace(
      ':iam:',
      ':sts:',
    )
    const context = requestTags(input.Tags)
    return [
      { action: 'sts:GetFederationToken', resource, context },
      ...((input.Tags?.length ?? 0) > 0 ? [{ action: 'sts:TagSession', resource, context }] : []),
    ]
  },
  // The token is the credential: the trust policy is asked by the operation, once the token is verified.
  AssumeRoleWithWebIdentity: () => [],
}
