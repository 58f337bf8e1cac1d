import { parseIpNetwork } from './match/ip.js'
import type { Condition, ConditionValue, IpNetwork, Policy, Statement } from './policy.js'
import { hasVariable } from './syntax/text.js'

/**
 * Keys that limit a statement when they are fixed. [S3 guide, "The meaning of public"; "an AWS principal, user,
 * role, or service principal (e.g. aws:PrincipalOrgID)"]
 */
const LIMITING_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalservicename',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
])
const FAMILIES = new Set(['string', 'stringIgnoreCase', 'stringLike', 'arn'])

/**
 * Whether AWS calls the policy public: some Allow is open to everyone and not limited to fixed values (no
 * wildcard, no variable) of the keys above or to address ranges that are not too broad. AWS starts from
 * "public", so what is not known to limit does not.
 * [S3 guide, "Blocking public access to your Amazon S3 storage: The meaning of public"]
 */
export function isPublicPolicy(policy: Policy): boolean {
  return policy.statements.some((statement) => isPublicStatement(statement))
}

function isPublicStatement(statement: Statement): boolean {
  const { conditions, effect, principal } = statement
  if (effect === 'Deny' || !principal) return false
  const isOpen = principal.negated || principal.entries.some((entry) => entry.type === 'everyone')
  return isOpen && !conditions.some((condition) => isLimiting(condition))
}

function isLimiting({ key, operator, values }: Condition): boolean {
  // A condition that passes when the key is missing limits nothing.
  if (operator.negated || operator.ifExists || operator.quantifier === 'all' || values.length === 0)
    return false
  const folded = key.toLowerCase()
  if (folded === 'aws:sourceip' && operator.family === 'ip')
    return values.every((value) => value.type === 'ip' && !isTooBroad(value.network))
  if (!LIMITING_KEYS.has(folded) || !FAMILIES.has(operator.family)) return false
  if (folded === 's3:dataaccesspointarn') return values.every((value) => hasFixedAccount(value))
  return values.every((value) => isFixed(value))
}

function isFixed(value: ConditionValue): boolean {
  if (value.type !== 'text' && value.type !== 'arn') return false
  return value.text.parts.every((part) => part.type === 'literal' && !/[*?]/.test(part.text))
}

/** The name of an access point may have a wildcard as long as the account is fixed. */
function hasFixedAccount(value: ConditionValue): boolean {
  if (value.type !== 'text' && value.type !== 'arn') return false
  if (hasVariable(value.text)) return false
  return /^arn:[^*?:]*:s3:[^:]*:\d{12}:accesspoint\//.test(value.source)
}

const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => parseIpNetwork(text)!)

/** Broader than /8 (IPv4) or /32 (IPv6), the private ranges of RFC 1918 apart. */
function isTooBroad(network: IpNetwork): boolean {
  if (network.version === 6) return network.prefixLength < 32
  const isPrivate = PRIVATE_RANGES.some(
    (range) => network.words[0] === range.words[0] && network.prefixLength === range.prefixLength,
  )
  return network.prefixLength < 8 && !isPrivate
}
