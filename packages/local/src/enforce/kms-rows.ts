import type { KMS } from '@aws-sdk/client-kms'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { readCiphertextKey } from '../kms/ciphertext.js'
import { encryptionContext, kmsContext } from './kms-context.js'
import type { Rows } from './requirements.js'
import { keys, requestTags, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Key Management
 * Service", and KMS Developer Guide, "AWS KMS permissions" and "AWS KMS condition keys".
 */

interface KeyInput {
  readonly KeyId?: string | undefined
}

/** A permission on a key, named by id, ARN, alias or alias ARN. */
function onKey<Input extends KeyInput>(action: string, more?: (input: Input) => RequestContext) {
  return (input: Input, call: Call, view: ResourceView): Requirement[] => [
    keyRequirement(action, input.KeyId ?? '', call, view, more?.(input)),
  ]
}

function keyRequirement(
  action: string,
  id: string,
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  const key = view.kmsKey(id, call.caller.account, call.region)
  const byAlias = id.startsWith('alias/') || id.includes(':alias/')
  const alias = byAlias ? id.slice(id.indexOf('alias/')) : undefined
  return {
    action,
    resource: key?.arn ?? keyArn(id, call),
    context: {
      ...(key === undefined ? {} : kmsContext(key, call, view)),
      ...keys({ 'kms:RequestAlias': alias }),
      ...more,
    },
  }
}

/** What a denial names when there is no such key. */
function keyArn(id: string, call: Call): string {
  if (id.startsWith('arn:')) return id
  const rest = id.startsWith('alias/') ? id : `key/${id}`
  return `arn:aws:kms:${call.region}:${call.caller.account}:${rest}`
}

function aliasArn(name: string | undefined, call: Call): string {
  return `arn:aws:kms:${call.region}:${call.caller.account}:${name ?? ''}`
}

/** Making, moving and dropping an alias takes the permission on the alias and on the key. */
function onAlias(
  action: string,
  alias: string | undefined,
  keyIds: readonly string[],
  call: Call,
  view: ResourceView,
) {
  return [
    { action, resource: aliasArn(alias, call), context: keys({ 'kms:CallerAccount': call.caller.account }) },
    ...keyIds.map((id) => keyRequirement(action, id, call, view)),
  ]
}

const algorithm = { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' }
const withContext = (
  input: KeyInput & { readonly EncryptionContext?: Record<string, string> | undefined },
) => ({
  ...encryptionContext(input.EncryptionContext),
  ...algorithm,
})

export const kmsRows: Rows<KMS> = {
  CreateKey: (input, call) => {
    const context = {
      ...requestTags((input.Tags ?? []).map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }))),
      ...keys({
        'kms:CallerAccount': call.caller.account,
        'kms:KeySpec': input.KeySpec ?? 'SYMMETRIC_DEFAULT',
        'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
        'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
        'kms:MultiRegion': input.MultiRegion ?? false,
        'kms:BypassPolicyLockoutSafetyCheck': input.BypassPolicyLockoutSafetyCheck ?? false,
      }),
    }
    return [
      { action: 'kms:CreateKey', resource: '*', context },
      ...((input.Tags?.length ?? 0) > 0 ? [{ action: 'kms:TagResource', resource: '*', context }] : []),
    ]
  },
  DescribeKey: onKey('kms:DescribeKey'),
  ListKeys: () => [{ action: 'kms:ListKeys', resource: '*' }],
  GetKeyPolicy: onKey('kms:GetKeyPolicy'),
  ListKeyPolicies: onKey('kms:ListKeyPolicies'),
  PutKeyPolicy: onKey('kms:PutKeyPolicy', (input: KeyInput & { BypassPolicyLockoutSafetyCheck?: boolean }) =>
    keys({ 'kms:BypassPolicyLockoutSafetyCheck': input.BypassPolicyLockoutSafetyCheck ?? false }),
  ),
  EnableKey: onKey('kms:EnableKey'),
  DisableKey: onKey('kms:DisableKey'),
  EnableKeyRotation: onKey('kms:EnableKeyRotation', (input: KeyInput & { RotationPeriodInDays?: number }) =>
    keys({ 'kms:RotationPeriodInDays': input.RotationPeriodInDays }),
  ),
  DisableKeyRotation: onKey('kms:DisableKeyRotation'),
  GetKeyRotationStatus: onKey('kms:GetKeyRotationStatus'),
  UpdateKeyDescription: onKey('kms:UpdateKeyDescription'),
  ScheduleKeyDeletion: onKey(
    'kms:ScheduleKeyDeletion',
    (input: KeyInput & { PendingWindowInDays?: number }) =>
      keys({ 'kms:ScheduleKeyDeletionPendingWindowInDays': input.PendingWindowInDays }),
  ),
  CancelKeyDeletion: onKey('kms:CancelKeyDeletion'),
  TagResource: onKey(
    'kms:TagResource',
    (
      input: KeyInput & {
        Tags?: readonly { TagKey?: string | undefined; TagValue?: string | undefined }[] | undefined
      },
    ) => requestTags((input.Tags ?? []).map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }))),
  ),
  UntagResource: onKey('kms:UntagResource', (input: KeyInput & { TagKeys?: readonly string[] | undefined }) =>
    tagKeys(input.TagKeys),
  ),
  ListResourceTags: onKey('kms:ListResourceTags'),
  ListGrants: onKey('kms:ListGrants'),
  CreateAlias: (input, call, view) =>
    onAlias('kms:CreateAlias', input.AliasName, [input.TargetKeyId ?? ''], call, view),
  UpdateAlias: (input, call, view) => {
    const old = view.kmsKey(input.AliasName ?? '', call.caller.account, call.region)
    const keyIds = [...(old === undefined ? [] : [old.arn]), input.TargetKeyId ?? '']
    return onAlias('kms:UpdateAlias', input.AliasName, keyIds, call, view)
  },
  DeleteAlias: (input, call, view) => {
    const old = view.kmsKey(input.AliasName ?? '', call.caller.account, call.region)
    return onAlias('kms:DeleteAlias', input.AliasName, old === undefined ? [] : [old.arn], call, view)
  },
  ListAliases: () => [{ action: 'kms:ListAliases', resource: '*' }],
  Encrypt: onKey('kms:Encrypt', withContext),
  Decrypt: (input, call, view) => {
    const id = input.KeyId ?? keyOfCiphertext(input.CiphertextBlob) ?? ''
    return [keyRequirement('kms:Decrypt', id, call, view, withContext(input))]
  },
  GenerateDataKey: onKey('kms:GenerateDataKey', withContext),
  GenerateDataKeyWithoutPlaintext: onKey('kms:GenerateDataKeyWithoutPlaintext', withContext),
}

/** Our ciphertexts begin with the key's ARN (see `kms/ciphertext.ts`). */
function keyOfCiphertext(blob: Uint8Array | undefined): string | undefined {
  return blob === undefined ? undefined : readCiphertextKey(blob)
}
