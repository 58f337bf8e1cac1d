import type { CloudTrail, LookupAttribute } from '@aws-sdk/client-cloudtrail'
import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import type { CloudTrailEvent } from '../local-aws.js'
import type { OperationsOf } from '../operation-types.js'
import { resourcesOf } from './resources.js'
import type { CloudTrailTables } from './tables.js'

export interface CloudTrailDeps {
  readonly tables: CloudTrailTables
}

/** At most so many a page, and so many where none is asked for (API Reference, `MaxResults`). */
const pageSize = 50

/**
 * The event history, which needs no trail. On AWS it has reads as well; here it has what changed something, or
 * tried to.
 */
export const cloudTrailOperations = {
  LookupEvents(input, call, { tables }) {
    const attribute = onlyAttribute(input.LookupAttributes ?? [])
    const size = input.MaxResults ?? pageSize
    if (size < 1 || size > pageSize) {
      throw new AwsError('InvalidMaxResultsException', 'MaxResults is not valid.', 400)
    }
    const [startMs, endMs] = [input.StartTime?.getTime() ?? 0, input.EndTime?.getTime() ?? call.timeMs]
    if (startMs > endMs) throw new AwsError('InvalidTimeRangeException', 'The time range is not valid.', 400)
    const { account } = call.caller
    const found: CloudTrailEvent[] = []
    const before = readToken(input.NextToken)
    const newest = before === undefined ? [account, endMs + 1] : [account, ...before]
    let last: readonly (string | number)[] | undefined
    // From the newest on: such a range begins behind its start and ends before its end.
    for (const { key, value } of tables.events.range({
      start: newest,
      end: [account, startMs],
      reverse: true,
    })) {
      if (before !== undefined && key[1] === before[0] && key[2] === before[1]) continue
      if (!isSeen(value, call) || !hasAttribute(value, attribute)) continue
      if (found.length === size) return { Events: found.map(shown), NextToken: writeToken(last ?? []) }
      found.push(value)
      last = key as readonly (string | number)[]
    }
    return { Events: found.map(shown) }
  },
} satisfies Partial<OperationsOf<CloudTrail, CloudTrailDeps>>

function onlyAttribute(attributes: readonly LookupAttribute[]): LookupAttribute | undefined {
  if (attributes.length > 1) {
    throw new AwsError('InvalidLookupAttributesException', 'Only one lookup attribute can be specified.', 400)
  }
  return attributes[0]
}

const globalSources = new Set(['iam.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com'])

/** Services without a region log in us-east-1 (CloudTrail User Guide, "Global service events"). */
function isSeen({ eventSource, awsRegion }: CloudTrailEvent, call: Call): boolean {
  return (globalSources.has(eventSource) ? 'us-east-1' : awsRegion) === call.region
}

function hasAttribute(event: CloudTrailEvent, attribute: LookupAttribute | undefined): boolean {
  if (attribute === undefined) return true
  const { AttributeKey, AttributeValue: wanted } = attribute
  switch (AttributeKey) {
    case 'EventId':
      return event.eventID === wanted
    case 'EventName':
      return event.eventName === wanted
    case 'EventSource':
      return event.eventSource === wanted
    case 'ReadOnly':
      return String(event.readOnly) === wanted
    case 'AccessKeyId':
      return event.userIdentity['accessKeyId'] === wanted
    case 'Username':
      return userNameOf(event) === wanted
    case 'ResourceName':
      return resourcesOf(event).some(({ ResourceName }) => ResourceName === wanted)
    case 'ResourceType':
      return resourcesOf(event).some(({ ResourceType }) => ResourceType === wanted)
    case undefined:
      return false
  }
}

/** A session is told by its own name. */
function userNameOf({ userIdentity }: CloudTrailEvent): string {
  const arn = String(userIdentity['arn'] ?? '')
  return arn.endsWith(':root') ? 'root' : arn.slice(arn.lastIndexOf('/') + 1)
}

function shown(event: CloudTrailEvent) {
  const accessKeyId = event.userIdentity['accessKeyId']
  return {
    EventId: event.eventID,
    EventName: event.eventName,
    EventSource: event.eventSource,
    EventTime: new Date(event.eventTime),
    ReadOnly: String(event.readOnly),
    Username: userNameOf(event),
    ...(typeof accessKeyId === 'string' ? { AccessKeyId: accessKeyId } : {}),
    Resources: [...resourcesOf(event)],
    CloudTrailEvent: JSON.stringify(event),
  }
}

function writeToken(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key.slice(1))).toString('base64url')
}

function readToken(token: string | undefined): readonly [number, string] | undefined {
  if (token === undefined) return undefined
  try {
    const [timeMs, id] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[]
    if (typeof timeMs === 'number' && typeof id === 'string') return [timeMs, id]
  } catch {
    // Said below.
  }
  throw new AwsError('InvalidNextTokenException', 'The NextToken is not valid.', 400)
}
