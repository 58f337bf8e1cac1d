import type { Capability, Grant, Platform, Store } from '../declaration.js'
import type { SourceSpan } from '../plan.js'
import type { Model } from './model.js'
import type { Part } from './part.js'
import type { Condition } from './statement.js'
import { allOf, before, compare, pascal } from './statement.js'
import { fenced, keyActions, listActions, listActionsByPrefix, objectActions } from './store-actions.js'

/** Everything that a grant allows its holder. */
export function grantParts(grant: Grant, model: Model): Part[] {
  if (grant.on.kind !== 'platform') {
    return storeParts(model.findStore(grant.on), grant.can, grant.under, grant.until, grant.declaredAt, model)
  }
  const platform = model.platforms.get(grant.on.name)
  if (platform === undefined) throw new Error(`the declaration lacks the platform ${grant.on.name}`)
  return platformParts(platform, grant, model)
}

/** Access to objects of a store, its listing, its key and its settings. */
export function storeParts(
  store: Store,
  can: readonly Capability[],
  under: string,
  until: string | undefined,
  declaredAt: SourceSpan,
  model: Model,
): Part[] {
  const bucket = model.arns.bucket(store)
  const data = (['read', 'write', 'delete'] as const).filter((capability) => can.includes(capability))
  const name = `${pascal(store.name)}${under === '' ? '' : `Under${pascal(under)}`}`
  const sources = [declaredAt]
  const parts: Part[] = []
  const { key, objects, objectsAndLists, verbs } = dataActions(data)
  if (data.length > 0) {
    const whole = under === '' && can.includes('read')
    parts.push({
      sid: `${verbs}${name}`,
      actions: whole ? objectsAndLists : objects,
      resources: whole ? [bucket, `${bucket}/*`] : [`${bucket}/${under}*`],
      condition: before(until),
      sources,
    })
  }
  if (under !== '' && can.includes('read')) {
    parts.push({
      sid: `List${name}`,
      actions: listActionsByPrefix,
      resources: [bucket],
      condition: allOf({ StringLike: { 's3:prefix': `${under}*` } }, before(until)),
      sources,
    })
  }
  if (store.encryption === 'kms' && key.length > 0) {
    parts.push({
      sid: `KeyOf${name}`,
      actions: key,
      resources: [model.arns.anyKey],
      condition: allOf(
        { StringEquals: { 'kms:ViaService': `s3.${model.declaration.region}.amazonaws.com` } },
        before(until),
      ),
      aliases: [model.arns.aliasName(store)],
      sources,
    })
  }
  if (can.includes('administer')) {
    parts.push({
      sid: `Administer${name}`,
      actions: administration,
      resources: [bucket],
      condition: before(until),
      sources,
    })
  }
  return parts
}

const administration = [...fenced.settings, ...fenced.configuration]

/** What some capabilities on objects come to. The same lists in all policies, so that plans of many grants stay small. */
interface DataActions {
  readonly objects: readonly string[]
  readonly objectsAndLists: readonly string[]
  readonly key: readonly string[]
  /** `ReadWrite` */
  readonly verbs: string
}

const knownActions = new Map<string, DataActions>()

function dataActions(data: readonly ('read' | 'write' | 'delete')[]): DataActions {
  const verbs = data.map((capability) => pascal(capability)).join('')
  let known = knownActions.get(verbs)
  if (known === undefined) {
    const objects = data.flatMap((capability) => objectActions[capability])
    const key = [...new Set(data.flatMap((capability) => keyActions[capability]))].toSorted(compare)
    knownActions.set(verbs, (known = { objects, objectsAndLists: [...listActions, ...objects], key, verbs }))
  }
  return known
}

/** SageMaker's kinds of things that `deploy` makes. */
const deployed = ['endpoint', 'endpoint-config', 'model'] as const

