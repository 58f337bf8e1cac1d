import { type AccessMember, type AccessSummary, saidOf } from '@ringfence/plan'

/**
 * Names of IAM users that a roster gives to somebody else, whom its ids tell apart: IAM would keep the user, and with it
 * the password, MFA devices and keys of the one who had the name.
 */
export function takenOver(
  before: Pick<AccessSummary, 'members'>,
  after: Pick<AccessSummary, 'members'>,
): readonly string[] {
  return Object.entries(after.members).flatMap(([name, now]) => {
    const was = saidOf(before.members, name)
    const isOther = was?.rosterId !== undefined && (now.rosterId ?? was.rosterId) !== was.rosterId
    return isOther && hasUser(was) && hasUser(now) ? [name] : []
  })
}

/** Whoever signs in in another way is let in as somebody else. */
function hasUser({ email, oidc }: AccessMember): boolean {
  return email === undefined && oidc === undefined
}
