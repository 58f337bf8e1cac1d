import type { AuthorizationRequest, DecidingStatement } from '@ringfence/policy'
import { authorize, compileLayers } from '@ringfence/policy'
import type { Account } from '../account/account.js'
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
  const decidedBy = statements.map((statement) => decidedByOf(statement, account))
  return { request, who, decision, decidedBy, ...(missing === undefined ? {} : { missing }) }
}

function decidedByOf({ effect, layer, policy, sid }: DecidingStatement, { lines }: Account): DecidedBy {
  const declaredAt = sid === undefined ? undefined : lines?.().get(policy)?.[sid]
  return {
    layer,
    policy,
    effect,
    ...(sid === undefined ? {} : { sid }),
    ...(declaredAt === undefined ? {} : { declaredAt }),
  }
}
