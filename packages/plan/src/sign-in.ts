import type { AccessMember, AccessProvider } from './access.js'
import type { Declaration, Member } from './declaration.js'

/** Who vouches for people that sign in by federation, as it is noted with what was deployed. */
export function providerOf({
  identityProvider,
}: Pick<Declaration, 'identityProvider'>): AccessProvider | undefined {
  if (identityProvider === undefined) return undefined
  if (identityProvider.kind === 'identityCenter') return { arn: identityProvider.instance }
  const { arn, audience } = identityProvider
  return { arn, audience }
}

/** As whom a member signs in by federation; nothing of that for who has an IAM user. */
export function signInOf({ email, oidc, signIn }: Member): Pick<AccessMember, 'email' | 'oidc'> {
  if (oidc !== undefined) return { oidc }
  return signIn === 'federation' && email !== undefined ? { email } : {}
}
