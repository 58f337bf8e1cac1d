import { AwsError } from '../aws-error.js'
import type { Call, Session } from '../call.js'
import { validationError } from '../iam/errors.js'
import { rootArn } from '../iam/identifiers.js'
import { checkMfaCode, takeMfaCode } from '../iam/mfa-codes.js'
import type { StsOperations } from './operation.js'
import { packedSize, readDuration, readSessionPolicies, readSessionTags } from './operation.js'
import { describeCredentials, putSession } from './sessions.js'

/** Seconds: 36 hours for users, an hour for root (API Reference, GetSessionToken). */
const maximumSeconds = 129_600
const maximumRootSeconds = 3600
const defaultSeconds = 43_200

export const sessionTokenOperations = {
  GetCallerIdentity(_input, call) {
    const { principal, account, userId } = call.caller
    if (principal === 'anonymous') {
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
    }
    return { Arn: principal, Account: account, UserId: userId }
  },

  GetSessionToken(input, call, deps) {
    checkLongLived(call, 'GetSessionToken')
    const seconds = duration(call, input.DurationSeconds)
    return deps.write(() => {
      const mfa = input.SerialNumber !== undefined || input.TokenCode !== undefined
      if (mfa) takeMfaCode(deps.iam, checkMfaCode(deps.iam, call, input.SerialNumber, input.TokenCode))
      const session: Session = {
        source: call.caller.principal,
        tags: {},
        transitiveTagKeys: [],
        mfaAuthenticated: mfa,
        issuedAtMs: call.timeMs,
        expiresAtMs: call.timeMs + seconds * 1000,
      }
      return { Credentials: describeCredentials(putSession(deps.tables, call.caller, session)) }
    })
  },

  GetFederationToken(input, call, deps) {
    checkLongLived(call, 'GetFederationToken')
    const { account } = call.caller
    const name = input.Name ?? ''
    if (!/^[\w+=,.@-]{2,32}$/.test(name)) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      )
    }
    const { tags, transitiveTagKeys } = readSessionTags(input.Tags, undefined, {})
    const policies = readSessionPolicies(deps.iam, account, input.Policy, input.PolicyArns)
    const seconds = duration(call, input.DurationSeconds)
    const principal = `arn:aws:sts::${account}:federated-user/${name}`
    const who = { account, principal, userId: `${account}:${name}` }
    return deps.write(() => {
      const record = putSession(deps.tables, who, {
        source: call.caller.principal,
        sourceId: call.caller.userId,
        sessionName: name,
        tags,
        transitiveTagKeys,
        mfaAuthenticated: false,
        issuedAtMs: call.timeMs,
        expiresAtMs: call.timeMs + seconds * 1000,
        ...(policies === undefined ? {} : { policies }),
      })
      const size = packedSize(policies, tags)
      return {
        Credentials: describeCredentials(record),
        FederatedUser: { FederatedUserId: who.userId, Arn: principal },
        ...(size === undefined ? {} : { PackedPolicySize: size }),
      }
    })
  },

  GetAccessKeyInfo(input, _call, deps) {
    const id = input.AccessKeyId ?? ''
    const account =
      id.length > 128
        ? undefined
        : (deps.iam.accessKeys.get([id])?.account ?? deps.tables.sessions.get([id])?.account)
    if (account === undefined) throw validationError(`The access key ${id} is not known to the local AWS.`)
    return { Account: account }
  },
} satisfies StsOperations

function checkLongLived(call: Call, operation: string): void {
  if (call.caller.session === undefined) return
  throw new AwsError('AccessDenied', `Cannot call ${operation} with session credentials`, 403)
}

function duration(call: Call, seconds: number | undefined): number {
  const root = call.caller.principal === rootArn(call.caller.account)
  return readDuration(seconds, defaultSeconds, root ? maximumRootSeconds : maximumSeconds)
}
