import type { Text } from '../../policy.js'
import type { ContextValue } from '../../request.js'
import type { Tie } from '../variables/ties.js'

/** Values of a variable that no statement tells apart: the statements that they satisfy, and one of them. */
export interface Option<Value = unknown> {
  /** Bits of the statements whose demands on this variable hold. */
  readonly mask: bigint
  readonly value: Value
  /** How many values, where they were counted. */
  readonly count?: bigint
  /** Patterns with policy variables that are taken to match. */
  readonly ties?: readonly TargetedTie[]
}

/** A pattern with variables, and what it has to match: a condition key, or one of the targets below. */
export interface TargetedTie {
  readonly target: string
  readonly text: Text
}

/** What ties may be to that is no condition key: neither has a name like these. */
export const TIED_RESOURCE = 'resource'
export const TIED_OWNER = 'owner'
export const TIED_PRINCIPAL = 'principal'

export function tiesTo(target: string, ties: readonly Tie[]): readonly TargetedTie[] {
  return ties.map(({ text }) => ({ target, text }))
}

/** A variable with finitely many options that stand for all its values. */
export interface Dimension<Value = unknown> {
  readonly options: readonly Option<Value>[]
}

/** An action: a service's prefix and a name; known ones as AWS spells them, others in lower case. */
export interface ActionValue {
  readonly service: string
  readonly name: string
}

/** The ARN of a resource, or `*`; and its owner, where the ARN does not tell and a policy asks. */
export interface ResourceValue {
  readonly arn: string
  /** 12 digits. */
  readonly owner?: string
}

/** A value for one or several context keys; keys that are missing are absent. */
export type KeyValue = Readonly<Record<string, ContextValue>>

/** One option a mask: the first that has it stands for the others. */
export function distinct<Value>(options: Iterable<Option<Value>>): Option<Value>[] {
  const found = new Map<bigint, Option<Value>>()
  for (const option of options) if (!found.has(option.mask)) found.set(option.mask, option)
  return [...found.values()]
}
