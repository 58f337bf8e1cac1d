import type { Kept } from '../kept.js'
import type { PolicyStatement, SourceSpan } from '../plan.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import { documentLength, oneOrMany, type Sourced, toDocument, withUniqueSids } from './statement.js'

/** A policy that is to be attached to a role, or none. */
export interface Attached {
  readonly ids: readonly string[]
  readonly arns: readonly string[]
}

export const none: Attached = { ids: [], arns: [] }

/**
 * The policy that refuses sessions of a role: those that were issued before its revocation, and those of members whose
 * access has ended since (`ends`). One for both, so that a member who is left out because they have ended is refused by
 * the one as soon as by the other no more; and while the trust policy is changing, those of who leaves, whenever they begin. To be called for every role that a plan attaches policies to, before its
 * attachments. Long-lived keys have no time of issue and are not meant. IAM User Guide, "Revoke IAM role temporary
 * security credentials".
 */
export function buildRevocation(
  role: string,
  declaredAt: SourceSpan,
  { arns, declaration, kept }: Model,
  writer: PlanWriter,
  ends: readonly Sourced[] = [],
): Attached {
  const revoked = revokedBefore(kept.revocations[role], declaredAt)
  if (revoked.length + ends.length === 0) return none
  const { organization } = declaration
  const id = revocationId(role)
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
    policy: writer.document(arn, withLeaving([...revoked, ...ends], role, kept.leaving, declaredAt)),
    tags: { 'ringfence:organization': organization },
  })
  return { ids: [id], arns: [arn] }
}

/**
 * Sessions that somebody begins on the way out are issued after the instant, and none of `ends` is about who has left. Where
 * there are too many of them for one policy, everybody's sessions are refused until the next run.
 */
function withLeaving(
  others: readonly Sourced[],
  role: string,
  leaving: Kept['leaving'],
  declaredAt: SourceSpan,
): readonly Sourced[] {
  const claims = Object.entries(leaving?.[role]?.subjects ?? {})
  if (claims.length === 0) return others
  const refused = (Condition?: PolicyStatement['Condition']): Sourced => {
    const denied = { Sid: 'WhoHasLeft', Effect: 'Deny' as const, Action: '*', Resource: '*' }
    return { statement: Condition === undefined ? denied : { ...denied, Condition }, sources: [declaredAt] }
  }
  const all = [
    ...others,
    ...withUniqueSids(
      claims.map(([claim, subjects]) => refused({ StringEquals: { [claim]: oneOrMany(subjects) } })),
    ),
  ]
  return documentLength(toDocument(all)) <= limits.managedPolicyCharacters ? all : [...others, refused()]
}

function revokedBefore(instant: string | undefined, declaredAt: SourceSpan): readonly Sourced[] {
  if (instant === undefined) return []
  const statement = {
    Sid: 'SessionsAreRevoked',
    Effect: 'Deny' as const,
    Action: '*',
    Resource: '*',
    Condition: { DateLessThan: { 'aws:TokenIssueTime': instant } },
  }
  return [{ statement, sources: [declaredAt] }]
}

/** The same policy, once it was built. */
export function revocationOf(role: string, { arns, declaration, kept }: Model): Attached {
  if (kept.revocations[role] === undefined) return none
  return { ids: [revocationId(role)], arns: [arns.policy(nameOf(declaration.organization, role))] }
}

/** What a plan calls that policy of a role. */
export function revocationId(role: string): string {
  return `revoked/${role}`
}

function nameOf(organization: string, role: string): string {
  return `${organization}-revoked-${role}`
}

/** How many of a role's attachments its revocation takes. */
export function revocationCount(role: string, { kept }: Model): number {
  return kept.revocations[role] === undefined ? 0 : 1
}
