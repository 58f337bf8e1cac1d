import type { Database, Table } from '../call.js'
import type { CloudTrailEvent } from '../local-aws.js'

export interface CloudTrailTables {
  /** [account, epoch milliseconds, event id] */
  readonly events: Table<CloudTrailEvent>
}

export function openCloudTrailTables(database: Database): CloudTrailTables {
  return { events: database.table('cloudtrail.events') }
}
