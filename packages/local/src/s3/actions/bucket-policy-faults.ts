import type {
  ActionElement,
  Policy,
  PolicyDiagnostic,
  PolicyDiagnosticCode,
  ResourcePattern,
  Statement,
  Text,
} from '@ringfence/policy'

/** What S3 says of a policy that it does not take, and what in it is wrong. */
export interface PolicyFault {
  readonly message: string
  readonly detail: string
}

/** S3's own words; the reason goes into `Detail`. Codes without any are said with the reason itself. */
const messages: Partial<Record<PolicyDiagnosticCode, string>> = {
  JSON_SYNTAX: "Policies must be valid JSON and the first byte must be '{'",
  JSON_TOO_DEEP: "Policies must be valid JSON and the first byte must be '{'",
  ELEMENT_UNKNOWN: 'Unknown field',
  ACTION_MALFORMED: 'Policy has invalid action',
  RESOURCE_MALFORMED: 'Policy has invalid resource',
  PRINCIPAL_MALFORMED: 'Invalid principal in policy',
  PRINCIPAL_TYPE_UNKNOWN: 'Invalid principal in policy',
  PRINCIPAL_WILDCARD: 'Invalid principal in policy',
  PRINCIPAL_NOT_ADMITTED: 'Invalid principal in policy',
  PRINCIPAL_DELETED: 'Invalid principal in policy',
  NOT_PRINCIPAL_ALLOW: 'Allow with NotPrincipal is not allowed',
  EFFECT_UNKNOWN: 'Invalid effect',
  VERSION_UNKNOWN: 'The policy must contain a valid version string',
  OPERATOR_UNKNOWN: 'Invalid Condition type',
}

/** The first error of a document that is no policy at all. */
export function policyFault(diagnostics: readonly PolicyDiagnostic[]): PolicyFault {
  const first = diagnostics.find((diagnostic) => diagnostic.severity === 'error')
  const reason = first?.message ?? 'the policy could not be read'
  const detail = first?.path ? `${first.path}: ${reason}` : reason
  const missing = first?.code === 'ELEMENT_MISSING' ? 'Missing required field' : undefined
  const message = (first && messages[first.code]) ?? missing ?? reason
  return { message, detail }
}

/** What is wrong with a policy as the policy of this bucket; `undefined` when S3 would take it. */
export function bucketPolicyFault(policy: Policy, bucket: string): PolicyFault | undefined {
  for (const statement of policy.statements) {
    const fault = statementFault(statement, bucket)
    if (fault !== undefined) return fault
  }
  return undefined
}

function statementFault({ action, index, resource }: Statement, bucket: string): PolicyFault | undefined {
  const path = `Statement[${index}]`
  if (resource === undefined) return { message: 'Missing required field Resource', detail: path }
  const foreign = resource.patterns.find((pattern) => placeOf(pattern, bucket) === 'elsewhere')
  if (foreign !== undefined) return { message: 'Policy has invalid resource', detail: foreign.source }
  const other = action.patterns.find(({ service }) => service !== 's3' && service !== '*')
  if (other !== undefined) return { message: 'Policy has invalid action', detail: other.source }
  if (resource.negated) return undefined
  const places = resource.patterns.map((pattern) => placeOf(pattern, bucket))
  if (appliesNowhere(action, places))
    return { message: 'Action does not apply to any resource(s) in statement', detail: path }
  return undefined
}

/** Where a resource pattern lies, seen from the bucket. */
type Place = 'bucket' | 'objects' | 'both' | 'elsewhere'

/**
 * S3 takes the bucket's own ARN and what is below it; the bucket's name may be written with wildcards as long as
 * they can match it. A bare `*` is taken too.
 */
function placeOf(pattern: ResourcePattern, bucket: string): Place {
  if (pattern.type === 'everything') return 'both'
  if (pattern.type === 'nothing') return 'elsewhere'
  const [, partition, service, region, account, resource] = pattern.segments
  if (!canBe(partition, 'aws') || !canBe(service, 's3') || !canBe(region, '') || !canBe(account, ''))
    return 'elsewhere'
  const source = resource?.source ?? ''
  const slash = source.indexOf('/')
  if (slash < 0) {
    if (!wildcardMatches(source, bucket)) return 'elsewhere'
    // A star after the name, or in its place, crosses into the objects.
    return source.endsWith('*') ? 'both' : 'bucket'
  }
  return wildcardMatches(source.slice(0, slash), bucket) ? 'objects' : 'elsewhere'
}

function canBe(segment: Text | undefined, value: string): boolean {
  return segment !== undefined && wildcardMatches(segment.source, value)
}

/** Greedy matching with one point to come back to: linear space, at most quadratic time, no regular expression. */
function wildcardMatches(pattern: string, value: string): boolean {
  let p = 0
  let v = 0
  let star = -1
  let resume = 0
  while (v < value.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === value[v] && pattern[p] !== '*'))) {
      p++
      v++
    } else if (pattern[p] === '*') {
      star = p++
      resume = v
    } else if (star >= 0) {
      p = star + 1
      v = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/**
 * Whether no action of an `Action` element can apply to the resources that are named: actions on objects need an
 * object pattern, actions on the bucket the bucket. Names that are not known here, and patterns with wildcards
 * that could be either, are taken. S3 wants every action to apply.
 */
function appliesNowhere(action: ActionElement, places: readonly Place[]): boolean {
  if (action.negated) return false
  const hasBucket = places.some((place) => place !== 'objects')
  const hasObjects = places.some((place) => place !== 'bucket')
  if (hasBucket && hasObjects) return false
  return action.patterns.some(({ name, service }) => {
    if (service === '*') return false
    const level = levelOf(name)
    return (level === 'object' && !hasObjects) || (level === 'bucket' && !hasBucket)
  })
}

/** Actions on objects whose name does not say so. [Service Authorization Reference, Amazon S3] */
const objectActions = new Set([
  'abortmultipartupload',
  'bypassgovernanceretention',
  'initiatereplication',
  'listmultipartuploadparts',
  'objectowneroverridetobucketowner',
  'replicatedelete',
  'replicateobject',
  'replicatetags',
  'restoreobject',
])

/** `either` for what has wildcards or is neither by its name. `name` is in lower case. */
function levelOf(name: string): 'object' | 'bucket' | 'either' {
  if (objectActions.has(name)) return 'object'
  // A prefix is enough where the wildcard comes later: `getobject*`, `listbucket*`.
  const fixed = name.split(/[*?]/, 1)[0] ?? ''
  if (/^(get|put|delete|update)object/.test(fixed)) return 'object'
  if (/^(get|put|delete|list|create)bucket/.test(fixed)) return 'bucket'
  return 'either'
}
