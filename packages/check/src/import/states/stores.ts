import { parseArn } from '../arn.js'
import type { ResourceDraft } from '../drafts.js'
import { field, textField } from '../fields.js'
import type { Inventory } from '../inventory.js'
import { addResourcePolicy } from '../named-policies.js'
import { toldText } from '../told.js'
import { findUndetermined } from '../undetermined.js'
import { switchesOf } from './switches.js'
import type { StateReader, StateResource } from './state-resource.js'

/** Buckets and keys. [registry: aws_s3_*, aws_kms_*] */
export const stateStoreReaders: Readonly<Record<string, StateReader>> = {
  aws_s3_bucket: readBucket,
  aws_s3_bucket_policy: (resource, inventory) => {
    const bucket = bucketOf(resource, inventory)
    if (bucket) addResourcePolicy(bucket, resource.values['policy'] ?? null, resource.source, inventory)
  },
  aws_s3_bucket_public_access_block: readBlock,
  aws_s3_account_public_access_block: readAccountBlock,
  aws_s3_bucket_ownership_controls: readOwnership,
  aws_s3_bucket_acl: readAcl,
  aws_kms_key: readKey,
  aws_kms_external_key: readKey,
  aws_kms_replica_key: readKey,
  aws_kms_key_policy: (resource, inventory) => {
    const key = keyNamed(resource.values['key_id'], resource, inventory)
    if (key) addResourcePolicy(key, resource.values['policy'] ?? null, resource.source, inventory)
  },
  aws_kms_alias: (resource, inventory) => {
    const name = toldText(resource.values['name'])
    const key = keyNamed(resource.values['target_key_id'], resource, inventory)
    if (typeof name === 'string') key?.aliases.add(name)
  },
}

/** Canned ACLs that grant something to everyone, or to everyone with an AWS account. [S3 guide, "Canned ACL"] */
const publicAcls: Readonly<Record<string, readonly string[]>> = {
  'public-read': ['AllUsers'],
  'public-read-write': ['AllUsers'],
  'authenticated-read': ['AuthenticatedUsers'],
}

/** The bucket that a resource is or names. */
function bucketOf(
  { address, source, values }: StateResource,
  inventory: Inventory,
): ResourceDraft | undefined {
  const name = toldText(values['bucket'])
  if (typeof name === 'string') {
    const arn = parseArn(name)
    return inventory.bucket(arn?.service === 's3' ? arn.resource : name)
  }
  const reason = `which bucket is not told: ${name?.reason ?? 'none is named'}`
  inventory.unknown(address, 'resources', reason, source)
  return undefined
}

function readBucket(resource: StateResource, inventory: Inventory): void {
  const bucket = bucketOf(resource, inventory)
  if (bucket === undefined) return
  const { source, values } = resource
  bucket.isMade = true
  const policy = textField(values, 'policy')
  if (policy !== undefined)
    bucket.ownPolicies.push({ value: inventory.policy(bucket.arn, policy, 'resource', source), source })
  const acl = textField(values, 'acl')
  if (acl !== undefined) bucket.acls.push({ value: publicAcls[acl] ?? [], source })
}

function readBlock(resource: StateResource, inventory: Inventory): void {
  const bucket = bucketOf(resource, inventory)
  if (bucket === undefined) return
  const { source, values } = resource
  const undetermined = findUndetermined(switchNames.map((name) => values[name]))
  if (undetermined)
    inventory.unknown(
      bucket.arn,
      'publicAccessBlock',
      `a part of it is not told: ${undetermined.reason}`,
      source,
    )
  else bucket.blocks.push({ value: switchesOf(values), source })
}

function readAccountBlock({ source, values }: StateResource, inventory: Inventory): void {
  const account = `account ${inventory.scope.account}`
  const undetermined = findUndetermined(switchNames.map((name) => values[name]))
  if (undetermined) {
    const reason = `a part of it is not told: ${undetermined.reason}`
    inventory.unknown(account, 'publicAccessBlock', reason, source)
  } else inventory.accountBlocks.push({ value: switchesOf(values), source })
}

const switchNames = [
  'block_public_acls',
  'ignore_public_acls',
  'block_public_policy',
  'restrict_public_buckets',
]

function readOwnership(resource: StateResource, inventory: Inventory): void {
  const { source, values } = resource
  // Terraform has a list of one block, Pulumi the block itself.
  const [rule] = [values['rule']].flat()
  const ownership = textField(rule, 'object_ownership') ?? textField(rule, 'objectOwnership')
  if (ownership === undefined) return
  bucketOf(resource, inventory)?.aclsInForce.push({ value: ownership !== 'BucketOwnerEnforced', source })
}

function readAcl(resource: StateResource, inventory: Inventory): void {
  const { source, values } = resource
  const bucket = bucketOf(resource, inventory)
  if (bucket === undefined) return
  const canned = textField(values, 'acl')
  const groups = new Set(canned === undefined ? [] : publicAcls[canned])
  const [control] = [values['access_control_policy']].flat()
  const grants = [field(control, 'grant') ?? field(control, 'grants')].flat()
  for (const grant of grants) {
    const [grantee] = [field(grant, 'grantee')].flat()
    const group = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/.exec(
      textField(grantee, 'uri') ?? '',
    )?.[1]
    if (group !== undefined) groups.add(group)
  }
  // A plan leaves the grants open that a canned ACL makes.
  if (canned === undefined && (control === undefined || findUndetermined(control))) return
  bucket.acls.push({ value: [...groups], source })
}

function readKey(resource: StateResource, inventory: Inventory): void {
  const { address, source, values } = resource
  const arn = parseArn(values['arn'])
  const id = textField(values, 'key_id')
  const key = id === undefined ? inventory.newKey(address, source.file) : inventory.key(id, arn?.region)
  key.isMade = true
  addKeyPolicy(key, resource, inventory)
}

function addKeyPolicy(key: ResourceDraft, { source, values }: StateResource, inventory: Inventory): void {
  const { policy } = values
  if (policy === undefined || policy === null || policy === '') {
    inventory.unknown(
      key.arn,
      'document',
      'it is made without a key policy, so that KMS gives it one',
      source,
    )
    key.ownPolicies.push({ value: { name: key.arn }, source })
  } else {
    key.ownPolicies.push({ value: inventory.policy(key.arn, policy, 'resource', source), source })
  }
}

/** The key that an attribute names by id or ARN, or that it refers to before there is one. */
function keyNamed(value: unknown, resource: StateResource, inventory: Inventory): ResourceDraft | undefined {
  const { address, source, targets } = resource
  const text = toldText(value)
  if (typeof text === 'string') {
    const arn = parseArn(text)
    return inventory.key(text.slice(text.lastIndexOf('/') + 1), arn?.region)
  }
  const target = targets.find((one) => /^aws_kms_(external_|replica_)?key\.[\w-]+$/.test(one))
  if (target !== undefined) return inventory.newKey(target, source.file)
  inventory.unknown(address, 'resources', `its key is not told: ${text?.reason ?? 'none is named'}`, source)
  return undefined
}
