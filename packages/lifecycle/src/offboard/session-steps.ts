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
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'SessionsAreRevoked',
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
          },
        ],
      }),
    },
  }
}

/** Takes it off again. */
export function sessionUnlock(role: string): Step {
  return { operation: 'DeleteRolePolicy', input: { RoleName: role, PolicyName: sessionLockName } }
}
