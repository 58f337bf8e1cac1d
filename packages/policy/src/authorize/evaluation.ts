import { accountOfArn } from '../match/arn.js'
import type { AuthorizationRequest, ContextValue, RequestContext } from '../request.js'
import { RingfenceError } from '../ringfence-error.js'
import { readRequestAction, type Action } from './action.js'
import { contextLayout, DERIVED, UNNUMBERED, type ContextKey, type ContextLayout } from './context-keys.js'
import { readPrincipal, type Principal } from './principal.js'
import type { AuthorizeSwitches } from './switches.js'

const NO_SWITCHES: AuthorizeSwitches = {}
const LAST_DERIVED = DERIVED.principalServiceName.number

/**
 * One request made ready: principal and action taken apart, context keys folded, derived keys filled in.
 * Statements are matched against it.
 */
export class Evaluation {
  readonly principal: Principal
  readonly action: Action
  readonly resource: string
  /** 12 digits; undefined where neither request nor ARN nor principal tells it. */
  readonly resourceAccount: string | undefined
  private layout: ContextLayout | undefined
  private role: string | undefined

  constructor(
    readonly request: AuthorizationRequest,
    /** Whether a permissions boundary is among the layers: NotPrincipal never spares its principal. */
    readonly hasBoundary: boolean,
    readonly switches: AuthorizeSwitches = NO_SWITCHES,
  ) {
    this.principal = readPrincipal(request.principal)
    this.action = readRequestAction(request.action)
    const { resource } = request
    const account = resource === '*' ? '' : typeof resource === 'string' ? accountOfArn(resource) : undefined
    if (account === undefined)
      throw new RingfenceError(
        'REQUEST_RESOURCE_INVALID',
        `${JSON.stringify(resource)} is no resource of a request: an ARN with six segments, or * for none`,
      )
    this.resource = resource
    this.resourceAccount = ownerOf(request.resourceAccount, account, this.principal)
  }

  /** The value of a context key; derived where the request does not have it. */
  lookup(key: ContextKey): ContextValue | undefined {
    const value = this.given(key)
    return value === undefined && key.number <= LAST_DERIVED && key.number >= 0 ? this.derive(key) : value
  }

  /** The text that a policy variable stands for: single-valued keys only. */
  variable(key: ContextKey): string | undefined {
    const value = this.lookup(key)
    if (value === undefined || typeof value === 'object') return undefined
    return typeof value === 'string' ? value : String(value)
  }

  /**
   * The role behind a role or session. A session's ARN has no path, so `aws:PrincipalArn` is taken where the
   * request has it and it is the same role's.
   */
  get roleArn(): string {
    return (this.role ??= this.findRole())
  }

  /** The path `/aws-service-role/` is AWS's own. A session's role name alone does not tell, so it is not trusted. */
  get isServiceLinkedRole(): boolean {
    const { kind } = this.principal
    return (kind === 'role' || kind === 'session') && this.roleArn.includes(':role/aws-service-role/')
  }

  private findRole(): string {
    const { kind, name, roleArn } = this.principal
    if (kind !== 'session') return roleArn
    const given = this.given(DERIVED.principalArn)
    const isSame =
      typeof given === 'string' &&
      given.endsWith(`/${name}`) &&
      given.startsWith(roleArn.slice(0, roleArn.length - name.length))
    return isSame ? given : roleArn
  }

  /** The request's own value of a key. Only what is read is checked: the rest decides nothing. */
  private given({ name, number }: ContextKey): ContextValue | undefined {
    const { context } = this.request
    const { hasDuplicates, keys, numbers } = (this.layout ??= contextLayout(context))
    if (number === UNNUMBERED || hasDuplicates) return searchContext(context, name)
    for (let at = 0; at < numbers.length; at++)
      if (numbers[at] === number) {
        const value = context![keys[at]!]
        return typeof value === 'string' ? value : checkedValue(name, value)
      }
    return undefined
  }

  /** Keys that follow from principal and resource. [reference_policies_condition-keys, policies_variables] */
  private derive(key: ContextKey): string | undefined {
    const { principal } = this
    switch (key) {
      case DERIVED.principalArn:
        return principal.account === '' ? undefined : this.roleArn
      case DERIVED.principalAccount:
        return principal.kind === 'anonymous' ? 'anonymous' : principal.account || undefined
      case DERIVED.principalType:
        return principalType(principal)
      case DERIVED.username:
        return principal.kind === 'user' ? principal.name : undefined
      case DERIVED.userId:
        return userId(principal)
      case DERIVED.resourceAccount:
        return this.resourceAccount
      case DERIVED.principalIsAwsService:
        // Only signed requests have it: not anonymous ones, nor those with a SAML assertion or web identity.
        return principal.kind === 'anonymous' || principal.kind === 'provider'
          ? undefined
          : String(principal.kind === 'service')
      case DERIVED.principalServiceName:
        return principal.kind === 'service' ? principal.arn : undefined
      default:
        return undefined
    }
  }
}

function principalType({ kind }: Principal): string | undefined {
  switch (kind) {
    case 'user':
      return 'User'
    case 'role':
    case 'session':
      return 'AssumedRole'
    case 'federatedUser':
      return 'FederatedUser'
    case 'root':
      return 'Account'
    case 'anonymous':
      return 'Anonymous'
    default:
      return undefined
  }
}

function userId({ account, kind, name }: Principal): string | undefined {
  if (kind === 'root') return account
  if (kind === 'federatedUser') return `${account}:${name}`
  return kind === 'anonymous' ? 'anonymous' : undefined
}

/** As the request says, else as the ARN says, else the principal's own account. */
function ownerOf(stated: string | undefined, inArn: string, principal: Principal): string | undefined {
  const own = principal.account === '' ? undefined : principal.account
  if (stated === undefined) return inArn !== '' && isAccount(inArn) ? inArn : own
  if (stated !== own && !isAccount(stated))
    throw new RingfenceError('REQUEST_ACCOUNT_INVALID', `${JSON.stringify(stated)} is no account: 12 digits`)
  return stated
}

function isAccount(text: string): boolean {
  if (text.length !== 12) return false
  for (let index = 0; index < 12; index++) {
    const code = text.charCodeAt(index)
    if (code < 48 || code > 57) return false
  }
  return true
}

/** For keys without a number: every name is folded and compared. */
function searchContext(context: RequestContext | undefined, name: string): ContextValue | undefined {
  let found: ContextValue | undefined
  for (const [key, value] of Object.entries(context ?? {})) {
    if (value === undefined || key.toLowerCase() !== name) continue
    if (found !== undefined) throw duplicateKey(name)
    found = checkedValue(key, value)
  }
  return found
}

/** Two keys that differ in case only would make the answer hang on their order. */
function duplicateKey(name: string): RingfenceError {
  return new RingfenceError(
    'REQUEST_CONTEXT_DUPLICATE_KEY',
    `the context has the key "${name}" twice, in different case`,
  )
}

function checkedValue(key: string, value: ContextValue | undefined): ContextValue | undefined {
  if (value === undefined || isScalar(value) || (Array.isArray(value) && value.every(isScalar))) return value
  throw new RingfenceError(
    'REQUEST_CONTEXT_INVALID',
    `the context key "${key}" is no string, number, boolean or list of these`,
  )
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
