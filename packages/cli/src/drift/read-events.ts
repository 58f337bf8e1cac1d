import type { CloudTrail, Event } from '@aws-sdk/client-cloudtrail'
import {
  type ChangeEvent,
  type Difference,
  type Maker,
  makerOf,
  type Trace,
  traceOf,
} from '@ringfence/lifecycle'
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

/** Event histories: of the account in its region and where services without one log, and of the management account. */
export type Trails = Readonly<Record<'global' | 'regional', CloudTrail>> & {
  readonly management?: CloudTrail
}

/** Asks the event history about each resource once. */
export async function findMakers(
  differences: readonly Difference[],
  trails: Trails,
  arns: AccountFound['arns'],
): Promise<Makers> {
  const traces = new Map<string, Trace>()
  for (const difference of differences) {
    for (const trace of traceOf(difference, arns)) traces.set(keyOf(trace), trace)
  }
  const events = new Map<string, readonly ChangeEvent[]>()
  const closed = new Map<Trace['region'], string>()
  for (const [key, { region, resource }] of [...traces].slice(0, mostLookups)) {
    const trail = trails[region]
    if (trail === undefined || closed.has(region)) continue
    try {
      events.set(key, await lookUp(trail, resource))
    } catch (error) {
      if (!(error instanceof Error && /^AccessDenied|NotImplemented/.test(error.name))) throw error
      closed.set(region, error.name)
    }
  }
  const of = new Map<Difference, Maker>()
  for (const difference of differences) {
    const known = traceOf(difference, arns).flatMap((trace) => events.get(keyOf(trace)) ?? [])
    const maker = makerOf(difference, known)
    if (maker !== undefined) of.set(difference, maker)
  }
  const [refusal] = closed.values()
  if (refusal !== undefined)
    return { of, note: `CloudTrail does not let you see who made ${whose(closed)} (${refusal})` }
  const left = traces.size - mostLookups
  return { of, ...(left > 0 ? { note: `CloudTrail was not asked about ${left} more resources` } : {}) }
}

function whose(closed: ReadonlyMap<Trace['region'], string>): string {
  return [...closed.keys()].every((region) => region === 'management') ? 'those of the guardrail' : 'them'
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
