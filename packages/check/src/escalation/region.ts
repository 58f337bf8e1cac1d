import type { Policy } from '@ringfence/policy'
import { readPolicy } from '@ringfence/policy'

const MOST_REMEMBERED = 10_000
const regions = new Map<string, Policy>()

/** The requests for some actions on what a pattern matches. */
export function allowing(actions: readonly string[], resource: string): Policy {
  const key = `${actions.join()} ${resource}`
  let policy = regions.get(key)
  if (policy === undefined) {
    const Statement = { Effect: 'Allow', Action: actions, Resource: resource }
    const read = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'question' })
    if (!read.ok) throw new Error(`no policy is about ${key}: ${JSON.stringify(read.diagnostics)}`)
    if (regions.size >= MOST_REMEMBERED) regions.clear()
    regions.set(key, (policy = read.policy))
  }
  return policy
}
