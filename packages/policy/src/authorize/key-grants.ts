import { GRANT } from '../compile/principal-test.js'
import type { KeyGrant } from '../layers.js'
import { UNNUMBERED } from './context-keys.js'
import type { Evaluation } from './evaluation.js'

const CONTEXT_PREFIX = 'kms:encryptioncontext:'

/** A grant is on one key: a request that is on none (`kms:ListKeys`) is not taken by it. */
const KEY_ARN = /^arn:[^:]*:kms:[^:]*:[^:]*:key\//

/** The grants that take the request. [KMS guide, grants] */
export function fittingKeyGrants(grants: readonly KeyGrant[], evaluation: Evaluation): readonly KeyGrant[] {
  const { action, resource } = evaluation
  if (action.service !== 'kms' || !KEY_ARN.test(resource)) return []
  return grants.filter(
    (grant) =>
      grant.operations.some((operation) => operation.toLowerCase() === action.name) &&
      granteeBits(grant, evaluation) !== GRANT.none &&
      contextFits(grant, evaluation),
  )
}

/** The grants as a Principal that names all their grantees would give them. */
export function keyGrantBits(grants: readonly KeyGrant[], evaluation: Evaluation): number {
  return fittingKeyGrants(grants, evaluation).reduce<number>(
    (bits, grant) => bits | granteeBits(grant, evaluation),
    GRANT.none,
  )
}

function granteeBits(grant: KeyGrant, evaluation: Evaluation): number {
  const { principal, roleArn } = evaluation
  const { granteePrincipal } = grant
  if (granteePrincipal === principal.arn)
    switch (principal.kind) {
      case 'user':
        return GRANT.user
      case 'session':
      case 'federatedUser':
        return GRANT.session
      case 'role':
        return GRANT.role
      case 'root':
        return GRANT.account
      case 'anonymous':
        return GRANT.none
      default:
        return GRANT.direct
    }
  if (principal.kind === 'session' && granteePrincipal === roleArn) return GRANT.role
  const isOwnAccount =
    principal.account !== '' &&
    granteePrincipal === `arn:${principal.partition}:iam::${principal.account}:root`
  return isOwnAccount ? GRANT.account : GRANT.none
}

/** Encryption contexts are case-sensitive, the names of condition keys are not: names are compared folded. */
function contextFits(grant: KeyGrant, evaluation: Evaluation): boolean {
  const holds = (pairs: Readonly<Record<string, string>>): boolean =>
    Object.entries(pairs).every(([key, value]) => {
      const name = CONTEXT_PREFIX + key.toLowerCase()
      return evaluation.variable({ name, number: UNNUMBERED }) === value
    })
  const { encryptionContextEquals, encryptionContextSubset } = grant
  if (encryptionContextSubset && !holds(encryptionContextSubset)) return false
  if (!encryptionContextEquals) return true
  const present = Object.keys(evaluation.request.context ?? {}).filter((key) =>
    key.toLowerCase().startsWith(CONTEXT_PREFIX),
  )
  return present.length === Object.keys(encryptionContextEquals).length && holds(encryptionContextEquals)
}
