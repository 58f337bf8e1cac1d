import { isArn } from '../match/arn.js'
import type { AuthorizationRequest, ContextValue, RequestContext } from '../request.js'
import { RingfenceError } from '../ringfence-error.js'
import { readRequestAction, type Action } from './action.js'
import { DERIVED, numberOfSpelling, UNNUMBERED, type ContextKey } from './context-keys.js'
import { readPrincipal, type Principal } from './principal.js'
import type { AuthorizeSwitches } from './switches.js'

const NO_SWITCHES: AuthorizeSwitches = {}
const NO_VALUES: ContextValue[] = []
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
  /** Numbers of the keys that the request has, beside their values. */
  private numbers: number[] | undefined
  private values: ContextValue[] = NO_VALUES
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
    if (resource !== '*' && (typeof resource !== 'string' || !isArn(resource)))
      throw new RingfenceError(
        'REQUEST_RESOURCE_INVALID',
        `${JSON.stringify(resource)} is no resource of a request: an ARN with six segments, or * for none`,
      )
    this.resource = resource
    this.resourceAccount = ownerOf(request, this.principal)
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

  private findRole(): string {
    const { account, arn, kind, name, partition } = this.principal
    if (kind !== 'session') return arn
    const prefix = `arn:${partition}:iam::${account}:role/`
    const given = this.given(DERIVED.principalArn)
    const isSame = typeof given === 'string' && given.startsWith(prefix) && given.endsWith(`/${name}`)
    return isSame ? given : prefix + name
  }

  /** The request's own value of a key. Only what is read is checked: the rest decides nothing. */
  private given({ name, number }: ContextKey): ContextValue | undefined {
    if (number === UNNUMBERED) return searchContext(this.request.context, name)
    const numbers = (this.numbers ??= this.foldContext())
    const at = numbers.indexOf(number)
    if (at < 0) return undefined
    if (numbers.length > 1 && numbers.includes(number, at + 1)) throw duplicateKey(name)
    return checkedValue(name, this.values[at]!)
  }

  /** Folds the names of keys once a request. */
  private foldContext(): number[] {
    const { context } = this.request
    const numbers: number[] = []
    if (context === undefined) return numbers
    this.values = []
    for (const key in context) {
      if (!Object.hasOwn(context, key)) continue
      const number = numberOfSpelling(key)
      const value = context[key]
      if (number === UNNUMBERED || value === undefined) continue
      numbers.push(number)
      this.values.push(value)
    }
    return numbers
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
        return principal.kind === 'anonymous' ? undefined : String(principal.kind === 'service')
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

function ownerOf(request: AuthorizationRequest, principal: Principal): string | undefined {
  const { resource, resourceAccount } = request
  if (resourceAccount !== undefined) {
    if (!isAccount(resourceAccount))
      throw new RingfenceError(
        'REQUEST_ACCOUNT_INVALID',
        `${JSON.stringify(resourceAccount)} is no account: 12 digits`,
      )
    return resourceAccount
  }
  const account = resource === '*' ? '' : accountOf(resource)
  return isAccount(account) ? account : principal.account || undefined
}

/** The fifth segment of an ARN. */
function accountOf(arn: string): string {
  let from = 0
  for (let count = 0; count < 4; count++) from = arn.indexOf(':', from) + 1
  return arn.slice(from, arn.indexOf(':', from))
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

function checkedValue(key: string, value: ContextValue): ContextValue {
  if (typeof value === 'string' || isScalar(value) || (Array.isArray(value) && value.every(isScalar)))
    return value
  throw new RingfenceError(
    'REQUEST_CONTEXT_INVALID',
    `the context key "${key}" is no string, number, boolean or list of these`,
  )
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
