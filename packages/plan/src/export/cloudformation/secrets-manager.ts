import type { Secret, SecretPolicy, SecretVersion } from '../../plan.js'
import { leftOutValue } from '../left-out-value.js'
import { policyJson } from '../print-json.js'
import { logicalId } from './logical-id.js'
import type { Mapped } from './mapped.js'
import { tagList } from './mapped.js'

/** Without a value, and without one that CloudFormation would make up. */
export function mapSecret({ name, description, tags }: Secret): Mapped {
  return {
    as: 'resource',
    type: 'AWS::SecretsManager::Secret',
    properties: { Name: name, Description: description, Tags: tagList(tags) },
  }
}

export function mapSecretPolicy({ secret, policy }: SecretPolicy): Mapped {
  return {
    as: 'resource',
    type: 'AWS::SecretsManager::ResourcePolicy',
    properties: {
      SecretId: { Ref: logicalId(secret) },
      ResourcePolicy: policyJson(policy),
      BlockPublicPolicy: true,
    },
    refersTo: secret,
  }
}

export function mapSecretVersion(version: SecretVersion): Mapped {
  return { as: 'nothing', why: leftOutValue('template', version) }
}
