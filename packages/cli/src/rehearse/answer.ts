import type { Probe } from './probe.js'

/** What AWS answered. */
export interface Answer {
  /** `failed`: neither let in nor refused by authorization, such as a missing bucket or a broken connection. */
  readonly outcome: 'allowed' | 'denied' | 'failed'
  /** AWS's error code; absent when the request succeeded. */
  readonly code?: string
  readonly message?: string
  readonly httpStatus?: number
  /** Ties the answer to the local AWS's event, which has the decision. */
  readonly requestId?: string
}

/**
 * The codes by which AWS refuses for want of permission or of a signature
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
 */
const AUTHORIZATION_ERRORS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
])

/** Reads the SDK's output, or what it rejected with, as an answer to a probe. */
export function readAnswer(
  probe: Probe,
  result: { readonly output: unknown } | { readonly error: unknown },
): Answer {
  if ('output' in result) return { outcome: 'allowed', ...metadataOf(result.output) }
  const { error } = result
  const code = error instanceof Error ? codeOf(error) : 'Unknown'
  return {
    outcome: outcomeOf(probe, code),
    code,
    message: error instanceof Error ? error.message : String(error),
    ...metadataOf(error),
  }
}

function outcomeOf(probe: Probe, code: string): Answer['outcome'] {
  if (AUTHORIZATION_ERRORS.has(code) || probe.refusals?.includes(code)) return 'denied'
  if (probe.pastAuthorization?.includes(code)) return 'allowed'
  return 'failed'
}

/** `AwsError` of the local AWS has a code of its own; the SDK's errors are named by it, sockets' have `code`. */
function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : error.name
}

function metadataOf(source: unknown): Pick<Answer, 'httpStatus' | 'requestId'> {
  if (typeof source !== 'object' || source === null || !('$metadata' in source)) return {}
  const metadata = source.$metadata as { readonly httpStatusCode?: number; readonly requestId?: string }
  return {
    ...(metadata.httpStatusCode === undefined ? {} : { httpStatus: metadata.httpStatusCode }),
    ...(metadata.requestId === undefined ? {} : { requestId: metadata.requestId }),
  }
}

/**
 * Reads why an actor could not sign in. After an end that is declared, being kept out at the door is a refusal
 * like any other; before it nothing was asked at all, which must never pass for a refusal.
 */
export function readSignIn(probe: Probe, error: unknown): Answer {
  const answer = readAnswer(probe, { error })
  if (probe.stage === 'later' && answer.outcome === 'denied') return answer
  return { ...answer, outcome: 'failed', message: `could not sign in: ${answer.message ?? ''}` }
}

/** Whether the answer is what the declaration asks for. */
export function asDeclared(probe: Probe, answer: Answer): boolean {
  return answer.outcome === probe.expectation.expected
}
