import { readCaller, type Caller } from './caller.js'
import type { ReferenceDecision, SimulateCase } from './case.js'
import { buildContext, resourceAccountOf, valuesOfKey, type ReferenceContext } from './context.js'
import { isPublicPolicy } from './public-access.js'
import { keyGrantsOf } from './key-grants.js'
import { anyAllows, anyDenies, grantsOf, type Grant, type Question } from './statements.js'
import { DEFAULT_SWITCHES, type ReferenceSwitches } from './switches.js'

/** A case with what every rule asks of it. */
interface Evaluation {
  readonly given: SimulateCase
  readonly caller: Caller
  readonly context: ReferenceContext
  readonly question: Question
  readonly resourceAccount: string | undefined
}

/**
 * Decides one case by the rules of IAM, slowly and plainly. It is the second opinion that the real evaluator
 * is tested against, so it shares no code with it. Rule numbers are those of the list in the README.
 * Throws an `Error` on a case that is not well-formed: it is no validator.
 */
export function evaluateReference(
  given: SimulateCase,
  switches: Partial<ReferenceSwitches> = {},
): ReferenceDecision {
  const caller = readCaller(given.request)
  const context = buildContext(given.request, caller)
  const question: Question = {
    caller,
    action: given.request.action,
    resource: given.request.resource,
    context,
    hasBoundary: given.permissionsBoundary !== undefined,
    switches: { ...DEFAULT_SWITCHES, ...switches },
  }
  const resourceAccount = resourceAccountOf(given.request, caller)
  const evaluation: Evaluation = { given, caller, context, question, resourceAccount }
  if (someLayerDenies(evaluation)) return 'explicitDeny' // Rule 16.
  return everyLayerAllows(evaluation) ? 'allow' : 'implicitDeny'
}

/** Rule 16, over the layers that bind this request. */
function someLayerDenies(evaluation: Evaluation): boolean {
  const { given, question } = evaluation
  const resourcePolicies = given.resourcePolicy === undefined ? [] : [given.resourcePolicy]
  const layers = [
    given.identityPolicies ?? [],
    given.permissionsBoundary ?? [],
    given.sessionPolicies ?? [],
    given.vpcEndpointPolicies ?? [],
    rootUnlocksBucket(evaluation) ? [] : resourcePolicies,
    ...(serviceControlBinds(evaluation) ? (given.serviceControlPolicies ?? []) : []),
    ...(resourceControlBinds(evaluation) ? (given.resourceControlPolicies ?? []) : []),
  ]
  return layers.some((policies) => anyDenies(policies, question))
}

function everyLayerAllows(evaluation: Evaluation): boolean {
  const { given, question } = evaluation
  // Rule 24: whoever the caller, the endpoint's policy has to allow.
  if (given.vpcEndpointPolicies !== undefined && !anyAllows(given.vpcEndpointPolicies, question)) return false
  // Rule 21: an allow at every level.
  const serviceControl = serviceControlBinds(evaluation) ? (given.serviceControlPolicies ?? []) : []
  if (!serviceControl.every((level) => anyAllows(level, question))) return false
  // Rule 22: RCPs only deny. Their allow is RCPFullAWSAccess, which AWS attaches at every level for good.
  if (publicAccessBlocked(evaluation)) return false
  return accountsAllow(evaluation)
}

/** Rule 21, last part of rule 25: principals of the member account, but not service-linked roles. */
function serviceControlBinds({ caller, given }: Evaluation): boolean {
  const inMemberAccount = caller.account !== undefined && caller.account !== given.managementAccount
  return inMemberAccount && !caller.serviceLinked
}

/** Rule 22. */
function resourceControlBinds(evaluation: Evaluation): boolean {
  const { caller, given, question, resourceAccount } = evaluation
  const action = given.request.action.toLowerCase()
  const service = action.split(':')[0] ?? ''
  if (!question.switches.resourceControlServices.includes(service)) return false
  if (resourceAccount !== undefined && resourceAccount === given.managementAccount) return false
  return action !== 'kms:retiregrant' && !isAwsManagedKey(evaluation) && !caller.serviceLinked
}

/** A key's ARN does not tell that AWS manages it, its aliases do, and the one in the request (KMS developer guide, "AWS managed keys"). */
function isAwsManagedKey({ given, context }: Evaluation): boolean {
  if (!given.request.action.toLowerCase().startsWith('kms:')) return false
  const aliases = ['kms:ResourceAliases', 'kms:RequestAlias'].flatMap((key) => valuesOfKey(context, key))
  return aliases.some((alias) => alias.startsWith('alias/aws/'))
}

function isSameAccount({ caller, resourceAccount }: Evaluation): boolean {
  return caller.account !== undefined && caller.account === resourceAccount
}

/**
 * Rule 25: the root user may always remove a bucket policy that locks it out. S3 User Guide, bucket policies,
 * and the API reference of the three operations: read, replace and remove it.
 */
