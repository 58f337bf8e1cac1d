import type { AssumeRoleResponse } from '@aws-sdk/client-sts'
import type { RequestContext } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import type { Session } from '../call.js'
import { validationError } from '../iam/errors.js'
import { checkMfaCode, takeMfaCode } from '../iam/mfa-codes.js'
import type { RoleRecord, Tags } from '../iam/records.js'
import type { StsDeps, StsOperations } from './operation.js'
import {
  checkSessionName,
  packedSize,
  readDuration,
  readSessionPolicies,
  readSessionTags,
} from './operation.js'
import type { SessionRecord } from './records.js'
import { describeCredentials, putSession } from './sessions.js'

/** Seconds that a role taken by a role lasts at most (IAM User Guide, "Role chaining"). */
const chainedSeconds = 3600

export const assumeRoleOperations = {
  /** The trust policy has been asked by enforcement, three actions on the role; root was refused there. */
  AssumeRole(input, call, deps) {
    const { caller } = call
    const sessionName = checkSessionName(input.RoleSessionName)
    const role = deps.trust.role(input.RoleArn ?? '')
    if (role === undefined) throw validationError(`${input.RoleArn ?? ''} is invalid`)
    const chained = caller.principal.includes(':assumed-role/')
    const seconds = roleDuration(input.DurationSeconds, role, chained)
    const { tags, transitiveTagKeys } = readSessionTags(
      input.Tags,
      input.TransitiveTagKeys,
      inheritedTags(caller.session),
    )
    const sourceIdentity = readSourceIdentity(input.SourceIdentity, caller.session)
    const policies = readSessionPolicies(deps.iam, role.account, input.Policy, input.PolicyArns)
    return deps.write(() => {
      const mfa = input.SerialNumber !== undefined || input.TokenCode !== undefined
      if (mfa) takeMfaCode(deps.iam, checkMfaCode(deps.iam, call, input.SerialNumber, input.TokenCode))
      const record = putRoleSession(deps, role, {
        sessionName,
        tags,
        transitiveTagKeys,
        mfaAuthenticated: mfa || (caller.session?.mfaAuthenticated ?? false),
        issuedAtMs: call.timeMs,
        seconds,
        policies,
        sourceIdentity,
      })
      return describeRoleSession(record, role, sessionName)
    })
  },
} satisfies StsOperations

export interface RoleSessionOptions {
  readonly sessionName: string
  readonly tags: Tags
  readonly transitiveTagKeys: readonly string[]
  readonly mfaAuthenticated: boolean
  readonly issuedAtMs: number
  readonly seconds: number
  readonly policies?: readonly string[] | undefined
  readonly sourceIdentity?: string | undefined
  readonly federatedProvider?: string | undefined
  readonly claims?: RequestContext | undefined
}

/** Makes the credentials of a role session. Inside a transaction. */
export function putRoleSession(
  deps: Pick<StsDeps, 'tables'>,
  role: RoleRecord,
  options: RoleSessionOptions,
): SessionRecord {
  const { seconds, policies, sourceIdentity, federatedProvider, claims, ...rest } = options
  const session: Session = {
    ...rest,
    source: role.arn,
    expiresAtMs: options.issuedAtMs + seconds * 1000,
    ...(policies === undefined ? {} : { policies }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(federatedProvider === undefined ? {} : { federatedProvider }),
    ...(claims === undefined ? {} : { claims }),
  }
  const who = {
    account: role.account,
    principal: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${options.sessionName}`,
    userId: `${role.id}:${options.sessionName}`,
  }
  return putSession(deps.tables, who, session)
}

export function describeRoleSession(
  record: SessionRecord,
  role: RoleRecord,
  sessionName: string,
): AssumeRoleResponse {
  const { policies, tags, sourceIdentity } = record.session
  const size = packedSize(policies, tags)
  return {
    Credentials: describeCredentials(record),
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: record.principal },
    ...(size === undefined ? {} : { PackedPolicySize: size }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  }
}

export function roleDuration(seconds: number | undefined, role: RoleRecord, chained: boolean): number {
  if (chained && (seconds ?? 0) > chainedSeconds) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  }
  if ((seconds ?? 0) > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  }
  return readDuration(seconds, 3600, chained ? chainedSeconds : role.maxSessionDuration)
}

/** Tags that the calling session hands on. */
function inheritedTags(session: Session | undefined): Tags {
  const wanted = new Set(session?.transitiveTagKeys.map((key) => key.toLowerCase()))
  return Object.fromEntries(
    Object.entries(session?.tags ?? {}).filter(([key]) => wanted.has(key.toLowerCase())),
  )
}

/** Once set, it stays through all chained roles (IAM User Guide, "Source identity"). */
function readSourceIdentity(wanted: string | undefined, session: Session | undefined): string | undefined {
  const set = session?.sourceIdentity
  if (set !== undefined && wanted !== undefined && wanted !== set) {
    throw new AwsError('AccessDenied', 'The source identity of a session cannot be changed.', 403)
  }
  if (wanted !== undefined && !/^[\w+=,.@-]{2,64}$/.test(wanted)) {
    throw validationError(
      `1 validation error detected: Value '${wanted}' at 'sourceIdentity' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    )
  }
  return set ?? wanted
}
