import type { CloudTrail, Event } from '@aws-sdk/client-cloudtrail'
import {
  type ChangeEvent,
  type Difference,
  type Maker,
  makerOf,
  type Trace,
  traceOf,
} from '@ringfence/lifecycle'
import type { AwsClients } from './aws-clients.js'
import type { AccountFound } from './read-account.js'

/** CloudTrail answers two such questions a second; beyond so many, what is left has no name of who made it. */
const mostLookups = 60
/** Pages of 50 events each that are looked through for one resource. */
const mostPages = 4

/** Who made the differences, by difference, where CloudTrail's event history of 90 days tells. */
export interface Makers {
  readonly of: ReadonlyMap<Difference, Maker>
  /** Why it could not be asked, or not about everything. */
  readonly note?: string
}

/** Asks the event history about each resource once. */
export async function findMakers(
  differences: readonly Difference[],
  trails: AwsClients['trails'],
  arns: AccountFound['arns'],
): Promise<Makers> {
  const traces = new Map<string, Trace>()
  for (const difference of differences) {
    for (const trace of traceOf(difference, arns)) traces.set(keyOf(trace), trace)
  }
  const events = new Map<string, readonly ChangeEvent[]>()
  try {
    for (const [key, trace] of [...traces].slice(0, mostLookups)) {
      events.set(key, await lookUp(trails[trace.region], trace.resource))
    }
  } catch (error) {
    if (!(error instanceof Error && /^AccessDenied|NotImplemented/.test(error.name))) throw error
    return { of: new Map(), note: `CloudTrail does not let you see who made them (${error.name})` }
  }
  const of = new Map<Difference, Maker>()
  for (const difference of differences) {
    const known = traceOf(difference, arns).flatMap((trace) => events.get(keyOf(trace)) ?? [])
    const maker = makerOf(difference, known)
    if (maker !== undefined) of.set(difference, maker)
  }
  const left = traces.size - mostLookups
  return { of, ...(left > 0 ? { note: `CloudTrail was not asked about ${left} more resources` } : {}) }
}

function keyOf({ region, resource }: Trace): string {
  return `${region} ${resource}`
}

async function lookUp(trail: CloudTrail, resource: string): Promise<readonly ChangeEvent[]> {
  const found: ChangeEvent[] = []
  let token: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const { Events = [], NextToken } = await trail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: resource }],
      ...(token === undefined ? {} : { NextToken: token }),
    })
    found.push(...Events.flatMap((event) => changeOf(event)))
    token = NextToken
    if (token === undefined) break
  }
  return found
}

/** An event that succeeded, in ringfence's words. */
function changeOf({ EventId: id = '', EventName: name = '', CloudTrailEvent: text = '{}' }: Event) {
  const event = JSON.parse(text) as {
    readonly eventTime?: string
    readonly errorCode?: string
    readonly sourceIPAddress?: string
    readonly userIdentity?: { readonly arn?: string; readonly invokedBy?: string; readonly type?: string }
  }
  if (event.errorCode !== undefined) return []
  const { arn, invokedBy, type } = event.userIdentity ?? {}
  const from = event.sourceIPAddress
  const by = arn ?? invokedBy ?? type ?? 'unknown'
  const at = event.eventTime ?? ''
  return [{ id, name, at, by, text, ...(from === undefined ? {} : { from }) }]
}
