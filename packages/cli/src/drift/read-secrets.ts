import { paginateListSecrets, type SecretsManager } from '@aws-sdk/client-secrets-manager'
import { canonicalText, type Fact, present, tagFacts, type Thing } from '@ringfence/lifecycle'
import { collect } from '../offboard/read-user.js'
import { type DriftScope, namesOf } from './scope.js'
import { mapSome, unlessGone } from './unless-gone.js'

/** What Secrets Manager says of ringfence's secrets. */
export interface SecretsFound {
  readonly facts: readonly Fact[]
  /** ARNs of the secrets, by which others may call them. */
  readonly arns: ReadonlyMap<Thing, string>
}

/**
 * Reads the secrets that are declared or whose names begin as ringfence's do, and never their values: which version has
 * which label tells whether somebody has written another. One that waits for its deletion is gone.
 */
export async function readSecrets(client: SecretsManager, scope: DriftScope): Promise<SecretsFound> {
  const Filters = [{ Key: 'name' as const, Values: [scope.secrets] }]
  const listed = await collect(paginateListSecrets({ client }, { Filters }), (page) => page.SecretList)
  const arns = new Map<Thing, string>()
  const facts: Fact[] = []
  for (const { Name = '', ARN = '' } of listed) {
    const thing: Thing = `secret/${Name}`
    if (!Name.startsWith(scope.secrets) || scope.things.has(thing)) continue
    // That it is there is all that is told of it, and its own policy may keep the rest from whoever looks.
    facts.push({ thing, aspect: 'exists', value: present })
    arns.set(thing, ARN)
  }
  const known = await mapSome(namesOf(scope, 'secret'), (name) => secretFacts(client, name, arns))
  return { facts: [...facts, ...known.flat()], arns }
}

async function secretFacts(
  client: SecretsManager,
  SecretId: string,
  arns: Map<Thing, string>,
): Promise<readonly Fact[]> {
  const gone = 'ResourceNotFoundException'
  const secret = await unlessGone(client.describeSecret({ SecretId }), gone)
  if (secret === undefined || secret.DeletedDate !== undefined) return []
  const answer = await unlessGone(client.getResourcePolicy({ SecretId }), gone)
  const thing: Thing = `secret/${SecretId}`
  arns.set(thing, secret.ARN ?? '')
  const tags = (secret.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const)
  return [
    { thing, aspect: 'exists', value: present },
    { thing, aspect: 'description', value: secret.Description ?? '' },
    ...(answer?.ResourcePolicy === undefined
      ? []
      : [{ thing, aspect: 'document' as const, value: canonicalText(answer.ResourcePolicy) }]),
    // AWS names its own key by leaving it out (API Reference, "DescribeSecret").
    ...(secret.KmsKeyId === undefined
      ? []
      : [{ thing, aspect: 'encryption' as const, value: secret.KmsKeyId }]),
    ...(secret.RotationEnabled === true
      ? [{ thing, aspect: 'rotation' as const, value: secret.RotationLambdaARN ?? present }]
      : []),
    ...(secret.ReplicationStatus ?? []).map(({ Region: name = '' }): Fact => ({
      thing,
      aspect: 'replication',
      name,
      value: present,
    })),
    ...versionFacts(thing, secret.VersionIdsToStages ?? {}),
    ...tagFacts(thing, Object.fromEntries(tags)),
  ]
}

/** The previous version is the key that a rotation has replaced, and no longer of the stack. */
function versionFacts(thing: Thing, stages: Readonly<Record<string, readonly string[]>>): readonly Fact[] {
  return Object.entries(stages).flatMap(([value, labels]) =>
    labels
      .filter((name) => name !== 'AWSPREVIOUS')
      .map((name): Fact => ({ thing, aspect: 'version', name, value })),
  )
}
