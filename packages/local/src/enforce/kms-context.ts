import type { RequestContext } from '@ringfence/policy'
import type { Call } from '../call.js'
import type { KmsKeyRecord } from '../kms/records.js'
import { keys, resourceTags } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/** Keys of every action on a KMS key (KMS Developer Guide, "AWS KMS condition keys"). */
export function kmsContext(key: KmsKeyRecord, call: Call, view: ResourceView): RequestContext {
  return {
    ...keys({
      'kms:CallerAccount': call.caller.account === '' ? undefined : call.caller.account,
      'kms:KeySpec': 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:MultiRegion': key.multiRegion,
      'kms:MultiRegionKeyType': undefined,
      'kms:ResourceAliases': view.kmsAliases(key),
    }),
    ...resourceTags(key.tags, 'aws'),
  }
}

/** `kms:EncryptionContext:…` and `kms:EncryptionContextKeys` of a cryptographic operation. */
export function encryptionContext(pairs: Readonly<Record<string, string>> | undefined): RequestContext {
  const names = Object.keys(pairs ?? {})
  return keys({
    ...Object.fromEntries(names.map((name) => [`kms:EncryptionContext:${name}`, pairs?.[name]])),
    'kms:EncryptionContextKeys': names,
  })
}
