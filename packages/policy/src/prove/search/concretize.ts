import { accountOfArn, splitArn } from '../../match/arn.js'
import type { AuthorizationRequest, ContextValue } from '../../request.js'
import type { ActionValue, KeyValue, ResourceValue } from '../options/dimension.js'
import type { PrincipalValue } from '../options/principal-options.js'

/** What a point of the search says about each variable. */
export interface Chosen {
  readonly action: ActionValue
  readonly resource: ResourceValue
  readonly principal: PrincipalValue | undefined
  readonly keys: readonly KeyValue[]
}

const ANY_ACCOUNT = '111122223333'

/**
 * A request that AWS could be sent, with the chosen value of each variable. Who asks is a user where nothing
 * hangs on it; the resource belongs to the account in its ARN, else to the one that was chosen, or else to that
 * of who asks.
 */
export function concretize({ action, keys, principal, resource }: Chosen): AuthorizationRequest {
  const inArn = /^\d{12}$/.exec(accountOfArn(resource.arn) ?? '')?.[0]
  const partition = splitArn(resource.arn)?.[1] ?? 'aws'
  const who: PrincipalValue = principal ?? {
    principal: `arn:${partition}:iam::${inArn ?? ANY_ACCOUNT}:user/anyone`,
    context: {},
  }
  const owner = inArn ?? resource.owner ?? /:(\d{12}):/.exec(who.principal)?.[1] ?? ANY_ACCOUNT
  const context: Record<string, ContextValue> = { ...who.context }
  for (const value of keys) Object.assign(context, value)
  return {
    principal: who.principal,
    action: `${action.service}:${action.name}`,
    resource: resource.arn,
    resourceAccount: owner,
    ...(who.canonicalUserId === undefined ? {} : { canonicalUserId: who.canonicalUserId }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
  }
}
