import { randomBytes, randomUUID } from 'node:crypto'
import type { KeyMetadata } from '@aws-sdk/client-kms'
import { compilePolicy, parsePolicy } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import { unknownPrincipal } from '../iam/policy-documents.js'
import { under } from '../iam/tables.js'
import { defaultKeyPolicy } from './default-key-policy.js'
import { invalidState, malformedPolicy, notFound, unsupported, validation } from './errors.js'
import type { KmsDeps, KmsOperations } from './operation.js'
import { getKey, getLivingKey, putKey, required } from './operation.js'
import { kmsPage } from './pages.js'
import type { KmsKeyRecord } from './records.js'
import { readKmsTags } from './tags.js'

const dayMs = 86_400_000
/** 32 KiB, counted as it was sent (KMS quotas). */
const keyPolicyBytes = 32_768

export const keyOperations = {
  CreateKey(input, call, deps) {
    if ((input.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT' || input.KeyUsage === 'SIGN_VERIFY') {
      throw unsupported('The local AWS makes symmetric encryption keys only.')
    }
    if ((input.Origin ?? 'AWS_KMS') !== 'AWS_KMS')
      throw unsupported(`The origin ${input.Origin} is not supported.`)
    const id = randomUUID()
    const arn = `arn:aws:kms:${call.region}:${call.caller.account}:key/${id}`
    const policy = input.Policy ?? defaultKeyPolicy(call.caller.account)
    checkKeyPolicy(deps, call, arn, policy, input.BypassPolicyLockoutSafetyCheck)
    const key: KmsKeyRecord = {
      ...newKeyRecord(call.caller.account, call.region, id, call.timeMs),
      description: input.Description ?? '',
      policy,
      tags: readKmsTags(input.Tags),
      multiRegion: input.MultiRegion ?? false,
    }
    return deps.write(() => {
      putKey(deps.tables, key)
      return { KeyMetadata: describeKey(key) }
    })
  },

  DescribeKey: (input, call, deps) => ({ KeyMetadata: describeKey(getKey(deps, call, input.KeyId)) }),

  ListKeys(input, call, { tables }) {
    const keys = [...under(tables.keys, [call.caller.account, call.region])].map(({ value }) => value)
    const { items, ...rest } = kmsPage(keys, input, ({ id }) => id)
    return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...rest }
  },

  GetKeyPolicy(input, call, deps) {
    checkPolicyName(input.PolicyName)
    return { Policy: getKey(deps, call, input.KeyId).policy, PolicyName: 'default' }
  },

  ListKeyPolicies(input, call, deps) {
    getKey(deps, call, input.KeyId)
    return { PolicyNames: ['default'], Truncated: false }
  },

  PutKeyPolicy(input, call, deps) {
    checkPolicyName(input.PolicyName)
    const policy = required(input.Policy, 'policy')
    const { arn } = getLivingKey(deps, call, input.KeyId)
    checkKeyPolicy(deps, call, arn, policy, input.BypassPolicyLockoutSafetyCheck)
    return change(deps, call, input.KeyId, (key) => ({ ...key, policy }))
  },

  EnableKey: (input, call, deps) => change(deps, call, input.KeyId, (key) => ({ ...key, state: 'Enabled' })),
  DisableKey: (input, call, deps) =>
    change(deps, call, input.KeyId, (key) => ({ ...key, state: 'Disabled' })),

  UpdateKeyDescription: (input, call, deps) =>
    change(deps, call, input.KeyId, (key) => ({ ...key, description: input.Description ?? '' })),

  EnableKeyRotation: (input, call, deps) =>
    change(deps, call, input.KeyId, (key) => ({
      ...key,
      rotation: true,
      rotationDays: input.RotationPeriodInDays ?? 365,
    })),

  DisableKeyRotation: (input, call, deps) =>
    change(deps, call, input.KeyId, (key) => ({ ...key, rotation: false })),

  GetKeyRotationStatus(input, call, deps) {
    const key = getKey(deps, call, input.KeyId)
    const status = { KeyId: key.id, KeyRotationEnabled: key.rotation }
    // "While a KMS key is pending deletion, its key rotation status is false" (API Reference)
    if (!key.rotation || key.state === 'PendingDeletion') return { ...status, KeyRotationEnabled: false }
    const next = new Date(key.createdMs + key.rotationDays * dayMs)
    return { ...status, RotationPeriodInDays: key.rotationDays, NextRotationDate: next }
  },

  ScheduleKeyDeletion(input, call, deps) {
    const days = input.PendingWindowInDays ?? 30
    if (days < 7 || days > 30) throw validation('PendingWindowInDays must be between 7 and 30.')
    return deps.write(() => {
      const key = getLivingKey(deps, call, input.KeyId)
      const deletionMs = call.timeMs + days * dayMs
      putKey(deps.tables, { ...key, state: 'PendingDeletion', deletionMs })
      return {
        KeyId: key.arn,
        DeletionDate: new Date(deletionMs),
        KeyState: 'PendingDeletion' as const,
        PendingWindowInDays: days,
      }
    })
  },

  CancelKeyDeletion(input, call, deps) {
    return deps.write(() => {
      const key = getKey(deps, call, input.KeyId)
      if (key.state !== 'PendingDeletion') throw invalidState(`${key.arn} is not pending deletion.`)
      const { deletionMs: _, ...rest } = key
      putKey(deps.tables, { ...rest, state: 'Disabled' })
      return { KeyId: key.arn }
    })
  },

  ListGrants(input, call, deps) {
    getKey(deps, call, input.KeyId)
    return { Grants: [], Truncated: false }
  },
} satisfies KmsOperations

