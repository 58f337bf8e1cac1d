import type { PolicyDocument } from '../plan.js'

/** A value of JSON. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json }

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, Json>>

/** A policy as a value of JSON, which its type, an interface, does not show. */
export function policyJson(policy: PolicyDocument): JsonObject {
  return { ...policy } as unknown as JsonObject
}

/**
 * JSON text whose objects have an entry a line down to `depth`, and stand on one line below it: a change of one
 * resource shows as one line, and white space takes little of what a target allows.
 */
export function printJson(value: Json, depth: number): string {
  return `${printValue(value, depth, '')}\n`
}

function printValue(value: Json, depth: number, indent: string): string {
  if (depth === 0 || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value)
  const inner = `${indent}  `
  const entries = Object.entries(value).map(
    ([key, entry]) => `${inner}${JSON.stringify(key)}: ${printValue(entry, depth - 1, inner)}`,
  )
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${indent}}`
}
