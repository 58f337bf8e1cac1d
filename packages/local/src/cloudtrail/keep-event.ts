import type { Database } from '../call.js'
import type { Outcome } from '../http/deps.js'
import type { CloudTrailEvent } from '../local-aws.js'
import { enforcedOperations } from '../enforce/table.js'
import type { CloudTrailTables } from './tables.js'

/** How long the event history reaches back (CloudTrail User Guide, "Working with CloudTrail event history"). */
const historyMs = 90 * 24 * 60 * 60_000

/** Whether somebody changed, or tried to change, something beside objects: what the event history is kept of here. */
export function isKept({ call }: Outcome): boolean {
  const { service, operation, caller } = call
  if (caller.account === '' || readName.test(operation) || dataServices.has(service)) return false
  if (service === 's3') return /Bucket|PublicAccessBlock/.test(operation)
  return kept.has(`${service}:${operation}`)
}

const readName =
  /^(Get|List|Head|Describe|Simulate|Select|Lookup|Encrypt|Decrypt|ReEncrypt|GenerateDataKey|AssumeRole)/
const dataServices: ReadonlySet<string> = new Set(['sagemaker-runtime'])
const kept: ReadonlySet<string> = new Set(enforcedOperations())

/** Adds an event to the history, and drops those that are too old by then. */
export function keepEvent(
  database: Database,
  { events }: CloudTrailTables,
  event: CloudTrailEvent,
  timeMs: number,
): Promise<void> {
  const account = event.recipientAccountId
  return database.transaction(() => {
    events.put([account, timeMs, event.eventID], event)
    const old = [...events.range({ start: [account], end: [account, timeMs - historyMs], limit: 100 })]
    for (const { key } of old) events.delete(key)
  })
}
