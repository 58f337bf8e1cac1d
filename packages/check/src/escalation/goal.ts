import type { AccountRole, AccountUser } from '../account/account.js'
import type { AccessOracle, Subject } from './access-oracle.js'
import type { Request } from './offer.js'
import type { Entities } from './strengthen.js'
import { administratorPolicies } from './strengthen.js'
import { UNLIKELY_NAME } from './mentioned.js'

/** What a chain of steps ends with. */
export interface Achievement {
  /** ARN of what somebody can do something to; of the account for all of it. */
  readonly what: string
  /** The same as it is told beside the request: `*` where it can be done to anything. */
  readonly on: string
  /** The request that does it. */
  readonly request: Request
}

/** What nobody but administrators should come to. */
export interface Goal {
  /** In words, after somebody's name: `is an administrator`, `can change the fence`. */
  readonly name: string
  /** What somebody has come to who has these policies; empty: nothing. */
  readonly reachedBy: (
    principal: AccountUser | AccountRole,
    subjects: readonly Subject[],
    oracle: AccessOracle,
    unknown: (about: string, reason: string) => void,
  ) => readonly Achievement[]
  /** Every action that it is about, to pass over those who can do none of them. */
  readonly actions: readonly string[]
}

/**
 * Somebody is an administrator who may change the policies of users and roles with any name, give them any policy, and
 * change any managed policy: whoever may do that may do everything a step later. So is whoever is declared to be one.
 */
export function administrators(index: Entities, declared: ReadonlySet<string>): Goal {
  const { account } = index
  const [full] = administratorPolicies(account)
  const any = (kind: string): string =>
    `arn:${account.partition}:iam::${account.account}:${kind}/${UNLIKELY_NAME}`
  const free = { 'iam:PermissionsBoundary': null }
  const probes: readonly Request[] = [
    { action: 'iam:PutUserPolicy', resource: any('user'), keys: free },
    { action: 'iam:PutRolePolicy', resource: any('role'), keys: free },
    { action: 'iam:AttachRolePolicy', resource: any('role'), keys: { ...free, 'iam:PolicyARN': full! } },
    { action: 'iam:CreatePolicyVersion', resource: any('policy'), keys: {} },
    { action: 'iam:UpdateAssumeRolePolicy', resource: any('role'), keys: {} },
    { action: 'iam:CreateAccessKey', resource: any('user'), keys: {} },
  ]
  return {
    name: 'is an administrator',
    actions: probes.map(({ action }) => action),
    reachedBy: ({ arn }, subjects, oracle) => {
      const isOne = subjects.some((subject) =>
        probes.every(
          ({ action, resource, keys }) => oracle.can(subject, action, resource, keys).answer === 'yes',
        ),
      )
      return isOne || declared.has(arn)
        ? [{ what: `arn:${account.partition}:iam::${account.account}:root`, on: '*', request: probes[0]! }]
        : []
    },
  }
}
