import type { SageMakerRecord } from './tables.js'

/*
 * Nothing runs here: states move on with the clock alone. The spans are the local AWS's own, short enough to
 * wait for and long enough to see.
 */
export const trainingMs = 5 * 60_000
export const stoppingMs = 30_000
export const endpointMs = 60_000
export const projectMs = 5_000

export interface JobState {
  readonly status: 'InProgress' | 'Stopping' | 'Stopped' | 'Completed'
  readonly endMs?: number
}

export function jobState(job: SageMakerRecord, nowMs: number): JobState {
  if (job.stopMs !== undefined) {
    const endMs = job.stopMs + stoppingMs
    return nowMs < endMs ? { status: 'Stopping' } : { status: 'Stopped', endMs }
  }
  const endMs = job.createdMs + trainingMs
  return nowMs < endMs ? { status: 'InProgress' } : { status: 'Completed', endMs }
}

export function endpointStatus(
  endpoint: SageMakerRecord,
  nowMs: number,
): 'Creating' | 'Updating' | 'InService' {
  if (nowMs >= endpoint.updatedMs + endpointMs) return 'InService'
  return endpoint.updatedMs === endpoint.createdMs ? 'Creating' : 'Updating'
}

export function projectStatus(
  project: SageMakerRecord,
  nowMs: number,
): 'CreateInProgress' | 'CreateCompleted' | 'UpdateInProgress' | 'UpdateCompleted' {
  const done = nowMs >= project.updatedMs + projectMs
  if (project.updatedMs === project.createdMs) return done ? 'CreateCompleted' : 'CreateInProgress'
  return done ? 'UpdateCompleted' : 'UpdateInProgress'
}
