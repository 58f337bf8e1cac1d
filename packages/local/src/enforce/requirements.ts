import type { ContextValue, RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import type { OperationsOf } from '../operation-types.js'
import type { ResourceView } from './resource-view.js'

/**
 * What one operation needs: a row of the table. An empty list is an operation that needs no permission (only
 * `sts:GetCallerIdentity` and the like); an operation without a row is refused.
 */
export type Row<Input> = (input: Input, call: Call, view: ResourceView) => readonly Requirement[]

/** Rows of one service, typed by the SDK's inputs. */
export type Rows<Client> = {
  readonly [Name in keyof OperationsOf<Client, never>]?: OperationsOf<Client, never>[Name] extends (
    input: infer Input,
    ...rest: never[]
  ) => unknown
    ? Row<Input>
    : never
}

/** A row once its types have done their work. */
export type AnyRow = Row<never>

/** Context keys with those left out that have no value; `undefined` and empty lists are missing keys. */
export function keys(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): RequestContext {
  const present: Record<string, ContextValue> = {}
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    present[key] = value as ContextValue
  }
  return present
}

interface TagLike {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** `aws:RequestTag/…` and `aws:TagKeys` of tags that a request carries. */
export function requestTags(tags: readonly TagLike[] | undefined): RequestContext {
  if (tags === undefined || tags.length === 0) return {}
  const context: Record<string, ContextValue> = {}
  for (const { Key, Value } of tags) context[`aws:RequestTag/${Key ?? ''}`] = Value ?? ''
  context['aws:TagKeys'] = tags.map(({ Key }) => Key ?? '')
  return context
}

/** `aws:TagKeys` of tags that a request takes away. */
export function tagKeys(names: readonly string[] | undefined): RequestContext {
  return names === undefined || names.length === 0 ? {} : { 'aws:TagKeys': [...names] }
}

/** `<prefix>:ResourceTag/…` of what is asked for. */
export function resourceTags(
  tags: Readonly<Record<string, string>> | undefined,
  ...prefixes: readonly string[]
): RequestContext {
  const context: Record<string, ContextValue> = {}
  for (const [key, value] of Object.entries(tags ?? {})) {
    for (const prefix of prefixes) context[`${prefix}:ResourceTag/${key}`] = value
  }
  return context
}
