import { under } from '../iam/tables.js'
import type { State } from './state-view.js'

/**
 * Follows a user or role that was renamed or deleted through all trust, key and bucket policies: AWS keeps
 * unique ids in them, so that a new principal of the old name is not trusted (IAM User Guide, "AWS JSON policy
 * elements: Principal"). `to` is the new ARN, or the id (`AIDA…`, `AROA…`) of one that is gone. Inside a
 * transaction.
 */
export function replacePrincipal(state: State, from: string, to: string): void {
  // Lists first: a table is not written while it is read through.
  for (const { key, value } of Array.from(under(state.iam.roles, []))) {
    const trust = replaceIn(value.trust, from, to)
    if (trust !== undefined) state.iam.roles.put(key, { ...value, trust })
  }
  for (const { key, value } of Array.from(under(state.kms.keys, []))) {
    const policy = replaceIn(value.policy, from, to)
    if (policy !== undefined) state.kms.keys.put(key, { ...value, policy })
  }
  for (const { key, value } of Array.from(state.s3.buckets.range({}))) {
    const policy = value.policy === undefined ? undefined : replaceIn(value.policy, from, to)
    if (policy !== undefined) state.s3.buckets.put(key, { ...value, policy })
  }
}

/** The document with another principal; `undefined` where it does not name it. */
export function replaceIn(text: string, from: string, to: string): string | undefined {
  if (!text.includes(from)) return undefined
  let found = false
  const swap = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(swap)
    if (value !== from) return value
    found = true
    return to
  }
  const document = JSON.parse(text) as { Statement?: unknown }
  for (const statement of [document.Statement ?? []].flat() as Record<string, unknown>[]) {
    for (const element of ['Principal', 'NotPrincipal']) {
      const principal = statement[element]
      if (typeof principal !== 'object' || principal === null || !('AWS' in principal)) continue
      statement[element] = { ...principal, AWS: swap(principal.AWS) }
    }
  }
  return found ? JSON.stringify(document) : undefined
}
