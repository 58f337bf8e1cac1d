import type { SecretPolicy, SecretPolicyArgs } from '@pulumi/aws/secretsmanager/secretPolicy.js'
import type { Aws } from '../aws.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

const gone = ['ResourceNotFoundException', 'InvalidRequestException'] as const

export const secretPolicy = resourceType<SecretPolicyArgs, SecretPolicy>({
  token: 'aws:secretsmanager/secretPolicy:SecretPolicy',
  arguments: {
    blockPublicPolicy: { kind: 'boolean', default: false },
    policy: { kind: 'document', required: true },
    secretArn: { kind: 'string', required: true, replaces: true },
  },
  outputs: [],

  async create({ blockPublicPolicy, policy, secretArn }, aws) {
    await putPolicy(aws, secretArn, policy, blockPublicPolicy)
    return { id: secretArn }
  },
  async read(id, aws) {
    const client = await aws.secretsManager()
    const answer = await unlessGone(client.getResourcePolicy({ SecretId: id }), ...gone)
    if (answer?.ResourcePolicy === undefined) return undefined
    return { policy: answer.ResourcePolicy, secretArn: id }
  },
  async update(id, { after }, aws) {
    await putPolicy(aws, id, after.policy, after.blockPublicPolicy)
  },
  async delete(id, _known, aws) {
    await unlessGone((await aws.secretsManager()).deleteResourcePolicy({ SecretId: id }), ...gone)
  },
})

async function putPolicy(
  aws: Aws,
  SecretId: string,
  ResourcePolicy: string,
  BlockPublicPolicy: boolean | undefined,
): Promise<void> {
  const client = await aws.secretsManager()
  await client.putResourcePolicy({ SecretId, ResourcePolicy, BlockPublicPolicy })
}
