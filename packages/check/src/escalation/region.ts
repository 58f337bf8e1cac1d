import type { Policy } from '@ringfence/policy'
import { policyOf } from '../account/policy-of.js'

const MOST_REMEMBERED = 10_000
const regions = new Map<string, Policy>()

/** The requests for some actions on what a pattern matches. */
export function allowing(actions: readonly string[], resource: string): Policy {
  const key = `${actions.join()} ${resource}`
  let policy = regions.get(key)
  if (policy === undefined) {
    policy = policyOf({ Effect: 'Allow', Action: actions, Resource: resource }, 'question')
    if (regions.size >= MOST_REMEMBERED) regions.clear()
    regions.set(key, policy)
  }
  return policy
}
