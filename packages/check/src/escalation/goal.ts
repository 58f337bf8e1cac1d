import type { AccountRole, AccountUser } from '../account/account.js'
import type { AccessOracle, Subject } from './access-oracle.js'
import { attemptAll } from './attempt.js'
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
  /** What has to hold for it and is not known, in words. */
  readonly needs?: readonly string[]
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
  const there = (needs: readonly string[]): readonly Achievement[] => [
    {
      what: `arn:${account.partition}:iam::${account.account}:root`,
      on: '*',
      request: probes[0]!,
      ...(needs.length === 0 ? {} : { needs }),
    },
  ]
  return {
    name: 'is an administrator',
    actions: probes.map(({ action }) => action),
    reachedBy: ({ arn }, subjects, oracle, unknown) => {
      if (declared.has(arn)) return there([])
      const tried = subjects.map((subject) => attemptAll(probes, [subject], oracle))
      const allowed = tried.filter((one) => one.allowed).toSorted((a, b) => a.needs.length - b.needs.length)
      if (allowed[0] !== undefined) return there(allowed[0].needs)
      for (const one of tried) if (!one.allowed && one.unknown !== undefined) unknown(arn, one.unknown)
      return []
    },
  }
}
