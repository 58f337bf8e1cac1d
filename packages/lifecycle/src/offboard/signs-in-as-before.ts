import {
  providerOf,
  saidOf,
  signInOf,
  type AccessSummary,
  type Declaration,
  type Member,
} from '@ringfence/plan'

/**
 * Whether a member is who was deployed under that name: of the same kind, and by an IAM user as before, or vouched for as
 * the same one by the same identity provider. A service may take other tokens than before and is the same, as long as it
 * signs in by tokens: see `takesTokens`. What an earlier version has noted tells of nobody that they signed in by
 * federation: whoever does so now is another one.
 */
export function signsInAsBefore(
  member: Member,
  declaration: Pick<Declaration, 'identityProvider'>,
  before: AccessSummary | undefined,
): boolean {
  const was = saidOf(before?.members, member.name)
  if (was?.kind !== member.kind) return false
  const { email, oidc } = signInOf(member)
  if (was.email !== email || (was.oidc === undefined) !== (oidc === undefined)) return false
  if (email === undefined) return true
  const [now, then] = [providerOf(declaration), before?.identityProvider]
  return now?.arn === then?.arn && now?.audience === then?.audience
}
