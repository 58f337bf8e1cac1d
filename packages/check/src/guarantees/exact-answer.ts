import type { AuthorizationRequest, Policy, PolicyLayers } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole } from '../account/account.js'
import type { Layered } from '../account/layers-of.js'
import { arnsOf, layersOf } from '../account/layers-of.js'
import { policyOf } from '../account/policy-of.js'
import type { Holder } from './declared-world.js'
import type { Answer } from './finding.js'
import type { Region, RegionStatement } from './region.js'
import { makeRegion } from './region.js'
import type { Party, Setting } from './setting.js'

/** Asks about a party's requests within a region: one of the questions of `ask.ts`. */
export type AskOne = (party: Party, within: Region) => Answer

/**
 * An answer about all that somebody of the account may do anywhere, with every policy that has a say. First without
 * those of resources, which can only take away from what identity policies allow as long as they name nobody; then,
 * where that finds a request, with the policy of what it asks for, and without that resource for the rest.
 */
export function exactAnswer(setting: Setting, holder: Holder, within: RegionStatement, ask: AskOne): Answer {
  const { account } = setting
  const called = holder.declared ?? holder.arn
  const settled: (AccountResource | AccountRole)[] = []
  const most = account.resources.length + account.roles.length
  for (let round = 0; round <= most; round++) {
    const party = { ...withoutResource(account, layersOf(account, holder, undefined, 'everything')), called }
    const answer = ask(party, makeRegion([within, ...settled.map(besides)]))
    if (answer.proof !== 'refuted') return answer
    const resource = resourceOf(account, answer.refutation.request)
    if (resource === undefined || settled.includes(resource)) return answer
    const there = { ...layersOf(account, holder, resource, 'everything'), called }
    const found = ask(there, makeRegion([onlyOn(within, resource)]))
    if (found.proof !== 'proved') return found
    settled.push(resource)
  }
  return { proof: 'unknown', reason: `${called} reaches too many resources to look at one by one` }
}

/** Requests to everything but a resource. */
function besides(resource: AccountResource | AccountRole): RegionStatement {
  const condition = aliasesOf(resource)
  return {
    Effect: 'Deny',
    Action: '*',
    Resource: arnsOf(resource),
    ...(condition === undefined
      ? {}
      : { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': condition } } }),
  }
}

function onlyOn(within: RegionStatement, resource: AccountResource | AccountRole): RegionStatement {
  return { ...within, Resource: arnsOf(resource) }
}

function aliasesOf(resource: AccountResource | AccountRole): readonly string[] | undefined {
  return resource.kind === 'role' ? undefined : resource.keys?.['kms:ResourceAliases']
}

/** As if what is asked for left everything to the account's own policies. */
function withoutResource(account: Account, layered: Layered): Layered {
  const layers: PolicyLayers = {
    ...layered.question.layers,
    resourcePolicy: delegatingTo(account.account),
  }
  return { ...layered, question: { ...layered.question, layers } }
}

const delegating = new Map<string, Policy>()

/** A resource's policy that lets the account's identity policies decide. */
export function delegatingTo(account: string): Policy {
  let policy = delegating.get(account)
  if (policy === undefined) {
    const Statement = { Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' }
    policy = policyOf(Statement, 'policies of resources that are not described', 'resource')
    if (delegating.size > 64) delegating.clear()
    delegating.set(account, policy)
  }
  return policy
}

/** What of the account, with a policy of its own, a request is about. */
export function resourceOf(
  account: Account,
  { action, context, resource }: AuthorizationRequest,
): AccountResource | AccountRole | undefined {
  const service = action.slice(0, action.indexOf(':')).toLowerCase()
  if (service === 'sts') return account.roles.find(({ arn }) => arn === resource)
  if (service === 'kms') {
    const aliases = new Set(
      Object.entries(context ?? {}).flatMap(([key, value]) =>
        key.toLowerCase() === 'kms:resourcealiases' ? [value].flat() : [],
      ),
    )
    return account.resources.find(
      (one) =>
        one.kind === 'key' && (one.arn === resource || aliasesOf(one)?.some((alias) => aliases.has(alias))),
    )
  }
  const bucket = resource.split('/', 1)[0]
  return account.resources.find(({ arn, kind }) => kind !== 'key' && (arn === resource || arn === bucket))
}
