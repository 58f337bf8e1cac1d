import { isArn } from '../match/arn.js'
import type { AuthorizationRequest, ContextValue } from '../request.js'
import { RingfenceError } from '../ringfence-error.js'
import { readRequestAction, type Action } from './action.js'
import { readPrincipal, type Principal } from './principal.js'
import type { AuthorizeSwitches } from './switches.js'

const NO_SWITCHES: AuthorizeSwitches = {}

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
  private keys: Map<string, ContextValue> | undefined

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

  /** The value of a context key; `key` in lower case. */
  lookup(key: string): ContextValue | undefined {
    const keys = (this.keys ??= foldContext(this.request))
    const value = keys.get(key)
    return value === undefined ? this.derive(key) : value
  }

  /** The text that a policy variable stands for: single-valued keys only. */
  variable(key: string): string | undefined {
    const value = this.lookup(key)
    if (value === undefined || typeof value === 'object') return undefined
    return typeof value === 'string' ? value : String(value)
  }

  /**
   * The role behind a role or session. A session's ARN has no path, so `aws:PrincipalArn` is taken where the
   * request has it and it is the same role's.
   */
  get roleArn(): string {
    const { account, arn, kind, name, partition } = this.principal
    if (kind !== 'session') return arn
    const prefix = `arn:${partition}:iam::${account}:role/`
    const keys = (this.keys ??= foldContext(this.request))
    const given = keys.get('aws:principalarn')
    const isSame = typeof given === 'string' && given.startsWith(prefix) && given.endsWith(`/${name}`)
    return isSame ? given : prefix + name
  }

  /** Keys that follow from principal and resource. [reference_policies_condition-keys, policies_variables] */
  private derive(key: string): string | undefined {
    switch (key) {
      case 'aws:principalarn':
        return this.principal.account === '' ? undefined : this.roleArn
      case 'aws:principalaccount':
        return this.principal.kind === 'anonymous' ? 'anonymous' : this.principal.account || undefined
      case 'aws:principaltype':
        return principalType(this.principal)
      case 'aws:username':
        return this.principal.kind === 'user' ? this.principal.name : undefined
      case 'aws:userid':
        return userId(this.principal)
      case 'aws:resourceaccount':
        return this.resourceAccount
      case 'aws:principalisawsservice':
        return this.principal.kind === 'anonymous' ? undefined : String(this.principal.kind === 'service')
      case 'aws:principalservicename':
        return this.principal.kind === 'service' ? this.principal.arn : undefined
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

/** Folds the names of keys; two that differ in case only would make the answer hang on their order. */
function foldContext(request: AuthorizationRequest): Map<string, ContextValue> {
  const keys = new Map<string, ContextValue>()
  const { context } = request
  if (context === undefined) return keys
  for (const key of Object.keys(context)) {
    const value = context[key]
    if (value === undefined) continue
    const folded = key.toLowerCase()
    if (keys.has(folded))
      throw new RingfenceError(
        'REQUEST_CONTEXT_DUPLICATE_KEY',
        `the context has the key "${key}" twice, in other case`,
      )
    if (!isContextValue(value))
      throw new RingfenceError(
        'REQUEST_CONTEXT_INVALID',
        `the context key "${key}" is no string, number, boolean or list of these`,
      )
    keys.set(folded, value)
  }
  return keys
}

function isContextValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => isScalar(item))
  return isScalar(value)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
