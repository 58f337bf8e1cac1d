import type { Database, Table } from '../call.js'
import type { Tags } from '../iam/records.js'
import type { SageMakerKind } from './arns.js'

/** A resource as it was asked for; its state follows from the clock. */
export interface SageMakerRecord {
  readonly kind: SageMakerKind
  readonly account: string
  readonly region: string
  readonly name: string
  readonly arn: string
  /** What the create (or the last update) was given, without tags. */
  readonly input: unknown
  readonly createdMs: number
  readonly updatedMs: number
  /** When StopTrainingJob was called. */
  readonly stopMs?: number
  /** ARN of who made it. */
  readonly createdBy: string
}

export interface SageMakerTables {
  /** [account, region, kind, name] */
  readonly resources: Table<SageMakerRecord>
  /** [ARN] */
  readonly tags: Table<Tags>
}

export function openSageMakerTables(database: Database): SageMakerTables {
  return { resources: database.table('sagemaker.resources'), tags: database.table('sagemaker.tags') }
}