/** A key without anything said about it yet. */
export function newKeyRecord(account: string, region: string, id: string, createdMs: number): KmsKeyRecord {
  return {
    account,
    region,
    id,
    arn: `arn:aws:kms:${region}:${account}:key/${id}`,
    description: '',
    policy: defaultKeyPolicy(account),
    state: 'Enabled',
    createdMs,
    rotation: false,
    rotationDays: 365,
    tags: {},
    material: randomBytes(32).toString('base64'),
    multiRegion: false,
    manager: 'CUSTOMER',
  }
}

function change(
  deps: KmsDeps,
  call: Call,
  id: string | undefined,
  next: (key: KmsKeyRecord) => KmsKeyRecord,
): Promise<object> {
  return deps.write(() => {
    putKey(deps.tables, next(getLivingKey(deps, call, id)))
    return {}
  })
}

/** What AWS refuses: bad documents, unknown principals, and policies that lock their author out. */
function checkKeyPolicy(
  deps: KmsDeps,
  call: Call,
  arn: string,
  text: string,
  bypass: boolean | undefined,
): void {
  if (Buffer.byteLength(text) > keyPolicyBytes) {
    throw new AwsError(
      'LimitExceededException',
      `The key policy is longer than ${keyPolicyBytes} bytes.`,
      400,
    )
  }
  const read = parsePolicy(text, { kind: 'resource', name: arn })
  if (!read.ok) {
    throw malformedPolicy(read.diagnostics.find(({ severity }) => severity === 'error')?.message ?? '')
  }
  const unknown = unknownPrincipal(deps.iam, text)
  if (unknown !== undefined)
    throw malformedPolicy('Policy contains a statement with one or more invalid principals.')
  if (bypass === true || deps.mayPutKeyPolicy(call, arn, compilePolicy(read.policy))) return
  throw malformedPolicy('The new key policy will not allow you to update the key policy in the future.')
}

function checkPolicyName(name: string | undefined): void {
  if (name !== undefined && name !== 'default') throw notFound(`No such policy exists: ${name}`)
}

export function describeKey(key: KmsKeyRecord): KeyMetadata {
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.createdMs),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.state,
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    KeySpec: 'SYMMETRIC_DEFAULT',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: key.multiRegion,
    ...(key.deletionMs === undefined ? {} : { DeletionDate: new Date(key.deletionMs) }),
  }
}
