import type { Clients } from './clients.js'

/** What the pool tells a thread. */
export type ClientRequest =
  | { readonly kind: 'send'; readonly id: number; readonly request: Parameters<Clients['send']> }
  | { readonly kind: 'reset' }

/** What a thread answers. */
export type ClientReply =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | { readonly id: number; readonly ok: false; readonly error: PlainError }

/** An error of the SDK as plain data: threads do not share classes. */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
}

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { code, $metadata } = error as Partial<PlainError>
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...($metadata === undefined
      ? {}
      : { $metadata: { httpStatusCode: $metadata.httpStatusCode, requestId: $metadata.requestId } as const }),
  } as PlainError
}

export function fromPlainError({ message, ...rest }: PlainError): Error {
  return Object.assign(new Error(message), rest)
}
