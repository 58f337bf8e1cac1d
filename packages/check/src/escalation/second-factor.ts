import type { Account, AccountRole, AccountUser } from '../account/account.js'
import { readNamed } from '../account/read-policies.js'
import type { FixedKeys, Subject } from './access-oracle.js'
import type { Fact, Facts } from './fact.js'
import { documentsOf } from './mentioned.js'

/**
 * What requests of somebody say about MFA: nothing, as those with an access key do; that there was none; or that there
 * was, which takes a device that nobody can tell the caller has.
 */
export type SecondFactor = 'silent' | 'none' | 'perhaps'

/** The condition keys of requests with it; what is open is not among them. */
export const keysOfFactor: Readonly<Record<SecondFactor, FixedKeys>> = {
  silent: { 'aws:MultiFactorAuthPresent': null, 'aws:MultiFactorAuthAge': null },
  none: { 'aws:MultiFactorAuthPresent': 'false', 'aws:MultiFactorAuthAge': null },
  perhaps: {},
}

const asking = new WeakMap<Account, boolean>()

/** Whether MFA decides anything in an account. */
export function asksForFactor(account: Account): boolean {
  let asks = asking.get(account)
  if (asks === undefined) {
    asks = [...documentsOf(account)].some(({ document }) =>
      /aws:multifactorauth/i.test(JSON.stringify(document ?? null)),
    )
    asking.set(account, asks)
  }
  return asks
}

/**
 * Whoever starts as a user has the device of that user, if MFA is asked for. Nobody tells whether the caller has those of
 * users that are taken over on the way, nor what sessions that a user opens with MFA say of it. All other sessions say
 * that there was none: those of services and of identity providers, and those that a session of a role opens.
 * [IAM User Guide, "Secure API access with MFA"]
 */
export function withFactors(
  subjects: readonly Subject[],
  { arn, kind }: AccountUser | AccountRole,
  start: string,
  facts: Facts,
): readonly Subject[] {
  if (kind === 'user' && arn === start) return subjects
  const isOpen = kind === 'user' || facts.has(withFactor(arn))
  const factors: readonly SecondFactor[] = [
    ...(kind === 'user' ? (['silent'] as const) : []),
    'none',
    ...(isOpen ? (['perhaps'] as const) : []),
  ]
  return factors.flatMap((factor) => subjects.map((subject) => Object.assign({ factor }, subject)))
}

/** That sessions of a role can be had that were opened with MFA. */
export function withFactor(of: string): Fact {
  return { kind: 'factor', of }
}

/** What somebody has before any step: of a role that a user may take on, perhaps a session with MFA. */
export function givenTo(account: Account, one: AccountUser | AccountRole): readonly Fact[] {
  const controls: Fact = { kind: 'controls', of: one.arn }
  const hasFactor = one.kind === 'role' && asksForFactor(account) && isForUsers(one)
  return hasFactor ? [controls, withFactor(one.arn)] : [controls]
}

function isForUsers({ trust }: AccountRole): boolean {
  const read = readNamed(trust, 'trust')
  if ('unknown' in read) return true
  return read.policy.statements.some(
    ({ effect, principal }) =>
      effect === 'Allow' && principal?.entries.some(({ type }) => usersAmong.has(type)) === true,
  )
}

const usersAmong: ReadonlySet<string> = new Set(['everyone', 'account', 'user', 'uniqueId'])
