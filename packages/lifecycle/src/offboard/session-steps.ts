import type { Step } from './step.js'

/** The inline policy that refuses a role's sessions at once, until the update that follows has its own. */
export const sessionLockName = 'ringfence-sessions-revoked'

/**
 * Refuses all sessions of a role that were issued before an instant (IAM User Guide, "Revoke IAM role temporary security
 * credentials"). Those who may still take the role on get a new session after it.
 */
export function sessionLock(role: string, before: string): Step {
  return {
    operation: 'PutRolePolicy',
    input: {
      RoleName: role,
      PolicyName: sessionLockName,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [sessionDenial(before)] }),
    },
  }
}

/** Takes it off again. */
export function sessionUnlock(role: string): Step {
  return { operation: 'DeleteRolePolicy', input: { RoleName: role, PolicyName: sessionLockName } }
}

/**
 * The inline policy of a permission set with the same denial beside what it says: its role can be changed by Identity
 * Center alone, from the set's one inline policy (IAM Identity Center User Guide, "Revoke access for deleted users").
 */
export function withSessionLock(inlinePolicy: string, before: string): string {
  const { all, policy } = readInlinePolicy(inlinePolicy)
  const others = all.filter((statement) => !isDenial(statement))
  return JSON.stringify({ ...policy, Statement: [...others, sessionDenial(before)] })
}

/**
 * The inline policy without it where sessions from before an instant as late are refused otherwise by now; empty where
 * nothing else is in it. A later denial stays: what it is for has not come yet.
 */
export function withoutSessionLock(inlinePolicy: string, revokedAt: string): string {
  const { all, policy } = readInlinePolicy(inlinePolicy)
  const left = all.filter((statement) => !isDenial(statement) || beforeOf(statement) > revokedAt)
  if (left.length === all.length) return inlinePolicy
  return left.length === 0 ? '' : JSON.stringify({ ...policy, Statement: left })
}

const denialSid = 'RingfenceSessionsAreRevoked'

function sessionDenial(before: string) {
  return {
    Sid: denialSid,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
  }
}

interface Statement {
  readonly Sid?: string
  readonly Condition?: { readonly DateLessThan?: { readonly 'aws:TokenIssueTime'?: string } }
}

function isDenial({ Sid }: Statement): boolean {
  return Sid === denialSid
}

/** One that somebody has changed so that it has no instant is later than any. */
function beforeOf({ Condition }: Statement): string {
  return Condition?.DateLessThan?.['aws:TokenIssueTime'] ?? '~'
}

function readInlinePolicy(text: string) {
  const policy = JSON.parse(text === '' ? '{"Version":"2012-10-17"}' : text) as {
    readonly Statement?: Statement | readonly Statement[]
  }
  const all = [policy.Statement ?? []].flat()
  return { policy, all }
}
