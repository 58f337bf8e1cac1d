import type { Decision, LayerName } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import type { Call, Requirement } from '../call.js'

/** How AWS calls the layers (IAM User Guide, "Troubleshoot access denied error messages"). */
const layerNames: Readonly<Record<LayerName, string>> = {
  serviceControl: 'service control policy',
  resourceControl: 'resource control policy',
  vpcEndpoint: 'VPC endpoint policy',
  publicAccessBlock: 'S3 Block Public Access setting',
  resource: 'resource-based policy',
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
}

/** The error of a request that is not allowed, in AWS's words. */
export function denial(call: Call, requirement: Requirement, decision: Decision): AwsError {
  return accessDenied(call, message(call, requirement, decision))
}

export function accessDenied(call: Pick<Call, 'service'>, text: string): AwsError {
  const json =
    /^(kms|organizations|sso-admin|identitystore|sagemaker|sagemaker-runtime|secretsmanager)$/.test(
      call.service,
    )
  return json
    ? new AwsError('AccessDeniedException', text, call.service === 'sagemaker-runtime' ? 403 : 400)
    : new AwsError('AccessDenied', text, 403)
}

function message(call: Call, requirement: Requirement, decision: Decision): string {
  const { action, resource } = requirement
  const { principal, account } = call.caller
  if (call.service === 's3') {
    // S3 tells reasons within the account only (S3 User Guide, "Troubleshoot access denied errors").
    const foreign = requirement.resourceAccount !== undefined && requirement.resourceAccount !== account
    if (principal === 'anonymous' || foreign) return 'Access Denied'
  }
  const named = call.service === 's3' ? `"${resource}"` : resource
  const place = resource === '*' ? '' : ` on resource: ${named}`
  return `User: ${principal} is not authorized to perform: ${action}${place} ${reason(action, decision)}`
}

function reason(action: string, decision: Decision): string {
  const trust = /^sts:(AssumeRole|TagSession|SetSourceIdentity)/.test(action)
  const name = (layer: LayerName) => (trust && layer === 'resource' ? 'role trust policy' : layerNames[layer])
  if (decision.decision === 'explicitDeny') {
    const layer = decision.statements[0]?.layer
    return layer === undefined ? 'with an explicit deny' : `with an explicit deny in a ${name(layer)}`
  }
  const missing = decision.missing ?? 'identity'
  if (missing === 'publicAccessBlock') {
    return 'because public access is prevented by the RestrictPublicBuckets setting in S3 Block Public Access'
  }
  return `because no ${name(missing)} allows the ${action} action`
}
