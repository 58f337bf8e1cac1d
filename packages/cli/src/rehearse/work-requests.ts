import type { Platform, StoreReference } from '@ringfence/plan'
import { namesOf, TEAM_TAG, type Setting } from './setting.js'

/** The name of the job, model, endpoint configuration and endpoint that every owner has from the start. */
export const RUNNING = 'running'
/** Begins the names of jobs that are made to be stopped once. */
export const STOPPABLE = 'stop-'

/** A request that an administrator sends before the rehearsal, so that there is work to act on. */
export interface WorkRequest {
  readonly service: 'sagemaker'
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

type Input = Readonly<Record<string, unknown>> & { readonly Tags: readonly unknown[] }

/** A training job as its owner would start it: own name, own tag, the platform's role, its data. */
export function trainingJob(setting: Setting, platform: Platform, owner: string, name: string): Input {
  const names = namesOf(setting.declaration)
  const [source] = platform.reads
  const [target] = platform.writes
  return {
    TrainingJobName: names.work(platform.name, owner, name),
    AlgorithmSpecification: { TrainingImage: imageOf(setting, platform), TrainingInputMode: 'File' },
    RoleArn: names.roleArn(names.executionRole(platform.name)),
    ...(source === undefined
      ? {}
      : {
          InputDataConfig: [
            {
              ChannelName: 'training',
              DataSource: {
                S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uriOf(setting, source) },
              },
            },
          ],
        }),
    OutputDataConfig: {
      S3OutputPath: target === undefined ? `s3://${setting.outsideBucket}/` : uriOf(setting, target),
    },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    Tags: [{ Key: TEAM_TAG, Value: owner }],
  }
}

export function model(setting: Setting, platform: Platform, owner: string, name: string): Input {
  const names = namesOf(setting.declaration)
  const [source] = platform.reads
  return {
    ModelName: names.work(platform.name, owner, name),
    ExecutionRoleArn: names.roleArn(names.executionRole(platform.name)),
    PrimaryContainer: {
      Image: imageOf(setting, platform),
      ...(source === undefined ? {} : { ModelDataUrl: `${uriOf(setting, source)}model.tar.gz` }),
    },
    Tags: [{ Key: TEAM_TAG, Value: owner }],
  }
}

export function endpointConfiguration(name: string, modelName: string, Tags: readonly unknown[]): Input {
  return {
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName: 'all',
        ModelName: modelName,
        InitialInstanceCount: 1,
        InstanceType: 'ml.m5.large',
      },
    ],
    Tags,
  }
}

/** What must exist of one owner on one platform before anybody is asked to touch it, in order. */
export function standingWork(setting: Setting, platform: Platform, owner: string): readonly WorkRequest[] {
  const name = namesOf(setting.declaration).work(platform.name, owner, RUNNING)
  const Tags = [{ Key: TEAM_TAG, Value: owner }]
  return [
    workRequest('CreateTrainingJob', trainingJob(setting, platform, owner, RUNNING)),
    workRequest('CreateModel', model(setting, platform, owner, RUNNING)),
    workRequest('CreateEndpointConfig', endpointConfiguration(name, name, Tags)),
    workRequest('CreateEndpoint', { EndpointName: name, EndpointConfigName: name, Tags }),
  ]
}

/** An image that jobs of the platform may pull; nothing pulls it here. */
function imageOf({ declaration }: Setting, platform: Platform): string {
  const [repository] = platform.images
  const parsed = /^arn:aws:ecr:([^:]+):(\d{12}):repository\/(.+)$/.exec(repository ?? '')
  const [, region, account, name] = parsed ?? ['', declaration.region, declaration.account, 'rehearsal']
  return `${account}.dkr.ecr.${region}.amazonaws.com/${name}:latest`
}

function uriOf({ declaration }: Setting, { kind, name, under }: StoreReference): string {
  const store = declaration.stores.find((one) => one.kind === kind && one.name === name)
  return `s3://${store?.bucket ?? name}/${under}`
}

export function workRequest(operation: string, input: Readonly<Record<string, unknown>>): WorkRequest {
  return { service: 'sagemaker', operation, input }
}
