import type { IamAccessKey, Plan, Secret, SecretPolicy, SecretVersion } from '@ringfence/plan'
import { nameKey } from '../iam/tables.js'
import { current } from '../secrets-manager/versions.js'
import { findSecret } from '../secrets-manager/tables.js'
import type { LoadContext } from './load-context.js'
import { samePolicy, sameValue, tagList } from './load-context.js'

export async function loadSecret({ aws, region, state }: LoadContext, planned: Secret): Promise<void> {
  const { description, name, tags } = planned
  const present = findSecret(state.secretsManager, name, aws.account, region)
  if (present === undefined) {
    await aws.call('secretsmanager', 'CreateSecret', {
      Name: name,
      Description: description,
      Tags: tagList(tags),
    })
    return
  }
  if (present.deletionMs !== undefined) await aws.call('secretsmanager', 'RestoreSecret', { SecretId: name })
  if (present.description !== description)
    await aws.call('secretsmanager', 'UpdateSecret', { SecretId: name, Description: description })
  const gone = Object.keys(present.tags).filter((tag) => tags[tag] === undefined)
  if (gone.length > 0) await aws.call('secretsmanager', 'UntagResource', { SecretId: name, TagKeys: gone })
  if (!sameValue({ ...present.tags, ...tags }, present.tags))
    await aws.call('secretsmanager', 'TagResource', { SecretId: name, Tags: tagList(tags) })
}

export async function loadSecretPolicy(context: LoadContext, planned: SecretPolicy): Promise<void> {
  const { aws, plan, region, state } = context
  const { name } = plannedSecret(plan, planned.secret)
  const present = findSecret(state.secretsManager, name, aws.account, region)
  if (samePolicy(present?.policy, planned.policy)) return
  await aws.call('secretsmanager', 'PutResourcePolicy', {
    SecretId: name,
    ResourcePolicy: JSON.stringify(planned.policy),
    BlockPublicPolicy: true,
  })
}

/** The key that the load made: the newest of the user. */
export async function loadSecretVersion(context: LoadContext, planned: SecretVersion): Promise<void> {
  const { aws, plan, region, state } = context
  const { name } = plannedSecret(plan, planned.secret)
  const key = plan.resources.find((one): one is IamAccessKey => one.id === planned.accessKey)
  const user = state.iam.users.get(nameKey(aws.account, key?.user ?? ''))
  const newest = state.iam.accessKeys.get(user?.accessKeyIds.at(-1) ?? '')
  if (newest === undefined) throw new Error(`${planned.id}: ${planned.accessKey} comes after it in the plan`)
  const SecretString = JSON.stringify({
    Version: 1,
    AccessKeyId: newest.id,
    SecretAccessKey: newest.secret,
  })
  const present = findSecret(state.secretsManager, name, aws.account, region)
  const version = present?.versions.find(({ stages }) => stages.includes(current))
  const value =
    present === undefined || version === undefined
      ? undefined
      : state.secretsManager.values.get([present.arn, version.id])
  if (sameValue(value, { text: SecretString })) return
  await aws.call('secretsmanager', 'PutSecretValue', { SecretId: name, SecretString })
}

function plannedSecret({ resources }: Plan, id: string): Secret {
  const secret = resources.find((one): one is Secret => one.id === id)
  if (secret === undefined) throw new Error(`the plan has no ${id}`)
  return secret
}
