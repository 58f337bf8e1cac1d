import { limits } from './limits.js'
import type { Part } from './part.js'
import { mergeParts, toStatement } from './part.js'
import type { Sourced } from './statement.js'
import { documentLength, toDocument, withUniqueSids } from './statement.js'

/** Managed policies of one principal, each under the limit; or how many it would take. */
export type Packed =
  | { readonly ok: true; readonly policies: readonly (readonly Sourced[])[] }
  | { readonly ok: false; readonly needed: number; readonly firstTooMany: Sourced | undefined }

/**
 * Packs permissions into at most `maxPolicies` managed policies: one statement a grant, so that every decision
 * leads to one line of the file, as long as that fits; with lists of resources joined otherwise.
 */
export function pack(parts: readonly Part[], maxPolicies: number): Packed {
  const single = fill(withUniqueSids(parts.map(toStatement)))
  if (single.length <= maxPolicies) return { ok: true, policies: single }
  // Small enough lists fill the policies evenly.
  const joined = fill(withUniqueSids(mergeParts(parts, 2_400).map(toStatement)))
  if (joined.length <= maxPolicies) return { ok: true, policies: joined }
  return { ok: false, needed: joined.length, firstTooMany: joined[maxPolicies]?.[0] }
}

/** First fit: every statement goes into the first policy that has room. */
function fill(statements: readonly Sourced[]): Sourced[][] {
  const empty = documentLength(toDocument([]))
  const policies: { length: number; statements: Sourced[] }[] = []
  for (const sourced of statements) {
    const length = JSON.stringify(sourced.statement).length + 1
    if (empty + length > limits.managedPolicyCharacters) {
      throw new Error(`the statement ${sourced.statement.Sid} alone is longer than a managed policy may be`)
    }
    const open = policies.slice(-8).find((policy) => policy.length + length <= limits.managedPolicyCharacters)
    if (open === undefined) policies.push({ length: empty + length, statements: [sourced] })
    else {
      open.length += length
      open.statements.push(sourced)
    }
  }
  return policies.map((policy) => policy.statements)
}
