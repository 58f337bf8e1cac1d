import type { SecretVersion, SecretVersionArgs } from '@pulumi/aws/secretsmanager/secretVersion.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

const gone = ['ResourceNotFoundException', 'InvalidRequestException'] as const

/** Id `SECRET-ARN|VERSION`, as the provider has it. */
export const secretVersion = resourceType<SecretVersionArgs, SecretVersion>({
  token: 'aws:secretsmanager/secretVersion:SecretVersion',
  arguments: {
    secretId: { kind: 'string', required: true, replaces: true },
    secretString: { kind: 'string', required: true, replaces: true },
  },
  outputs: ['arn', 'versionId'],
  secrets: ['secretString'],

  async create({ secretId, secretString }, aws) {
    const client = await aws.secretsManager()
    const { VersionId = '' } = await client.putSecretValue({ SecretId: secretId, SecretString: secretString })
    return { id: `${secretId}|${VersionId}` }
  },

  async read(id, aws) {
    const [SecretId, VersionId] = id.split('|')
    const client = await aws.secretsManager()
    const value = await unlessGone(client.getSecretValue({ SecretId, VersionId }), ...gone)
    return (
      value && { arn: value.ARN, secretId: SecretId, secretString: value.SecretString, versionId: VersionId }
    )
  },

  /**
   * The provider takes its labels from a version but `AWSCURRENT`, and that was its label when the state last saw it:
   * what has become the previous version stays the previous one.
   */
  async delete() {},
})
