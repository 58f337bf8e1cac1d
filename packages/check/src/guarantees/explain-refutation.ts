import type { AuthorizationRequest, DecidingStatement } from '@ringfence/policy'
import { authorize, compileLayers } from '@ringfence/policy'
import type { SourceSpan } from '@ringfence/plan'
import type { Account, NamedPolicy } from '../account/account.js'
import type { DecidedBy, Refutation } from './finding.js'
import type { Asked } from './prover.js'

/** Decides a request that the prover found under the layers of its question, and finds the lines behind it. */
export function explainRefutation(
  account: Account,
  { layers }: Pick<Asked, 'layers'>,
  request: AuthorizationRequest,
  who: string,
): Refutation {
  const { decision, missing, statements } = authorize(request, compileLayers(layers))
  const lines = linesOf(account)
  const decidedBy = statements.map((statement) => decidedByOf(statement, lines))
  return { request, who, decision, decidedBy, ...(missing === undefined ? {} : { missing }) }
}

function decidedByOf({ effect, layer, policy, sid }: DecidingStatement, lines: Lines): DecidedBy {
  const declaredAt = sid === undefined ? undefined : lines.get(policy)?.[sid]
  return {
    layer,
    policy,
    effect,
    ...(sid === undefined ? {} : { sid }),
    ...(declaredAt === undefined ? {} : { declaredAt }),
  }
}

type Lines = ReadonlyMap<string, Readonly<Record<string, SourceSpan>>>
const remembered = new WeakMap<Account, Lines>()

/** By name of policy and Sid. */
function linesOf(account: Account): Lines {
  let lines = remembered.get(account)
  if (lines === undefined) {
    const policies: readonly NamedPolicy[] = [
      ...account.managedPolicies.flatMap(({ versions }) => versions),
      ...[...account.users, ...account.roles, ...account.groups].flatMap(({ inline }) => inline),
      ...account.roles.map(({ trust }) => trust),
      ...account.resources.flatMap(({ policy }) => policy ?? []),
      ...(account.serviceControlPolicies ?? []).flat(),
      ...(account.resourceControlPolicies ?? []).flat(),
    ]
    lines = new Map(
      policies.flatMap(({ declaredAt, name }) => (declaredAt === undefined ? [] : [[name, declaredAt]])),
    )
    remembered.set(account, lines)
  }
  return lines
}
