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
  const { others, policy } = readInlinePolicy(inlinePolicy)
  return JSON.stringify({ ...policy, Statement: [...others, sessionDenial(before)] })
}

/** The inline policy without it, as it was written before; empty where nothing else is in it. */
export function withoutSessionLock(inlinePolicy: string): string {
  const { all, others, policy } = readInlinePolicy(inlinePolicy)
  if (others.length === all.length) return inlinePolicy
  return others.length === 0 ? '' : JSON.stringify({ ...policy, Statement: others })
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
}

function readInlinePolicy(text: string) {
  const policy = JSON.parse(text === '' ? '{"Version":"2012-10-17"}' : text) as {
    readonly Statement?: Statement | readonly Statement[]
  }
  const all = [policy.Statement ?? []].flat()
  return { policy, all, others: all.filter(({ Sid }) => Sid !== denialSid) }
}
