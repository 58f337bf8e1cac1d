import type { SecretsManager } from '@aws-sdk/client-secrets-manager'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import type { Rows } from './requirements.js'
import { keys, requestTags, resourceTags, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Secrets Manager".
 */

interface SecretInput {
  readonly SecretId?: string | undefined
}

/** A permission on a secret, named by its name or ARN. */
function onSecret<Input extends SecretInput>(action: string, more?: (input: Input) => RequestContext) {
  return (input: Input, call: Call, view: ResourceView): Requirement[] => [
    requirement(action, input.SecretId ?? '', call, view, more?.(input)),
  ]
}

function requirement(
  action: string,
  id: string,
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  const secret = view.secret(id, call.caller.account, call.region)
  const resource = secret?.arn ?? unmadeArn(id, call)
  return {
    action,
    resource,
    context: {
      ...resourceTags(secret?.tags, 'aws', 'secretsmanager'),
      ...keys({ 'secretsmanager:SecretId': resource }),
      ...more,
    },
  }
}

/** What a policy can say of a secret that is not there: all but the six characters that AWS would add. */
function unmadeArn(id: string, call: Call): string {
  if (id.startsWith('arn:')) return id
  return `arn:aws:secretsmanager:${call.region}:${call.caller.account}:secret:${id}-??????`
}

export const secretsManagerRows: Rows<SecretsManager> = {
  CreateSecret: (input, call) => {
    const resource = unmadeArn(input.Name ?? '', call)
    const tags = requestTags(input.Tags)
    const context = {
      ...tags,
      ...keys({
        'secretsmanager:Name': input.Name,
        'secretsmanager:Description': input.Description,
        'secretsmanager:KmsKeyId': input.KmsKeyId,
        'secretsmanager:ForceOverwriteReplicaSecret': input.ForceOverwriteReplicaSecret,
      }),
    }
    return [
      { action: 'secretsmanager:CreateSecret', resource, context },
      ...(Object.keys(tags).length === 0
        ? []
        : [{ action: 'secretsmanager:TagResource', resource, context: tags }]),
    ]
  },
  DescribeSecret: onSecret('secretsmanager:DescribeSecret'),
  UpdateSecret: onSecret(
    'secretsmanager:UpdateSecret',
    (input: SecretInput & { readonly Description?: string; readonly KmsKeyId?: string }) =>
      keys({
        'secretsmanager:Description': input.Description,
        'secretsmanager:KmsKeyId': input.KmsKeyId,
      }),
  ),
  DeleteSecret: onSecret(
    'secretsmanager:DeleteSecret',
    (
      input: SecretInput & {
        readonly RecoveryWindowInDays?: number
        readonly ForceDeleteWithoutRecovery?: boolean
      },
    ) =>
      keys({
        'secretsmanager:RecoveryWindowInDays': input.RecoveryWindowInDays,
        'secretsmanager:ForceDeleteWithoutRecovery': input.ForceDeleteWithoutRecovery,
      }),
  ),
  RestoreSecret: onSecret('secretsmanager:RestoreSecret'),
  ListSecrets: () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
  TagResource: onSecret(
    'secretsmanager:TagResource',
    (input: SecretInput & { readonly Tags?: Parameters<typeof requestTags>[0] }) => requestTags(input.Tags),
  ),
  UntagResource: onSecret(
    'secretsmanager:UntagResource',
    (input: SecretInput & { readonly TagKeys?: readonly string[] | undefined }) => tagKeys(input.TagKeys),
  ),
  GetSecretValue: onSecret(
    'secretsmanager:GetSecretValue',
    (input: SecretInput & { readonly VersionId?: string; readonly VersionStage?: string }) =>
      keys({
        'secretsmanager:VersionId': input.VersionId,
        'secretsmanager:VersionStage': input.VersionStage ?? 'AWSCURRENT',
      }),
  ),
  PutSecretValue: onSecret('secretsmanager:PutSecretValue'),
  ListSecretVersionIds: onSecret('secretsmanager:ListSecretVersionIds'),
  UpdateSecretVersionStage: onSecret(
    'secretsmanager:UpdateSecretVersionStage',
    (input: SecretInput & { readonly VersionStage?: string }) =>
      keys({ 'secretsmanager:VersionStage': input.VersionStage }),
  ),
  GetResourcePolicy: onSecret('secretsmanager:GetResourcePolicy'),
  PutResourcePolicy: onSecret(
    'secretsmanager:PutResourcePolicy',
    (input: SecretInput & { readonly BlockPublicPolicy?: boolean }) =>
      keys({ 'secretsmanager:BlockPublicPolicy': input.BlockPublicPolicy ?? false }),
  ),
  DeleteResourcePolicy: onSecret('secretsmanager:DeleteResourcePolicy'),
}
