import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker'
import { jobState } from './clock.js'
import type { SageMakerOperations } from './operation.js'
import {
  checkRole,
  createResource,
  getResource,
  listResources,
  putResource,
  required,
  validation,
} from './operation.js'
import type { SageMakerRecord } from './tables.js'

export const trainingJobOperations = {
  CreateTrainingJob(input, call, deps) {
    const name = required(input.TrainingJobName, 'trainingJobName')
    required(input.AlgorithmSpecification, 'algorithmSpecification')
    required(input.OutputDataConfig, 'outputDataConfig')
    checkRole(deps, call, required(input.RoleArn, 'roleArn'))
    return deps.write(() => {
      const { arn } = createResource(deps, call, 'training-job', { name, input })
      return { TrainingJobArn: arn }
    })
  },

  DescribeTrainingJob(input, call, deps) {
    const job = getResource(deps, call, 'training-job', input.TrainingJobName)
    return describeJob(job, call.timeMs)
  },

  StopTrainingJob(input, call, deps) {
    return deps.write(() => {
      const job = getResource(deps, call, 'training-job', input.TrainingJobName)
      const { status } = jobState(job, call.timeMs)
      if (status === 'Stopping') return {}
      if (status !== 'InProgress') {
        throw validation(`The request was rejected because the training job is in status ${status}.`)
      }
      putResource(deps, { ...job, stopMs: call.timeMs, updatedMs: call.timeMs })
      return {}
    })
  },

  ListTrainingJobs(input, call, deps) {
    const wanted = (job: SageMakerRecord) =>
      input.StatusEquals === undefined || jobState(job, call.timeMs).status === input.StatusEquals
    const { items, ...rest } = listResources(deps, call, 'training-job', input, wanted)
    const TrainingJobSummaries = items.map((job) => summarizeJob(job, call.timeMs))
    return { TrainingJobSummaries, ...rest }
  },
} satisfies SageMakerOperations

function summarizeJob(job: SageMakerRecord, nowMs: number) {
  const { status, endMs } = jobState(job, nowMs)
  return {
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    CreationTime: new Date(job.createdMs),
    LastModifiedTime: new Date(endMs ?? job.updatedMs),
    TrainingJobStatus: status,
    ...(endMs === undefined ? {} : { TrainingEndTime: new Date(endMs) }),
  }
}

function describeJob(job: SageMakerRecord, nowMs: number) {
  const { AlgorithmSpecification, ResourceConfig, StoppingCondition, OutputDataConfig, ...request } =
    job.input as CreateTrainingJobRequest
  const { status, endMs } = jobState(job, nowMs)
  const output = (OutputDataConfig?.S3OutputPath ?? '').replace(/\/$/, '')
  return {
    ...request,
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    ModelArtifacts: { S3ModelArtifacts: `${output}/${job.name}/output/model.tar.gz` },
    TrainingJobStatus: status,
    SecondaryStatus: status === 'InProgress' ? ('Training' as const) : status,
    AlgorithmSpecification,
    ResourceConfig,
    StoppingCondition,
    OutputDataConfig,
    CreationTime: new Date(job.createdMs),
    TrainingStartTime: new Date(job.createdMs),
    LastModifiedTime: new Date(endMs ?? job.updatedMs),
    ...(endMs === undefined ? {} : { TrainingEndTime: new Date(endMs) }),
  }
}