/** Everything that a team runs on a platform is named and tagged after both, and touched by no other team. */
function platformParts(platform: Platform, grant: Grant, model: Model): Part[] {
  const { arns } = model
  const runner = grant.to.name
  const until = before(grant.until)
  const sources = [grant.declaredAt]
  const own = (kind: string): string => arns.sagemaker(`${kind}/${platform.name}--${runner}--*`)
  const anyones = (kind: string): string => arns.sagemaker(`${kind}/${platform.name}--*--*`)
  const tagged = (operator: string, key: string): Condition => ({
    [operator]: { [`${key}/ringfence:team`]: runner },
  })
  const part = (
    sid: string,
    actions: readonly string[],
    resources: readonly string[],
    condition?: Condition,
  ): Part => ({
    sid: `${sid}${pascal(platform.name)}`,
    actions,
    resources,
    condition: allOf(condition, until),
    sources,
  })
  const parts: Part[] = []
  const created: string[] = []
  if (grant.can.includes('train')) {
    created.push(own('training-job'))
    parts.push(
      part('TrainOn', trainingActions, [own('training-job')], tagged('StringEquals', 'aws:RequestTag')),
      part('OwnJobsOn', ownJobActions, [own('training-job')], tagged('StringEquals', 'aws:ResourceTag')),
      part('ListJobsOn', listJobsActions, ['*']),
    )
  }
  if (grant.can.includes('deploy')) {
    created.push(...deployed.map(own))
    parts.push(
      part('DeployOn', deployActions, deployed.map(own), tagged('StringEquals', 'aws:RequestTag')),
      part(
        'OwnEndpointsOn',
        ownEndpointActions,
        deployed.map(own),
        tagged('StringEquals', 'aws:ResourceTag'),
      ),
      part('ListEndpointsOn', listEndpointsActions, ['*']),
    )
  }
  if (created.length > 0) {
    parts.push(
      // Tags at creation ask for AddTags too; a tag for another team can never be put on.
      part('TagOn', tagActions, created, tagged('StringEqualsIfExists', 'aws:RequestTag')),
      part('PassRoleTo', passRole, [arns.executionRole(platform.name)], {
        StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
      }),
    )
  }
  if (grant.can.includes('invoke')) {
    parts.push(part('Invoke', invokeActions, [anyones('endpoint')]))
  }
  if (grant.can.includes('administer')) {
    parts.push(part('Administer', administerActions, [anyones('training-job'), ...deployed.map(anyones)]))
  }
  return parts
}

const endpointActions = [
  'sagemaker:DeleteEndpoint',
  'sagemaker:DeleteEndpointConfig',
  'sagemaker:DeleteModel',
  'sagemaker:DescribeEndpoint',
  'sagemaker:DescribeEndpointConfig',
  'sagemaker:DescribeModel',
]

const trainingActions = ['sagemaker:CreateTrainingJob']
const ownJobActions = ['sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob']
const listJobsActions = ['sagemaker:ListTrainingJobs']
const deployActions = ['sagemaker:CreateEndpoint', 'sagemaker:CreateEndpointConfig', 'sagemaker:CreateModel']
const ownEndpointActions = [
  // An endpoint is made of a configuration, which is asked for too and is there, with its tag, already.
  'sagemaker:CreateEndpoint',
  ...endpointActions,
  'sagemaker:UpdateEndpoint',
  'sagemaker:UpdateEndpointWeightsAndCapacities',
]
const listEndpointsActions = [
  'sagemaker:ListEndpointConfigs',
  'sagemaker:ListEndpoints',
  'sagemaker:ListModels',
]
const tagActions = ['sagemaker:AddTags']
const passRole = ['iam:PassRole']
const invokeActions = ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream']
const administerActions = [...ownJobActions, ...endpointActions]

/** Every SageMaker action that a grant can give, for the boundary. */
export const sagemakerActions = {
  onOwnNames: [
    'sagemaker:AddTags',
    'sagemaker:CreateEndpoint',
    'sagemaker:CreateEndpointConfig',
    'sagemaker:CreateModel',
    'sagemaker:CreateTrainingJob',
    'sagemaker:DescribeTrainingJob',
    'sagemaker:InvokeEndpoint',
    'sagemaker:InvokeEndpointWithResponseStream',
    'sagemaker:StopTrainingJob',
    'sagemaker:UpdateEndpoint',
    'sagemaker:UpdateEndpointWeightsAndCapacities',
    ...endpointActions,
  ],
  lists: [
    'sagemaker:ListEndpointConfigs',
    'sagemaker:ListEndpoints',
    'sagemaker:ListModels',
    'sagemaker:ListTrainingJobs',
  ],
} as const
