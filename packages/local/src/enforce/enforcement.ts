import type { ContextValue, Decision, Layers } from '@ringfence/policy'
import { RingfenceError, authorize } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import type { Call, Requirement } from '../call.js'
import type { AuthorizationTrail, Enforce, EnforceResult, Permits } from '../http/deps.js'
import { accountOf } from './arns.js'
import type { CompiledPolicies } from './compiled-policies.js'
import { accessDenied, denial } from './denial.js'
import type { Principals } from './principals.js'
import type { Row } from './requirements.js'
import { resourceLayers } from './resource-policies.js'
import type { ResourceView } from './resource-view.js'
import { rowOf } from './table.js'

export interface EnforcementDeps {
  readonly view: ResourceView
  readonly principals: Principals
  readonly compiled: CompiledPolicies
  /** Told of every request that was signed. */
  readonly noteUse: (call: Call) => void
}

type Trail = AuthorizationTrail[number][]

/** Decides on every request: the operation's row, then `authorize` for each of its requirements. */
export class Enforcement {
  constructor(private readonly deps: EnforcementDeps) {}

  readonly enforce: Enforce = async (call, input) => {
    const trail: Trail = []
    this.deps.noteUse(call)
    try {
      return this.#decide(call, input, trail)
    } catch (error) {
      if (error instanceof AwsError) return { allowed: false, error, trail }
      if (!(error instanceof RingfenceError)) throw error
      // What the evaluator does not understand is refused, and says so.
      return { allowed: false, error: accessDenied(call, error.message), trail }
    }
  }

  readonly permits: Permits = (call, requirement) => {
    try {
      return this.#authorize(call, requirement).decision === 'allow'
    } catch (error) {
      if (error instanceof RingfenceError) return false
      throw error
    }
  }

  #decide(call: Call, input: Readonly<Record<string, unknown>>, trail: Trail): EnforceResult {
    const row = rowOf(call.service, call.operation) as Row<unknown> | undefined
    if (row === undefined) {
      const text = `The operation ${call.operation} is not implemented by the local AWS.`
      return { allowed: false, error: new AwsError('NotImplemented', text, 501), trail }
    }
    checkSigned(call)
    checkSessionLimits(call)
    const deniedItems = new Set<string>()
    const requirements = row(input, call, this.deps.view)
    const missing = this.#missingBucket(call, requirements)
    if (missing !== undefined) return { allowed: false, error: missing, trail }
    for (const requirement of requirements) {
      this.#checkKey(call, requirement)
      const decision = this.#authorize(call, requirement)
      const { action, resource } = requirement
      trail.push({ principal: call.caller.principal, action, resource, decision })
      if (decision.decision === 'allow') continue
      if (requirement.item === undefined) {
        return { allowed: false, error: denial(call, requirement, decision), trail }
      }
      deniedItems.add(requirement.item)
    }
    return { allowed: true, deniedItems, trail }
  }

  #authorize(call: Call, requirement: Requirement): Decision {
    const { principals } = this.deps
    const principal = principals.of(call.caller)
    const { action, resource } = requirement
    const resourceAccount =
      requirement.resourceAccount ?? (accountOf(resource) === '' ? call.caller.account : accountOf(resource))
    const context = requestContext(call)
    Object.assign(context, principal.context, requirement.context)
    return authorize(
      {
        principal: call.caller.principal,
        action,
        resource,
        context,
        ...(resourceAccount === '' ? {} : { resourceAccount }),
      },
      { ...principal.layers, ...this.#resourceLayers(call, requirement) },
    )
  }

  /** A bucket that is to be made has no policy, even if somebody else has one of that name. */
  #resourceLayers(call: Call, requirement: Requirement): Partial<Layers> {
    const { compiled, view } = this.deps
    if (call.service !== 's3' || call.operation !== 'CreateBucket') {
      return resourceLayers(requirement, view, compiled)
    }
    const publicAccessBlock = view.accountPublicAccessBlock(call.caller.account)
    return publicAccessBlock === undefined ? {} : { publicAccessBlock }
  }

  /** S3 knows whether there is such a bucket before it asks who may use it. */
  #missingBucket(call: Call, requirements: readonly Requirement[]): AwsError | undefined {
    if (call.service !== 's3' || call.operation === 'CreateBucket' || call.operation === 'ListBuckets') {
      return undefined
    }
    for (const { resource } of requirements) {
      const [, name = ''] = /^arn:aws:s3:::([^/]*)/.exec(resource) ?? []
      if (name === '' || this.deps.view.bucket(name) !== undefined) continue
      return new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name })
    }
    return undefined
  }

  /** A key that S3 cannot use (S3 API Reference, "List of error codes"). */
  #checkKey(call: Call, { action, resource }: Requirement): void {
    if (call.service !== 's3' || !action.startsWith('kms:')) return
    const key = this.deps.view.kmsKey(resource, accountOf(resource), call.region)
    if (key === undefined) {
      throw new AwsError('KMS.NotFoundException', `Invalid keyId ${resource}`, 400)
    }
    if (key.state === 'Disabled') throw new AwsError('KMS.DisabledException', `${key.arn} is disabled.`, 400)
    if (key.state === 'PendingDeletion') {
      throw new AwsError('KMS.KMSInvalidStateException', `${key.arn} is pending deletion.`, 400)
    }
  }
}

