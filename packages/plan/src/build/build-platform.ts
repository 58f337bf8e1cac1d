import type { Platform } from '../declaration.js'
import { jobActions } from './boundary.js'
import { storeParts } from './grant-parts.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import type { Part } from './part.js'
import type { PlanWriter } from './plan-writer.js'
import { buildPolicies } from './principal-policies.js'
import { buildRevocation, revocationCount } from './revocation.js'
import { maxSessionDuration, shared } from './shared-names.js'
import { pascal } from './statement.js'
import { buildExecutionTrust } from './trust.js'

/** The role that jobs and endpoints run as, with what the platform reads and writes, and the project. */
export function buildPlatform(platform: Platform, model: Model, writer: PlanWriter): void {
  const { arns, declaration } = model
  const id = `platform/${platform.name}`
  const { declaredAt } = platform
  const name = arns.executionRoleName(platform.name)
  const arn = arns.executionRole(platform.name)
  const exists = model.existing.roles.has(platform.name)
  const policies = buildPolicies(
    {
      what: `platform "${platform.name}"`,
      id,
      name: `${declaration.organization}-platform-${platform.name}`,
      declaredAt,
      maxPolicies: limits.policiesPerPrincipal - revocationCount(name, model),
    },
    platformParts(platform, model),
    model,
    writer,
  )
  if (!exists)
    writer.add({
      type: 'iam.Role',
      id: `${id}/execution-role`,
      dependsOn: [shared.boundary],
      declaredAt,
      name,
      path: arns.path,
      arn,
      description: `Jobs and endpoints of platform ${platform.name}`,
      assumeRolePolicy: writer.document(arn, buildExecutionTrust(model, declaredAt)),
      permissionsBoundary: arns.boundary,
      maxSessionDuration,
      tags: { 'ringfence:organization': declaration.organization, 'ringfence:platform': platform.name },
    })
  const revocation = buildRevocation(name, declaredAt, model, writer)
  writer.add({
    type: 'iam.PolicyAttachments',
    id: `${id}/attachments`,
    dependsOn: [...(exists ? [] : [`${id}/execution-role`]), ...policies.ids, ...revocation.ids],
    declaredAt,
    exclusive: !exists,
    target: 'role',
    name,
    policyArns: [...policies.arns, ...revocation.arns],
  })
  if (platform.project === undefined) return
  const project = `${declaration.organization}-${platform.name}`
  writer.add({
    type: 'sagemaker.Project',
    id: `${id}/project`,
    dependsOn: [],
    declaredAt,
    name: project,
    arn: arns.sagemaker(`project/${project}`),
    description: `Platform ${platform.name} of ${declaration.organization}`,
    ...platform.project,
    tags: { 'ringfence:organization': declaration.organization, 'ringfence:platform': platform.name },
  })
}

function platformParts(platform: Platform, model: Model): Part[] {
  const { account, region } = model.declaration
  const sources = [platform.declaredAt]
  const name = pascal(platform.name)
  return [
    ...platform.reads.flatMap((store) =>
      storeParts(model.findStore(store), ['read'], store.under, undefined, store.declaredAt, model),
    ),
    ...platform.writes.flatMap((store) =>
      storeParts(model.findStore(store), ['write'], store.under, undefined, store.declaredAt, model),
    ),
    {
      sid: `LogsOf${name}`,
      actions: jobActions.logs,
      resources: [`arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/*`],
      sources,
    },
    {
      sid: `MetricsOf${name}`,
      actions: jobActions.metrics,
      resources: ['*'],
      condition: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'AWS/SageMaker*'] } },
      sources,
    },
    ...(platform.images.length === 0
      ? []
      : [
          {
            sid: `ImagesOf${name}`,
            actions: jobActions.images,
            resources: platform.images.toSorted(),
            sources,
          },
          { sid: `ImageLoginOf${name}`, actions: jobActions.login, resources: ['*'], sources },
        ]),
  ]
}
