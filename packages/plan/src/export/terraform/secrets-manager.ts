import type { Secret, SecretPolicy, SecretVersion } from '../../plan.js'
import { leftOutValue } from '../left-out-value.js'
import type { Block, Mapped } from './block.js'
import { policyText } from './block.js'
import { Expression } from './expression.js'
import { identifier } from './identifier.js'

export function mapSecret(secret: Secret): Block {
  const { id, dependsOn, description, name, recoveryWindowInDays, tags } = secret
  const made = { name, description, recovery_window_in_days: recoveryWindowInDays, tags }
  return { type: 'aws_secretsmanager_secret', id, dependsOn, arguments: made }
}

export function mapSecretPolicy({ id, dependsOn, policy, secret }: SecretPolicy): Block {
  return {
    type: 'aws_secretsmanager_secret_policy',
    id,
    dependsOn,
    arguments: {
      secret_arn: new Expression(`aws_secretsmanager_secret.${identifier(secret)}.arn`),
      policy: policyText(policy),
      block_public_policy: true,
    },
  }
}

export function mapSecretVersion(version: SecretVersion): Mapped {
  return { leftOut: leftOutValue('configuration', version) }
}
