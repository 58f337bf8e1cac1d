import type { Condition } from './statement.js'
import { oneOrMany } from './statement.js'

const key = 'aws:PrincipalArn'

/** Exact ARNs stand for themselves under either operator; those of roles of Identity Center are patterns. */
function hasPattern(arns: readonly string[]): boolean {
  return arns.some((arn) => arn.includes('?'))
}

/** Whoever is one of them. */
export function isOneOf(arns: readonly string[]): Condition {
  return { [hasPattern(arns) ? 'ArnLike' : 'StringEquals']: { [key]: oneOrMany(arns) } }
}

/** Whoever is none of them, anonymous callers among them: a negated operator matches a missing key. */
export function isNoneOf(arns: readonly string[]): Condition {
  return { [hasPattern(arns) ? 'ArnNotLike' : 'StringNotEquals']: { [key]: oneOrMany(arns) } }
}
