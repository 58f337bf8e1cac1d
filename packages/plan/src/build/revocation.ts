import type { SourceSpan } from '../plan.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'

/** A policy that is to be attached to a role, or none. */
export interface Attached {
  readonly ids: readonly string[]
  readonly arns: readonly string[]
}

export const none: Attached = { ids: [], arns: [] }

/**
 * The policy that refuses the sessions of a role which were issued before its revocation. To be called for every
 * role that a plan attaches policies to, before its attachments. Long-lived keys have no time of issue and are not
 * meant. IAM User Guide, "Revoke IAM role temporary security credentials".
 */
export function buildRevocation(
  role: string,
  declaredAt: SourceSpan,
  { arns, declaration, kept }: Model,
  writer: PlanWriter,
): Attached {
  const revokedAt = kept.revocations[role]
  if (revokedAt === undefined) return none
  const { organization } = declaration
  const id = idOf(role)
  const name = nameOf(organization, role)
  const arn = arns.policy(name)
  writer.add({
    type: 'iam.Policy',
    id,
    dependsOn: [],
    declaredAt,
    name,
    path: arns.path,
    arn,
    // Without the instant: IAM never changes the description of a policy.
    description: `Sessions of ${role} that were issued before its last revocation are refused`,
    policy: writer.document(arn, [
      {
        statement: {
          Sid: 'SessionsAreRevoked',
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateLessThan: { 'aws:TokenIssueTime': revokedAt } },
        },
        sources: [declaredAt],
      },
    ]),
    tags: { 'ringfence:organization': organization },
  })
  return { ids: [id], arns: [arn] }
}

/** The same policy, once it was built. */
export function revocationOf(role: string, { arns, declaration, kept }: Model): Attached {
  if (kept.revocations[role] === undefined) return none
  return { ids: [idOf(role)], arns: [arns.policy(nameOf(declaration.organization, role))] }
}

function idOf(role: string): string {
  return `revoked/${role}`
}

function nameOf(organization: string, role: string): string {
  return `${organization}-revoked-${role}`
}

/** How many of a role's attachments its revocation takes. */
export function revocationCount(role: string, { kept }: Model): number {
  return kept.revocations[role] === undefined ? 0 : 1
}
