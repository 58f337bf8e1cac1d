import type { StateResource } from '@ringfence/pulumi/deploy'
import { unlessGone } from '../pulumi-resource-aws/aws.js'
import { findInCenter } from './repair-center.js'
import type { InProcessAws } from './in-process-aws.js'
import type { SeededFault } from './seeded-faults.js'

/**
 * What an interrupted creation left of a resource, as the command finds it: access keys are deleted, since nobody got to
 * know their secrets, a KMS key is found by its tags and a secret by its name, and of a version of a secret the label is
 * taken back. `known`: the ids of everything else in the state.
 */
export async function findLeftOver(
  resource: StateResource,
  known: ReadonlySet<string | undefined>,
  aws: InProcessAws,
  { leaves }: Pick<SeededFault, 'leaves'>,
): Promise<string | undefined> {
  const { inputs, type } = resource
  if (/^aws:(ssoadmin|identitystore)\//.test(type))
    return leaves === 'identityCenter' ? undefined : findInCenter(resource, aws)
  if (type === 'aws:iam/accessKey:AccessKey' && leaves !== 'accessKeys') {
    const UserName = String(inputs?.['user'])
    const iam = await aws.iam()
    const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName })
    for (const { AccessKeyId } of AccessKeyMetadata)
      if (!known.has(AccessKeyId)) await iam.deleteAccessKey({ UserName, AccessKeyId })
  }
  if (type === 'aws:organizations/policy:Policy') return findGuardrail(String(inputs?.['name']), aws)
  if (type === 'aws:secretsmanager/secret:Secret') return findSecret(String(inputs?.['name']), aws)
  if (type === 'aws:secretsmanager/secretVersion:SecretVersion' && leaves !== 'secretVersions')
    await takeBackVersion(String(inputs?.['secretId']), known, aws)
  if (type !== 'aws:kms/key:Key' || leaves === 'kmsKeys') return undefined
  const tags = Object.entries((inputs?.['tags'] ?? {}) as Readonly<Record<string, string>>)
  const kms = await aws.kms()
  const { Keys = [] } = await kms.listKeys({})
  for (const { KeyId } of Keys) {
    if (known.has(KeyId)) continue
    const { Tags = [] } = await kms.listResourceTags({ KeyId })
    const found = new Map(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
    const { KeyMetadata } = await kms.describeKey({ KeyId })
    const { Aliases = [] } = await kms.listAliases({ KeyId })
    const isOfAlias = Aliases.length > 0 || KeyMetadata?.Enabled !== true
    if (!isOfAlias && tags.every(([name, value]) => found.get(name) === value)) return KeyId
  }
  return undefined
}

async function findGuardrail(name: string, aws: InProcessAws): Promise<string | undefined> {
  const organizations = await aws.organizations()
  const { Policies = [] } = await organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })
  return Policies.find(({ Name }) => Name === name)?.Id
}

async function findSecret(SecretId: string, aws: InProcessAws): Promise<string | undefined> {
  const secrets = await aws.secretsManager()
  return (await unlessGone(secrets.describeSecret({ SecretId }), 'ResourceNotFoundException'))?.ARN
}

async function takeBackVersion(
  SecretId: string,
  known: ReadonlySet<string | undefined>,
  aws: InProcessAws,
): Promise<void> {
  const secrets = await aws.secretsManager()
  const found = await unlessGone(secrets.describeSecret({ SecretId }), 'ResourceNotFoundException')
  const labelled = (label: string) =>
    Object.entries(found?.VersionIdsToStages ?? {}).find(([, stages]) => stages.includes(label))?.[0]
  const [made, before] = [labelled('AWSCURRENT'), labelled('AWSPREVIOUS')]
  const isKnown = (version: string | undefined) => known.has(`${SecretId}|${version}`)
  if (made === undefined || isKnown(made) || !isKnown(before)) return
  const move = { MoveToVersionId: before, RemoveFromVersionId: made }
  await secrets.updateSecretVersionStage({ SecretId, VersionStage: 'AWSCURRENT', ...move })
}