function rootUnlocksBucket(evaluation: Evaluation): boolean {
  const action = evaluation.given.request.action.toLowerCase()
  const unlocking = ['s3:getbucketpolicy', 's3:putbucketpolicy', 's3:deletebucketpolicy']
  return evaluation.caller.kind === 'root' && isSameAccount(evaluation) && unlocking.includes(action)
}

/** Rule 23, as far as one request tells: the puts that are refused need the policy or ACL that is put. */
function publicAccessBlocked(evaluation: Evaluation): boolean {
  const { given, caller } = evaluation
  const block = given.publicAccessBlock
  const action = given.request.action.toLowerCase()
  if (block === undefined || !action.startsWith('s3:')) return false
  if (block.blockPublicAcls === true && putsPublicAcl(action, evaluation.context)) return true
  return (
    block.restrictPublicBuckets === true &&
    given.resourcePolicy !== undefined &&
    isPublicPolicy(given.resourcePolicy) &&
    caller.kind !== 'service' &&
    !isSameAccount(evaluation)
  )
}

/** S3 User Guide, "Blocking public access", BlockPublicAcls: canned ACLs and grants to the public groups. */
function putsPublicAcl(action: string, context: ReferenceContext): boolean {
  const puts = [
    's3:putobject',
    's3:putobjectacl',
    's3:putbucketacl',
    's3:createbucket',
    's3:putobjectversionacl',
  ]
  if (!puts.includes(action)) return false
  const canned = valuesOfKey(context, 's3:x-amz-acl')
  if (canned.some((acl) => ['public-read', 'public-read-write', 'authenticated-read'].includes(acl)))
    return true
  const rights = ['read', 'write', 'read-acp', 'write-acp', 'full-control']
  const grants = rights.flatMap((right) => valuesOfKey(context, `s3:x-amz-grant-${right}`))
  return grants.some((grantees) => /\/groups\/global\/(AllUsers|AuthenticatedUsers)"?/.test(grantees))
}

/** Rules 17 to 20 and 25: what the accounts of caller and resource say. */
function accountsAllow(evaluation: Evaluation): boolean {
  const { given, caller, question } = evaluation
  const resourcePolicies = given.resourcePolicy === undefined ? [] : [given.resourcePolicy]
  const grants = new Set([...grantsOf(resourcePolicies, question), ...keyGrantsOf(given, caller)])
  // Nobody speaks for an anonymous caller, a service or an identity provider but the resource's account.
  if (caller.account === undefined) return grants.size > 0
  return isSameAccount(evaluation)
    ? sameAccountAllows(evaluation, grants)
    : // Rule 19.
      grants.size > 0 && callerAccountAllows(evaluation)
}

/** Identity, boundary and session policies together: the caller's own side. */
function callerAccountAllows(evaluation: Evaluation): boolean {
  return identityAllows(evaluation) && boundaryAllows(evaluation) && sessionAllows(evaluation)
}

function identityAllows({ caller, given, question }: Evaluation): boolean {
  if (caller.kind === 'root') return true // Rule 25.
  // Rule 18: a federated user without session policy has nothing on the identity path.
  if (caller.kind === 'federated' && given.sessionPolicies === undefined) return false
  return anyAllows(given.identityPolicies ?? [], question)
}

function boundaryAllows({ given, question }: Evaluation): boolean {
  return given.permissionsBoundary === undefined || anyAllows(given.permissionsBoundary, question)
}

function sessionAllows({ given, question }: Evaluation): boolean {
  return given.sessionPolicies === undefined || anyAllows(given.sessionPolicies, question)
}

function sameAccountAllows(evaluation: Evaluation, grants: ReadonlySet<Grant>): boolean {
  // Rule 17: a session's or federated user's ARN is past identity, boundary and session policy.
  if (grants.has('session')) return true
  if (grants.has('everyoneByPrincipalArn')) return true
  const [boundary, session] = [boundaryAllows(evaluation), sessionAllows(evaluation)]
  // Rule 17: a user's ARN is past identity and boundary; of session policies the rule says nothing.
  if (grants.has('user') && session) return true
  if ((grants.has('role') || grants.has('everyone')) && boundary && session) return true
  // Rule 13: naming the account delegates to its identity policies. Rule 20: roles and keys need that.
  if (resourcePolicyMustAllow(evaluation) && !grants.has('account')) return false
  // Rule 18.
  return callerAccountAllows(evaluation)
}

/** Rule 20: assuming a role, and using a KMS key. Other actions on them have no policy of the resource. */
function resourcePolicyMustAllow({ given }: Evaluation): boolean {
  const [service = '', name = ''] = given.request.action.toLowerCase().split(':')
  const resource = given.request.resource
  if (service === 'kms') return /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource)
  const assumes =
    ['tagsession', 'setsourceidentity', 'setcontext'].includes(name) || name.startsWith('assumerole')
  return service === 'sts' && assumes && /^arn:[^:]*:iam::[^:]*:role\//.test(resource)
}
