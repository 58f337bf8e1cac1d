import type { CloudTrailEvent } from '@ringfence/local'
import type { Decision } from '@ringfence/policy'
import type { Colors } from './color.js'
import { printable } from './printable.js'

/** One line about a request: time, answer, who, what, and for a denial what decided. */
export function printEvent(event: CloudTrailEvent, colors: Colors): string {
  const time = colors.dim(event.eventTime.slice(11, 23))
  const answer = event.errorCode ?? 'ok'
  const paint = event.errorCode === undefined ? colors.green : colors.red
  const service = event.eventSource.replace('.amazonaws.com', '')
  const words = [
    time,
    paint(printable(answer).padEnd(12)),
    printable(principalOf(event)),
    `${service}:${printable(event.eventName)}`,
  ]
  const reason = reasonOf(event)
  if (reason !== undefined) words.push(colors.dim(`— ${printable(reason)}`))
  return `${words.join('  ')}\n`
}

function principalOf(event: CloudTrailEvent): string {
  const { arn, type, invokedBy } = event.userIdentity
  for (const name of [arn, invokedBy, type]) if (typeof name === 'string' && name !== '') return name
  return 'anonymous'
}

/** Why it was denied; for other errors what the client was told. */
function reasonOf(event: CloudTrailEvent): string | undefined {
  if (event.errorCode === undefined) return undefined
  const denied = event.additionalEventData?.authorization?.find(
    ({ decision }) => decision.decision !== 'allow',
  )
  if (denied === undefined) return event.errorMessage
  return `${denied.action} on ${denied.resource}: ${describeDenial(denied.decision)}`
}

function describeDenial(decision: Decision): string {
  if (decision.decision === 'explicitDeny') {
    return decision.statements
      .map(
        ({ layer, policy, sid, index }) => `denied by ${sid ?? `statement ${index}`} of ${policy} (${layer})`,
      )
      .join('; ')
  }
  const { missing, nearest } = decision
  const lacking = `nothing in the ${missing ?? 'identity'} layer allows it`
  if (nearest === undefined) return lacking
  const { element, operator, key } = nearest.failed
  const what = key === undefined ? element : `${element} ${operator ?? ''} ${key}`.replace(/ {2,}/, ' ')
  return `${lacking}; nearest is ${nearest.sid ?? `statement ${nearest.index}`} of ${nearest.policy}, but for its ${what}`
}
