import { RingfenceError } from '../ringfence-error.js'

/** An action in lower case: `s3:getobject`. */
export interface Action {
  readonly id: string
  readonly service: string
  readonly name: string
  /** A role's trust policy decides on it. */
  readonly isTrustAction: boolean
  /** Small: policies remember by it what they found for the action. */
  readonly number: number
}

const TRUST_ACTIONS = new Set([
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:setcontext',
  'sts:setsourceidentity',
  'sts:tagsession',
])
const ACTION = /^([a-z0-9-]+):([a-z0-9_-]+)$/
const CACHE_LIMIT = 16_384
const cache = new Map<string, Action>()

/** Reads a request's action; the last few thousand are remembered. Throws `REQUEST_ACTION_INVALID`. */
export function readRequestAction(text: string): Action {
  const known = cache.get(text)
  if (known) return known
  const match = typeof text === 'string' && text.length <= 200 ? ACTION.exec(text.toLowerCase()) : null
  if (!match)
    throw new RingfenceError(
      'REQUEST_ACTION_INVALID',
      `${JSON.stringify(text)} is no action of a request: service:Name without wildcards, such as s3:GetObject`,
    )
  const id = match[0]
  const action = {
    id,
    service: match[1]!,
    name: match[2]!,
    isTrustAction: TRUST_ACTIONS.has(id),
    number: numberOf(id),
  }
  if (cache.size >= CACHE_LIMIT) cache.clear()
  cache.set(text, action)
  return action
}

const ROLE_ARN = /^arn:[^:]*:iam::[^:]*:role\//

/** True for an action on a role that its trust policy decides on. */
export function takesTrustPolicy(action: Action, resource: string): boolean {
  return action.isTrustAction && ROLE_ARN.test(resource)
}

/** Whether a role's trust policy decides on the action: the resource policy of such a request is one. */
export function isTrustRequest(action: string, resource: string): boolean {
  return TRUST_ACTIONS.has(action.toLowerCase()) && ROLE_ARN.test(resource)
}

/** Actions that have a number; policies keep one slot for each that they were asked about. */
export const NUMBERED_ACTIONS = 4096
const numbers = new Map<string, number>()

/** `NUMBERED_ACTIONS` for every action past the bound. */
function numberOf(id: string): number {
  const known = numbers.get(id)
  if (known !== undefined) return known
  if (numbers.size >= NUMBERED_ACTIONS) return NUMBERED_ACTIONS
  const number = numbers.size
  numbers.set(id, number)
  return number
}
