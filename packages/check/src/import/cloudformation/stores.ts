import { addResourcePolicy } from '../named-policies.js'
import { field, listField } from '../fields.js'
import type { ResourceDraft } from '../drafts.js'
import { isTrue, toldText } from '../told.js'
import { findUndetermined, Undetermined } from '../undetermined.js'
import { nameOf } from './references.js'
import type { Made, Reader } from './template.js'

/** Buckets and keys. [AWS_S3, AWS_KMS] */
export const storeReaders: Readonly<Record<string, Reader>> = {
  'AWS::S3::Bucket': readBucket,
  'AWS::S3::BucketPolicy': readBucketPolicy,
  'AWS::KMS::Key': readKey,
  'AWS::KMS::ReplicaKey': readKey,
  'AWS::KMS::Alias': readAlias,
}

/** Canned ACLs that grant something to everyone, or to everyone with an AWS account. [S3 guide, "Canned ACL"] */
const publicAcls: Readonly<Record<string, readonly string[]>> = {
  PublicRead: ['AllUsers'],
  PublicReadWrite: ['AllUsers'],
  AuthenticatedRead: ['AuthenticatedUsers'],
}

function readBucket(made: Made): void {
  const { evaluator, inventory, logicalId, properties, source } = made
  const name = nameOf(logicalId, evaluator)
  if (typeof name !== 'string') {
    inventory.unknown(`bucket ${logicalId}`, 'resources', name.reason, source)
    return
  }
  const bucket = inventory.bucket(name)
  bucket.isMade = true
  readAccessBlock(bucket, made)
  const rules = field(properties['OwnershipControls'], 'Rules')
  const undetermined = findUndetermined(properties['OwnershipControls'])
  if (Array.isArray(rules) && !undetermined) {
    const isOff = rules.some((rule) => field(rule, 'ObjectOwnership') === 'BucketOwnerEnforced')
    bucket.aclsInForce.push({ value: !isOff, source })
  }
  const acl = toldText(properties['AccessControl'])
  if (typeof acl === 'string') bucket.acls.push({ value: publicAcls[acl] ?? [], source })
}

function readAccessBlock(bucket: ResourceDraft, { inventory, properties, source }: Made): void {
  const { PublicAccessBlockConfiguration: block } = properties
  const undetermined = findUndetermined(block)
  if (undetermined) {
    inventory.unknown(
      bucket.arn,
      'publicAccessBlock',
      `a part of it is not told: ${undetermined.reason}`,
      source,
    )
  } else if (block !== undefined) {
    const value = {
      blockPublicAcls: isTrue(field(block, 'BlockPublicAcls')),
      ignorePublicAcls: isTrue(field(block, 'IgnorePublicAcls')),
      blockPublicPolicy: isTrue(field(block, 'BlockPublicPolicy')),
      restrictPublicBuckets: isTrue(field(block, 'RestrictPublicBuckets')),
    }
    bucket.blocks.push({ value, source })
  }
}

function readBucketPolicy({ inventory, properties, source, logicalId }: Made): void {
  const name = toldText(properties['Bucket'])
  if (typeof name === 'string') {
    addResourcePolicy(inventory.bucket(name), properties['PolicyDocument'], source, inventory)
  } else {
    const reason = `whose it is, is not told: ${name?.reason ?? 'it names no bucket'}`
    inventory.unknown(`bucket policy ${logicalId}`, 'resources', reason, source)
  }
}

/** AWS picks the ids of keys, so a key goes by what the template calls it. */
function readKey({ inventory, logicalId, properties, source }: Made): void {
  const key = inventory.newKey(logicalId, source.file)
  key.isMade = true
  const { KeyPolicy: policy } = properties
  if (policy !== undefined) addResourcePolicy(key, policy, source, inventory)
  else {
    // KMS gives it a default one, in which the account trusts its identity policies.
    inventory.unknown(
      `key ${logicalId}`,
      'document',
      'the template gives it no key policy, so that KMS does',
      source,
    )
    key.policies.push({ value: { name: key.arn }, source })
  }
}

function readAlias({ evaluator, inventory, logicalId, properties, source, written }: Made): void {
  const alias = nameOf(logicalId, evaluator)
  const made = logicalKeyOf(field(written, 'TargetKeyId'))
  const target = toldText(properties['TargetKeyId'])
  const id = typeof target === 'string' ? target.slice(target.lastIndexOf('/') + 1) : undefined
  const key =
    made === undefined
      ? id === undefined
        ? undefined
        : inventory.key(id)
      : inventory.newKey(made, source.file)
  if (typeof alias === 'string' && key !== undefined) key.aliases.add(alias)
  else {
    const open = [alias, target].find((part) => part instanceof Undetermined)
    inventory.unknown(`alias ${logicalId}`, 'resources', open?.reason ?? 'its key is not told', source)
  }
}

/** The key of the template that a property refers to. */
function logicalKeyOf(node: unknown): string | undefined {
  const reference = field(node, 'Ref') ?? listField(node, 'Fn::GetAtt')[0] ?? field(node, 'Fn::GetAtt')
  return typeof reference === 'string' ? reference.split('.')[0] : undefined
}
