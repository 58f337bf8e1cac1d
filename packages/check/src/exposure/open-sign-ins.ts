import type { AuthorizationRequest, Policy, ProveOptions } from '@ringfence/policy'
import type { Account, AccountRole } from '../account/account.js'
import { layersAroundAny, type Layered, type TakeUnknown } from '../account/layers-of.js'
import { regionOf } from '../answers/region.js'
import { reached } from './reached.js'
import { COGNITO, SHARED_PROVIDERS, type SharedProvider } from './shared-providers.js'

/** A role that anybody can take on who has an account at an identity provider, or may. */
export interface OpenSignIn {
  /** ARN. */
  readonly role: string
  /** The provider's ARN in the account, or its host for one that AWS knows by itself. */
  readonly provider: string
  /** E.g. `GitHub Actions`. */
  readonly called: string
  /** The condition key that the trust policy has to look at, and a value that names one customer of the provider. */
  readonly key: string
  readonly example: string
  /** A request of a stranger that is allowed; absent where there is none to show. */
  readonly request?: AuthorizationRequest
  /** Why it is not known. */
  readonly reason?: string
  readonly isKnown: boolean
}

/**
 * Roles whose trust in a shared identity provider does not hang on whose customer somebody is: a token of somebody of
 * whom no policy says anything is enough. What other claims say of a stranger is not known, so that none helps.
 */
export function* openSignInsOf(account: Account, options: ProveOptions): Generator<OpenSignIn> {
  const present = sharedIn(account)
  for (const role of account.roles)
    for (const [provider, shared] of present) {
      const within = strangersOf(shared, role)
      const layers = (take: TakeUnknown): Layered => signingIn(account, role, provider, shared, take)
      const found = reached(layers, within, options)
      const told = { role: role.arn, provider, called: shared.name, key: shared.key, example: shared.example }
      if (found.answer === 'yes' && hangsOnAudiences(shared))
        yield {
          ...told,
          reason: 'it hangs on the audiences of the provider, of which nothing is described',
          isKnown: false,
        }
      else if (found.answer === 'yes') yield { ...told, request: found.request, isKnown: true }
      else if (found.answer === 'unknown') yield { ...told, reason: found.reason, isKnown: false }
    }
}

/** The shared ones among the providers of an account, by ARN, and those that are there without any. */
function sharedIn({ identityProviders }: Account): ReadonlyMap<string, SharedProvider> {
  const byHost = new Map(SHARED_PROVIDERS.map((shared) => [shared.host, shared]))
  const found = new Map([[COGNITO.host, COGNITO]])
  for (const arn of identityProviders) {
    const shared = byHost.get(/:oidc-provider\/(.*)$/.exec(arn)?.[1] ?? '')
    if (shared) found.set(arn, shared)
  }
  return found
}

/** AWS refuses tokens for other audiences than those of a provider of the account. [API_AssumeRoleWithWebIdentity] */
function hangsOnAudiences({ host, key }: SharedProvider): boolean {
  return key === `${host}:aud` && host !== COGNITO.host
}

function signingIn(
  account: Account,
  role: AccountRole,
  provider: string,
  shared: SharedProvider,
  take: TakeUnknown,
): Layered {
  const { question, unknowns } = layersAroundAny(
    account,
    { kind: 'provider', only: [provider] },
    false,
    role,
    take,
  )
  const keys = { ...question.keys, ...otherClaims(question.layers.resourcePolicy, shared) }
  return { question: { ...question, keys }, unknowns }
}

/** The claims that a trust policy asks for besides those that a stranger has or picks: none of them is the stranger's. */
function otherClaims(
  trust: Policy | undefined,
  { host, key }: SharedProvider,
): Readonly<Record<string, null>> {
  const own = new Set([key, `${host}:aud`, `${host}:sub`].map((name) => name.toLowerCase()))
  const keys: Record<string, null> = {}
  for (const { conditions } of trust?.statements ?? [])
    for (const { key: asked } of conditions) {
      const name = asked.toLowerCase()
      if (name.startsWith(`${host}:`) && !own.has(name)) keys[asked] = null
    }
  return keys
}

/** Requests for a role by customers of a provider whom its trust policy does not name. */
function strangersOf({ after, before, key }: SharedProvider, role: AccountRole): Policy {
  const stranger = strangerTo(role)
  const inside = `${before}*${stranger}`
  return regionOf({
    actions: ['sts:AssumeRoleWithWebIdentity'],
    resources: [role.arn],
    // All values: a trust policy may compare the claim as a list, and a token has one.
    condition: {
      Null: { [key]: 'false' },
      'ForAllValues:StringLike': { [key]: `${inside}${after}*` },
      // The name ends with the first of what ends names.
      ...(after === '' ? {} : { 'ForAllValues:StringNotLike': { [key]: `${before}*${after}*${stranger}*` } }),
    },
  })
}

/** A name that stands nowhere in a trust policy. */
function strangerTo({ trust }: AccountRole): string {
  const text = JSON.stringify(trust.document ?? null)
  let name = 'somebody-else'
  while (text.includes(name)) name += '-else'
  return name
}
