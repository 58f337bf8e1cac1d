import type { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { canonicalText, type Fact, present, tagFacts, type Thing } from '@ringfence/lifecycle'
import { mapSome, unlessGone } from './unless-gone.js'

/** Reads the secrets of these names, and never their values. One that waits for its deletion is gone. */
export async function readSecrets(
  client: SecretsManager,
  names: readonly string[],
): Promise<readonly Fact[]> {
  return (await mapSome(names, (name) => secretFacts(client, name))).flat()
}

async function secretFacts(client: SecretsManager, SecretId: string): Promise<readonly Fact[]> {
  const gone = 'ResourceNotFoundException'
  const secret = await unlessGone(client.describeSecret({ SecretId }), gone)
  if (secret === undefined || secret.DeletedDate !== undefined) return []
  const answer = await unlessGone(client.getResourcePolicy({ SecretId }), gone)
  const thing: Thing = `secret/${SecretId}`
  const tags = (secret.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const)
  return [
    { thing, aspect: 'exists', value: present },
    { thing, aspect: 'description', value: secret.Description ?? '' },
    ...(answer?.ResourcePolicy === undefined
      ? []
      : [{ thing, aspect: 'document' as const, value: canonicalText(answer.ResourcePolicy) }]),
    ...tagFacts(thing, Object.fromEntries(tags)),
  ]
}
