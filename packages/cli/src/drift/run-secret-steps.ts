import type { SecretsManager } from '@aws-sdk/client-secrets-manager'
import type { SecretStep } from '@ringfence/lifecycle'
import { unlessGone } from './unless-gone.js'

/**
 * Sends the steps one after the other. Where the version is gone that they go back to, the rest has nothing to go by: the
 * update that follows writes the value again.
 */
export async function runSecretSteps(client: SecretsManager, steps: readonly SecretStep[]): Promise<void> {
  for (const step of steps) {
    if ((await unlessGone(send(client, step), 'ResourceNotFoundException')) === undefined) return
  }
}

function send(client: SecretsManager, { operation, input }: SecretStep): Promise<object> {
  return operation === 'DeleteSecret' ? client.deleteSecret(input) : client.updateSecretVersionStage(input)
}
