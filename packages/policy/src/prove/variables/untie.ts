import { accountOfArn } from '../../match/arn.js'
import type { AuthorizationRequest, ContextValue } from '../../request.js'
import { TIED_OWNER, TIED_PRINCIPAL, TIED_RESOURCE, type TargetedTie } from '../options/dimension.js'
import { keepsTies, valueFromTied } from '../options/tied-keys.js'
import { textOfTie } from './ties.js'

const WELL_FORMED = /^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|aws)?:[^]+$/

/**
 * Makes patterns with variables match that were only taken to: what they are matched against becomes their text
 * with the values that the variables have in the request, or get where the policies ask nothing else of them.
 * Undefined when none of the requests made so `isWanted`, as `authorize` has it.
 */
export function untie(
  request: AuthorizationRequest,
  ties: readonly TargetedTie[],
  asked: ReadonlySet<string>,
  isWanted: (request: AuthorizationRequest) => boolean,
): AuthorizationRequest | undefined {
  const made = ['x', ''].map((value) => matchTies(request, ties, asked, value))
  return [request, ...made].find((candidate) => {
    return candidate !== undefined && keepsTies(candidate.context ?? {}, asked) && isWanted(candidate)
  })
}

/** The same request, with an owner or a principal from the other's account, or a principal of none that is named. */
export function inAccounts(request: AuthorizationRequest): readonly AuthorizationRequest[] {
  const { principal, resource, resourceAccount = ANOTHER_ACCOUNT } = request
  const own = ACCOUNT_IN_ARN.exec(principal)?.[1]
  if (own === undefined) return [request]
  const isOpen = (accountOfArn(resource) ?? '') === ''
  return [
    request,
    ...(isOpen ? [{ ...request, resourceAccount: own }] : []),
    movedTo(request, resourceAccount),
    movedTo(request, ANOTHER_ACCOUNT),
  ]
}

function movedTo(request: AuthorizationRequest, account: string): AuthorizationRequest {
  const move = (arn: string): string => arn.replace(ACCOUNT_IN_ARN, `:${account}:`)
  const principal = move(request.principal)
  const role = request.context?.['aws:PrincipalArn']
  if (typeof role !== 'string') return { ...request, principal }
  return { ...request, principal, context: { ...request.context, 'aws:PrincipalArn': move(role) } }
}

const ACCOUNT_IN_ARN = /:(\d{12}):/
const ANOTHER_ACCOUNT = '999988887777'

function matchTies(
  request: AuthorizationRequest,
  ties: readonly TargetedTie[],
  asked: ReadonlySet<string>,
  free: string,
): AuthorizationRequest | undefined {
  const context: Record<string, ContextValue> = { ...request.context }
  let { resource, resourceAccount } = request
  const valueOf = (key: string): string | undefined => {
    const name = key.toLowerCase()
    const given = Object.keys(context).find((other) => other.toLowerCase() === name)
    if (given !== undefined) {
      const value = context[given]
      return typeof value === 'string' ? value : undefined
    }
    const derived = derivedValue(name, request)
    if (derived !== undefined) return derived
    if (asked.has(name) || isDerived(name)) return undefined
    const value = valueFromTied(name, context) ?? free
    context[key] = value
    return value
  }
  for (const { target, text } of ties) {
    // Who asks stays: the variables may suit.
    if (target === TIED_PRINCIPAL) continue
    const made = textOfTie(text, valueOf)
    if (made === undefined) return undefined
    if (target === TIED_OWNER) {
      if (!/^\d{12}$/.test(made)) return undefined
      resourceAccount = made
    } else if (target !== TIED_RESOURCE) context[target] = made
    else if (WELL_FORMED.test(made)) resource = made
    else return undefined
  }
  const owner = /^\d{12}$/.exec(accountOfArn(resource) ?? '')?.[0] ?? resourceAccount
  return { ...request, resource, ...(owner === undefined ? {} : { resourceAccount: owner }), context }
}

function isDerived(name: string): boolean {
  return /^aws:(?:principal(?:arn|account|type|isawsservice|servicename)|username|userid|resourceaccount)$/.test(
    name,
  )
}

/** Keys that `authorize` fills in from the principal and the resource's owner. */
function derivedValue(
  name: string,
  { principal, resourceAccount }: AuthorizationRequest,
): string | undefined {
  switch (name) {
    case 'aws:username':
      return /:user\/(?:.*\/)?([^/]+)$/.exec(principal)?.[1]
    case 'aws:principalaccount':
      return /:(\d{12}):/.exec(principal)?.[1]
    case 'aws:resourceaccount':
      return resourceAccount
    case 'aws:principalarn':
      return principal.includes(':user/') ? principal : undefined
    default:
      return undefined
  }
}
