import type { AlternateIdentifier, AttributeOperation } from '@aws-sdk/client-identitystore'
import { AwsError } from '../aws-error.js'
import { invalid } from './errors.js'

/** The new values by attribute path; undefined takes a value away. Refuses paths that are not among the known ones. */
export function readAttributes(
  operations: readonly AttributeOperation[] | undefined,
  known: readonly string[],
): ReadonlyMap<string, unknown> {
  const changed = new Map<string, unknown>()
  for (const { AttributePath: path = '', AttributeValue: value } of operations ?? []) {
    if (!known.includes(path)) throw notImplemented(path)
    changed.set(path, value)
  }
  return changed
}

/** The text of an attribute; undefined where there is none. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalid('The attribute value is not a string.')
}

/** By which unique attribute something is asked for; clients write attributes with either case. */
export function readIdentifier(
  identifier: AlternateIdentifier | undefined,
  known: readonly string[],
): { readonly path: string; readonly value: string } {
  const { AttributePath: asked = '', AttributeValue } = identifier?.UniqueAttribute ?? {}
  const path = known.find((one) => one.toLowerCase() === asked.toLowerCase())
  if (path === undefined) throw notImplemented(asked === '' ? 'ExternalId' : asked)
  return { path, value: textOf(AttributeValue) ?? '' }
}

/** What AWS has and the local identity store does not keep. */
export function notImplemented(attribute: string): AwsError {
  return new AwsError('NotImplemented', `The attribute ${attribute} is not implemented here`, 501)
}
