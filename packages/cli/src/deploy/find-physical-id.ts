import { DeleteAccessKeyCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam'
import {
  DescribeKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ListResourceTagsCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms'
import { OrganizationsClient, paginateListPolicies } from '@aws-sdk/client-organizations'
import {
  DescribeSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import type { Plan } from '@ringfence/plan'
import { idFromArguments, type StackState, type StateResource } from '@ringfence/pulumi/deploy'
import { type AwsAccess, clientSettings } from './aws-access.js'
import { findInIdentityCenter } from './find-in-identity-center.js'
import { isOfIdentityCenter } from './interrupted-target.js'
import type { Target } from './target.js'

/** Where an interrupted update may have left something. */
export interface Interrupted {
  readonly plan: Plan
  readonly target: Target
  readonly state: StackState
}

/**
 * Under which id AWS has a resource whose creation was interrupted, if it came into being. What AWS names itself is
 * found by what ringfence gave it: a key by its tags, a service control policy and a secret by their names. An access
 * key is deleted, since nobody ever got to know its secret; a version of a secret is made anew, and what it came after
 * is the current one until then.
 */
export async function findPhysicalId(
  resource: StateResource,
  { plan, target, state }: Interrupted,
): Promise<string | undefined> {
  if (isOfIdentityCenter(resource.type))
    return target.identityCenter === undefined
      ? undefined
      : findInIdentityCenter(resource, target.identityCenter)
  switch (resource.type) {
    case 'aws:kms/key:Key':
      return findKey(resource, target.account, knownIds(state, resource.type))
    case 'aws:organizations/policy:Policy':
      return target.management === undefined ? undefined : findGuardrail(resource, target.management)
    case 'aws:iam/accessKey:AccessKey':
      await deleteUnknownKeys(resource, target.account, knownIds(state, resource.type))
      return undefined
    case 'aws:secretsmanager/secret:Secret':
      return findSecret(resource, target.account)
    case 'aws:secretsmanager/secretVersion:SecretVersion':
      await takeBackVersion(resource, target.account, knownIds(state, resource.type))
      return undefined
    default:
      return idFromArguments(resource, plan.account)
  }
}

function knownIds(state: StackState, type: string): ReadonlySet<string> {
  const resources = (state.deployment.resources ?? []).filter((one) => one.type === type)
  return new Set(resources.flatMap(({ id }) => (id === undefined ? [] : [id])))
}

/** An enabled key with the same tags, which is of no stack yet and has no alias. */
async function findKey(
  { inputs = {} }: StateResource,
  access: AwsAccess,
  known: ReadonlySet<string>,
): Promise<string | undefined> {
  const tags = Object.entries((inputs['tags'] ?? {}) as Readonly<Record<string, string>>)
  if (tags.length === 0) return undefined
  const client = new KMSClient(clientSettings(access))
  try {
    for await (const { Keys } of paginateListKeys({ client, pageSize: 100 }, {})) {
      for (const { KeyId } of Keys ?? []) {
        if (KeyId === undefined || known.has(KeyId)) continue
        if (await isKeyOf(client, KeyId, tags)) return KeyId
      }
    }
    return undefined
  } finally {
    client.destroy()
  }
}

async function isKeyOf(
  client: KMSClient,
  KeyId: string,
  tags: readonly (readonly [string, string])[],
): Promise<boolean> {
  try {
    const { Tags } = await client.send(new ListResourceTagsCommand({ KeyId }))
    const found = new Map(Tags?.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
    if (!tags.every(([name, value]) => found.get(name) === value)) return false
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }))
    if (KeyMetadata?.Enabled !== true) return false
    const { Aliases } = await client.send(new ListAliasesCommand({ KeyId }))
    return (Aliases?.length ?? 0) === 0
  } catch (error) {
    // Keys of others, whose policies do not let us look, are none of ours.
    if (error instanceof Error && error.name.startsWith('AccessDenied')) return false
    throw error
  }
}

async function findGuardrail({ inputs = {} }: StateResource, access: AwsAccess): Promise<string | undefined> {
  const client = new OrganizationsClient(clientSettings(access))
  try {
    for await (const { Policies } of paginateListPolicies({ client }, { Filter: 'SERVICE_CONTROL_POLICY' })) {
      const found = Policies?.find(({ Name }) => Name === inputs['name'])
      if (found?.Id !== undefined) return found.Id
    }
    return undefined
  } finally {
    client.destroy()
  }
}

/** The keys of a user that ringfence makes are the stack's alone. */
async function deleteUnknownKeys(
  { inputs = {} }: StateResource,
  access: AwsAccess,
  known: ReadonlySet<string>,
): Promise<void> {
  const UserName = inputs['user']
  if (typeof UserName !== 'string') return
  const client = new IAMClient(clientSettings(access))
  try {
    const { AccessKeyMetadata } = await client.send(new ListAccessKeysCommand({ UserName }))
    for (const { AccessKeyId } of AccessKeyMetadata ?? []) {
      if (AccessKeyId === undefined || known.has(AccessKeyId)) continue
      await client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }))
    }
  } catch (error) {
    if (!(error instanceof Error && error.name.startsWith('NoSuchEntity'))) throw error
  } finally {
    client.destroy()
  }
}

/** A secret that waits for its deletion is nobody's. */
async function findSecret({ inputs = {} }: StateResource, access: AwsAccess): Promise<string | undefined> {
  const SecretId = inputs['name']
  if (typeof SecretId !== 'string') return undefined
  const client = new SecretsManagerClient(clientSettings(access))
  try {
    const { ARN, DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }))
    return DeletedDate === undefined ? ARN : undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
    throw error
  } finally {
    client.destroy()
  }
}

/**
 * Gives the label of the current version back to the one that the state knows, if a version came of it that the state
 * does not know: made a second time, the same value would push what came before it out of the secret.
 */
async function takeBackVersion(
  { inputs = {} }: StateResource,
  access: AwsAccess,
  known: ReadonlySet<string>,
): Promise<void> {
  const SecretId = inputs['secretId']
  if (typeof SecretId !== 'string') return
  const client = new SecretsManagerClient(clientSettings(access))
  try {
    const { DeletedDate, VersionIdsToStages = {} } = await client.send(
      new DescribeSecretCommand({ SecretId }),
    )
    // AWS changes nothing of it while it waits.
    if (DeletedDate !== undefined) return
    const labelled = (label: string): string | undefined =>
      Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(label))?.[0]
    const [made, before] = [labelled('AWSCURRENT'), labelled('AWSPREVIOUS')]
    const isKnown = (version: string | undefined): boolean => known.has(`${SecretId}|${version}`)
    if (made === undefined || isKnown(made) || !isKnown(before)) return
    const move = { MoveToVersionId: before, RemoveFromVersionId: made }
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', ...move }))
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error
  } finally {
    client.destroy()
  }
}
