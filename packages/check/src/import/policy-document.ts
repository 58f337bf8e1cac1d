import { type PolicyKind, readPolicy } from '@ringfence/policy'
import { findUndetermined } from './undetermined.js'

/** A policy document as AWS has it, or why it is not known. */
export type DocumentResult =
  { readonly ok: true; readonly document: unknown } | { readonly ok: false; readonly reason: string }

/**
 * A policy of an input: an object, JSON as text, or URL-encoded JSON as the IAM API answers it. What the parser of
 * policies refuses, and what holds something undetermined, is not known.
 */
export function readDocument(value: unknown, kind: PolicyKind, name: string): DocumentResult {
  const undetermined = findUndetermined(value)
  if (undetermined) return refuse(`a part of the policy is not told: ${undetermined.reason}`)
  let document = value
  if (typeof value === 'string') {
    const text = decode(value)
    try {
      document = JSON.parse(text ?? '')
    } catch {
      return refuse('the policy is no JSON')
    }
  }
  if (document === undefined) return refuse('the policy is not in the file')
  const { diagnostics, ok } = readPolicy(document, { kind, name })
  if (ok) return { ok, document }
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  const place = first === undefined || first.path === '' ? '' : ` at ${first.path}`
  return refuse(
    `the policy is not understood: ${first?.message ?? 'no reason'}${place} (${first?.code})${more}`,
  )
}

/** The IAM API encodes documents as RFC 3986 says, so that a plus is a plus. [API_UserDetail] */
function decode(text: string): string | undefined {
  if (!/^\s*%/.test(text)) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function refuse(reason: string): DocumentResult {
  return { ok: false, reason }
}
