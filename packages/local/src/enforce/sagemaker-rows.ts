import type { SageMaker } from '@aws-sdk/client-sagemaker'
import type { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { sageMakerArn } from '../sagemaker/arns.js'
import type { SageMakerKind } from '../sagemaker/arns.js'
import { passRole } from './pass-role.js'
import type { Rows } from './requirements.js'
import { keys, requestTags, resourceTags, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon SageMaker AI";
 * SageMaker Developer Guide, "Amazon SageMaker AI API permissions" (iam:PassRole, and sagemaker:AddTags for
 * tags that a create carries).
 */

const passedTo = 'sagemaker.amazonaws.com'

/** An action on something that exists, with its tags. */
function on(
  action: string,
  kind: SageMakerKind,
  name: string | undefined,
  call: Call,
  view: ResourceView,
): Requirement {
  const resource = sageMakerArn(call, kind, name ?? '')
  return { action, resource, context: resourceTags(view.sageMakerTags(resource), 'aws', 'sagemaker') }
}

/** The same with more keys: those of the request hold for each resource that it touches. */
function withKeys(requirement: Requirement, more: RequestContext): Requirement {
  return { ...requirement, context: { ...requirement.context, ...more } }
}

/** A create: the action, the tags it sets, and the role it hands to SageMaker. */
function create(
  action: string,
  kind: SageMakerKind,
  input: {
    readonly name: string | undefined
    readonly tags?:
      readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined
    readonly roleArn?: string | undefined
    readonly context?: RequestContext
  },
  call: Call,
  view: ResourceView,
): Requirement[] {
  const resource = sageMakerArn(call, kind, input.name ?? '')
  const tags = requestTags(input.tags)
  const tagging = { 'sagemaker:TaggingAction': action.slice(action.indexOf(':') + 1) }
  return [
    { action, resource, context: { ...input.context, ...tags } },
    ...(Object.keys(tags).length > 0
      ? [{ action: 'sagemaker:AddTags', resource, context: { ...tags, ...tagging } }]
      : []),
    ...passRole(input.roleArn, passedTo, view, call),
  ]
}

/** A list, which AWS grants on all or nothing. */
const list = (action: string) => (): Requirement[] => [{ action, resource: '*' }]

const jobRows = {
  CreateTrainingJob: (input, call, view) => {
    const source = input.InputDataConfig?.map(({ DataSource }) => DataSource?.FileSystemDataSource)
    const files = source?.find((one) => one !== undefined)
    const context = keys({
      'sagemaker:InstanceTypes': [
        ...(input.ResourceConfig?.InstanceType === undefined ? [] : [input.ResourceConfig.InstanceType]),
        ...(input.ResourceConfig?.InstanceGroups ?? []).flatMap(({ InstanceType }) => InstanceType ?? []),
      ],
      'sagemaker:MaxRuntimeInSeconds': input.StoppingCondition?.MaxRuntimeInSeconds,
      'sagemaker:NetworkIsolation': input.EnableNetworkIsolation,
      'sagemaker:InterContainerTrafficEncryption': input.EnableInterContainerTrafficEncryption,
      'sagemaker:OutputKmsKey': input.OutputDataConfig?.KmsKeyId,
      'sagemaker:VolumeKmsKey': input.ResourceConfig?.VolumeKmsKeyId,
      'sagemaker:VpcSecurityGroupIds': input.VpcConfig?.SecurityGroupIds,
      'sagemaker:VpcSubnets': input.VpcConfig?.Subnets,
      'sagemaker:KeepAlivePeriod': input.ResourceConfig?.KeepAlivePeriodInSeconds,
      'sagemaker:EnableRemoteDebug': input.RemoteDebugConfig?.EnableRemoteDebug,
      'sagemaker:FileSystemId': files?.FileSystemId,
      'sagemaker:FileSystemType': files?.FileSystemType,
      'sagemaker:FileSystemAccessMode': files?.FileSystemAccessMode,
      'sagemaker:FileSystemDirectoryPath': files?.DirectoryPath,
    })
    const { TrainingJobName: name, Tags: tags, RoleArn: roleArn } = input
    return create('sagemaker:CreateTrainingJob', 'training-job', { name, tags, roleArn, context }, call, view)
  },
  DescribeTrainingJob: (input, call, view) => [
    on('sagemaker:DescribeTrainingJob', 'training-job', input.TrainingJobName, call, view),
  ],
  StopTrainingJob: (input, call, view) => [
    on('sagemaker:StopTrainingJob', 'training-job', input.TrainingJobName, call, view),
  ],
  ListTrainingJobs: list('sagemaker:ListTrainingJobs'),
} satisfies Rows<SageMaker>

const hostingRows = {
  CreateModel: (input, call, view) => {
    const { ModelName: name, Tags: tags, ExecutionRoleArn: roleArn } = input
    const context = keys({
      'sagemaker:NetworkIsolation': input.EnableNetworkIsolation,
      'sagemaker:VpcSecurityGroupIds': input.VpcConfig?.SecurityGroupIds,
      'sagemaker:VpcSubnets': input.VpcConfig?.Subnets,
    })
    return create('sagemaker:CreateModel', 'model', { name, tags, roleArn, context }, call, view)
  },
  DescribeModel: (input, call, view) => [on('sagemaker:DescribeModel', 'model', input.ModelName, call, view)],
  DeleteModel: (input, call, view) => [on('sagemaker:DeleteModel', 'model', input.ModelName, call, view)],
  ListModels: list('sagemaker:ListModels'),
  CreateEndpointConfig: (input, call, view) => {
    const { EndpointConfigName: name, Tags: tags, ExecutionRoleArn: roleArn } = input
    const variants = input.ProductionVariants ?? []
    const context = keys({
      'sagemaker:InstanceTypes': variants.flatMap(({ InstanceType }) => InstanceType ?? []),
      'sagemaker:AcceleratorTypes': variants.flatMap(({ AcceleratorType }) => AcceleratorType ?? []),
      'sagemaker:ModelArn': variants.map(({ ModelName }) => sageMakerArn(call, 'model', ModelName ?? ''))[0],
      'sagemaker:VolumeKmsKey': input.KmsKeyId,
      'sagemaker:ServerlessMaxConcurrency': variants.find(({ ServerlessConfig }) => ServerlessConfig)
        ?.ServerlessConfig?.MaxConcurrency,
      'sagemaker:ServerlessMemorySize': variants.find(({ ServerlessConfig }) => ServerlessConfig)
        ?.ServerlessConfig?.MemorySizeInMB,
    })
    return create(
      'sagemaker:CreateEndpointConfig',
      'endpoint-config',
      { name, tags, roleArn, context },
      call,
      view,
    )
  },
  DescribeEndpointConfig: (input, call, view) => [
    on('sagemaker:DescribeEndpointConfig', 'endpoint-config', input.EndpointConfigName, call, view),
  ],
  DeleteEndpointConfig: (input, call, view) => [
    on('sagemaker:DeleteEndpointConfig', 'endpoint-config', input.EndpointConfigName, call, view),
  ],
  ListEndpointConfigs: list('sagemaker:ListEndpointConfigs'),
  CreateEndpoint: (input, call, view) => [
    ...create(
      'sagemaker:CreateEndpoint',
      'endpoint',
      { name: input.EndpointName, tags: input.Tags },
      call,
      view,
    ),
    withKeys(
      on('sagemaker:CreateEndpoint', 'endpoint-config', input.EndpointConfigName, call, view),
      requestTags(input.Tags),
    ),
  ],
  UpdateEndpoint: (input, call, view) => [
    on('sagemaker:UpdateEndpoint', 'endpoint', input.EndpointName, call, view),
    on('sagemaker:UpdateEndpoint', 'endpoint-config', input.EndpointConfigName, call, view),
  ],
  DescribeEndpoint: (input, call, view) => [
    on('sagemaker:DescribeEndpoint', 'endpoint', input.EndpointName, call, view),
  ],
  DeleteEndpoint: (input, call, view) => [
    on('sagemaker:DeleteEndpoint', 'endpoint', input.EndpointName, call, view),
  ],
  ListEndpoints: list('sagemaker:ListEndpoints'),
} satisfies Rows<SageMaker>

const projectRows = {
  CreateProject: (input, call, view) =>
    create('sagemaker:CreateProject', 'project', { name: input.ProjectName, tags: input.Tags }, call, view),
  DescribeProject: (input, call, view) => [
    on('sagemaker:DescribeProject', 'project', input.ProjectName, call, view),
  ],
  UpdateProject: (input, call, view) => {
    const project = on('sagemaker:UpdateProject', 'project', input.ProjectName, call, view)
    const tags = requestTags(input.Tags)
    if (Object.keys(tags).length === 0) return [project]
    return [project, { ...project, action: 'sagemaker:AddTags' }].map((one) => withKeys(one, tags))
  },
  DeleteProject: (input, call, view) => [
    on('sagemaker:DeleteProject', 'project', input.ProjectName, call, view),
  ],
  ListProjects: list('sagemaker:ListProjects'),
  AddTags: (input, _call, view) => [
    {
      action: 'sagemaker:AddTags',
      resource: input.ResourceArn ?? '',
      context: {
        ...resourceTags(view.sageMakerTags(input.ResourceArn ?? ''), 'aws', 'sagemaker'),
        ...requestTags(input.Tags),
      },
    },
  ],
  DeleteTags: (input, _call, view) => [
    {
      action: 'sagemaker:DeleteTags',
      resource: input.ResourceArn ?? '',
      context: {
        ...resourceTags(view.sageMakerTags(input.ResourceArn ?? ''), 'aws', 'sagemaker'),
        ...tagKeys(input.TagKeys),
      },
    },
  ],
  ListTags: (input, _call, view) => [
    {
      action: 'sagemaker:ListTags',
      resource: input.ResourceArn ?? '',
      context: resourceTags(view.sageMakerTags(input.ResourceArn ?? ''), 'aws', 'sagemaker'),
    },
  ],
} satisfies Rows<SageMaker>

export const sageMakerRows: Rows<SageMaker> = { ...jobRows, ...hostingRows, ...projectRows }

export const sageMakerRuntimeRows: Rows<SageMakerRuntime> = {
  InvokeEndpoint: (input, call, view) => {
    const one = on('sagemaker:InvokeEndpoint', 'endpoint', input.EndpointName, call, view)
    return [withKeys(one, keys({ 'sagemaker:TargetModel': input.TargetModel }))]
  },
}
