import { asList, documentOf, type CasePolicy, type RawCondition, type RawStatement } from './case.js'
import { readAddressRange, rangeHolds, type AddressRange } from './values.js'

/**
 * Keys that make a statement with an open principal non-public when they are held to fixed values (rule 23;
 * S3 User Guide, "Blocking public access to your Amazon S3 storage", the meaning of "public").
 */
const FENCING_KEYS: ReadonlySet<string> = new Set(
  [
    'aws:SourceArn',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:SourceAccount',
    'aws:SourceOwner',
    'aws:userid',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:PrincipalArn',
    'aws:PrincipalAccount',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
    's3:DataAccessPointArn',
    's3:DataAccessPointAccount',
  ].map((key) => key.toLowerCase()),
)

const FENCING_OPERATORS =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i

/** Ranges of RFC 1918: private, so of no public. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']

/** Rule 23: a policy is public when one of its Allow statements is. */
export function isPublicPolicy(policy: CasePolicy): boolean {
  return asList(documentOf(policy).Statement).some(
    (statement) => statement.Effect === 'Allow' && isOpenToAll(statement) && !isFenced(statement.Condition),
  )
}

function isOpenToAll(statement: RawStatement): boolean {
  const principal = statement.Principal
  if (principal === undefined || principal === '*') return true
  return Object.values(principal).some((values) => asList(values).includes('*'))
}

function isFenced(condition: RawCondition | undefined): boolean {
  return Object.entries(condition ?? {}).some(([operator, keys]) =>
    Object.entries(keys).some(([key, values]) => {
      const texts = asList(values).map(String)
      if (/^(ForAnyValue:)?IpAddress$/i.test(operator) && key.toLowerCase() === 'aws:sourceip') {
        return texts.length > 0 && texts.every(isNarrowRange)
      }
      if (!FENCING_OPERATORS.test(operator) || !FENCING_KEYS.has(key.toLowerCase())) return false
      return texts.length > 0 && texts.every(isFixedValue)
    }),
  )
}

/** No wildcard and no variable. */
function isFixedValue(text: string): boolean {
  return !/[*?]|\$\{/.test(text)
}

/** Broader than /8 (IPv4) or /32 (IPv6) is public, but for private ranges. */
function isNarrowRange(text: string): boolean {
  const range = readAddressRange(text)
  if (range === undefined) return false
  if (range.prefix >= (range.bits === 32 ? 8 : 32)) return true
  return PRIVATE_RANGES.map(readAddressRange).some((outer) => outer !== undefined && contains(outer, range))
}

function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.prefix <= inner.prefix && rangeHolds(outer, inner)
}