/**
 * The keys that AWS sets on every request (IAM User Guide, "AWS global condition context keys"). A signed request
 * begins with the keys of its caller too, which are then overwritten: this is done for each decision, and engines
 * keep objects that grow key by key as hash tables, which are several times as slow as a literal.
 */
function requestContext(call: Call): Record<string, ContextValue> {
  const { caller, headers, region, secureTransport, sourceIp, timeMs, userAgent } = call
  const currentTime = new Date(timeMs).toISOString()
  const epochTime = Math.floor(timeMs / 1000)
  const context: Record<string, ContextValue> =
    caller.principal === 'anonymous'
      ? {
          'aws:SecureTransport': secureTransport,
          'aws:SourceIp': sourceIp,
          'aws:UserAgent': userAgent,
          'aws:CurrentTime': currentTime,
          'aws:EpochTime': epochTime,
          'aws:RequestedRegion': region,
        }
      : {
          'aws:SecureTransport': secureTransport,
          'aws:SourceIp': sourceIp,
          'aws:UserAgent': userAgent,
          'aws:CurrentTime': currentTime,
          'aws:EpochTime': epochTime,
          'aws:RequestedRegion': region,
          'aws:PrincipalArn': caller.principal,
          'aws:PrincipalAccount': caller.account,
          'aws:PrincipalType': '',
          'aws:userid': caller.userId,
          'aws:PrincipalIsAWSService': false,
          'aws:ViaAWSService': false,
        }
  const referer = headers['referer']
  if (referer !== undefined) context['aws:Referer'] = referer
  const { session } = caller
  if (session?.mfaAuthenticated === true) {
    context['aws:MultiFactorAuthAge'] = Math.floor((timeMs - session.issuedAtMs) / 1000)
  }
  return context
}

/** S3 has anonymous requests; elsewhere only the taking of a role by a token needs no signature. */
function checkSigned(call: Call): void {
  if (call.caller.principal !== 'anonymous' || call.service === 's3') return
  if (call.service === 'sts' && call.operation === 'AssumeRoleWithWebIdentity') return
  const json = call.service !== 'iam' && call.service !== 'sts' && call.service !== 's3-control'
  const code = json ? 'MissingAuthenticationTokenException' : 'MissingAuthenticationToken'
  throw new AwsError(code, 'Request is missing Authentication Token', json ? 400 : 403)
}

const sessionTokenStsOperations = new Set(['AssumeRole', 'GetCallerIdentity'])

/**
 * Credentials of GetSessionToken call no IAM operation without MFA, and of STS only two; those of
 * GetFederationToken call neither (API Reference, GetSessionToken and GetFederationToken).
 */
function checkSessionLimits(call: Call): void {
  const { session, principal } = call.caller
  if (session === undefined || principal.includes(':assumed-role/')) return
  const federated = principal.includes(':federated-user/')
  const refused =
    (call.service === 'iam' && (federated || !session.mfaAuthenticated)) ||
    (call.service === 'sts' &&
      (federated ? call.operation !== 'GetCallerIdentity' : !sessionTokenStsOperations.has(call.operation)))
  if (!refused) return
  const kind = federated ? 'GetFederationToken' : 'GetSessionToken'
  throw accessDenied(
    call,
    `Cannot call ${call.service}:${call.operation} with the credentials that ${kind} gave`,
  )
}
