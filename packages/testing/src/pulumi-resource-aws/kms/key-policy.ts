import type { KeyPolicy, KeyPolicyArgs } from '@pulumi/aws/kms/keyPolicy.js'
import type { Aws } from '../aws.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

export const kmsKeyPolicy = resourceType<KeyPolicyArgs, KeyPolicy>({
  token: 'aws:kms/keyPolicy:KeyPolicy',
  arguments: {
    bypassPolicyLockoutSafetyCheck: { kind: 'boolean', default: false },
    keyId: { kind: 'string', required: true, replaces: true },
    policy: { kind: 'document', required: true },
  },
  outputs: [],

  async create({ keyId, policy, bypassPolicyLockoutSafetyCheck }, aws) {
    await putPolicy(aws, keyId, policy, bypassPolicyLockoutSafetyCheck)
    return { id: keyId }
  },
  async read(id, aws) {
    const kms = await aws.kms()
    const key = (await unlessGone(kms.describeKey({ KeyId: id }), 'NotFoundException'))?.KeyMetadata
    if (key === undefined || key.KeyState === 'PendingDeletion') return undefined
    const { Policy: policy } = await kms.getKeyPolicy({ KeyId: id, PolicyName: 'default' })
    return { keyId: id, policy }
  },
  async update(id, { after }, aws) {
    await putPolicy(aws, id, after.policy, after.bypassPolicyLockoutSafetyCheck)
  },
  async delete(id, { bypassPolicyLockoutSafetyCheck }, aws) {
    // A key has a policy always: what is left is the one that AWS gives to keys made without one.
    const Statement = [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${await aws.accountId()}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ]
    const policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement })
    await unlessGone(putPolicy(aws, id, policy, bypassPolicyLockoutSafetyCheck), 'NotFoundException')
  },
})

async function putPolicy(aws: Aws, id: string, policy: string, bypass: boolean | undefined): Promise<void> {
  const kms = await aws.kms()
  await kms.putKeyPolicy({ KeyId: id, Policy: policy, BypassPolicyLockoutSafetyCheck: bypass })
}
