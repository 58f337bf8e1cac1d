import type { Caller } from './caller.js'
import type { RawKeyGrant, RawRequest, SimulateCase } from './case.js'
import { namings, type Naming } from './principals.js'

/**
 * Rule 20: grants on a KMS key allow as its key policy does when it names the grantee (KMS developer guide,
 * "Grants in AWS KMS"). They never deny.
 */
export function keyGrantsOf(given: SimulateCase, caller: Caller): ReadonlySet<Naming> {
  const { action, resource } = given.request
  const [service = '', operation = ''] = action.toLowerCase().split(':')
  if (service !== 'kms' || !/^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource)) return new Set()
  const fitting = (given.keyGrants ?? []).filter(
    (grant) =>
      grant.operations.some((name) => name.toLowerCase() === operation) &&
      encryptionContextFits(grant, given.request),
  )
  const found = new Set<Naming>()
  for (const { granteePrincipal } of fitting) {
    for (const naming of granteeNamings(granteePrincipal, caller)) found.add(naming)
  }
  return found
}

function granteeNamings(grantee: string, caller: Caller): ReadonlySet<Naming> {
  return namings(grantee.startsWith('arn:') ? { AWS: grantee } : { Service: grantee }, caller)
}

/** Keys of an encryption context are case-sensitive; they stand in `kms:EncryptionContext:KEY`. */
function encryptionContextFits(grant: RawKeyGrant, request: RawRequest): boolean {
  const prefix = 'kms:encryptioncontext:'
  const sent = new Map(
    Object.entries(request.context ?? {})
      .filter(([key]) => key.toLowerCase().startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), String(value)] as const),
  )
  const { encryptionContextEquals: exact, encryptionContextSubset: subset } = grant
  const holds = (pairs: Readonly<Record<string, string>>): boolean =>
    Object.entries(pairs).every(([key, value]) => sent.get(key) === value)
  if (exact !== undefined && (!holds(exact) || sent.size !== Object.keys(exact).length)) return false
  return subset === undefined || holds(subset)
}
