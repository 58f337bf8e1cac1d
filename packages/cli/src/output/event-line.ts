import type { CloudTrailEvent } from '@ringfence/local'
import { explainDecision } from '@ringfence/policy'
import type { Colors } from './color.js'
import { printable } from './printable.js'

/** One line about a request: time, answer, who, what, and for a denial what decided. */
export function printEvent(event: CloudTrailEvent, colors: Colors): string {
  const time = colors.dim(event.eventTime.slice(11, 19))
  const answer = printable(event.errorCode ?? 'ok').padEnd(12)
  const words = [
    time,
    event.errorCode === undefined ? colors.green(answer) : colors.red(answer),
    printable(principalOf(event)),
    printable(`${event.eventSource.replace('.amazonaws.com', '')}:${event.eventName}`),
  ]
  const reason = reasonOf(event)
  if (reason !== undefined) words.push(colors.dim(printable(reason)))
  return `${words.join('  ')}\n`
}

function principalOf(event: CloudTrailEvent): string {
  const { arn, type, invokedBy, accountId } = event.userIdentity
  if (accountId === 'ANONYMOUS_PRINCIPAL') return 'anonymous'
  for (const name of [arn, invokedBy, type]) if (typeof name === 'string' && name !== '') return name
  return 'anonymous'
}

/** Why it was denied; for other errors what the client was told. */
function reasonOf(event: CloudTrailEvent): string | undefined {
  if (event.errorCode === undefined) return undefined
  const permissions = event.additionalEventData?.authorization ?? []
  const denied = permissions.find(({ decision }) => decision.decision !== 'allow')
  return denied === undefined ? event.errorMessage : explainDecision(denied, denied.decision).join('; ')
}
