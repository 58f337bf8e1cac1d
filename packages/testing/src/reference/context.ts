import type { Caller } from './caller.js'
import type { RawRequest } from './case.js'

/** The condition keys of one request by lower-case name; each has a list of values. */
export interface ReferenceContext {
  readonly keys: ReadonlyMap<string, ReferenceContextKey>
}

/** The values of one key. A list in the request makes the key multi-valued, whatever its length. */
export interface ReferenceContextKey {
  readonly values: readonly string[]
  readonly multiValued: boolean
}

/** The values of a key; none when it is missing. Names are case-insensitive (rule 1). */
export function valuesOfKey(context: ReferenceContext, name: string): readonly string[] {
  return context.keys.get(name.toLowerCase())?.values ?? []
}

/**
 * The account that owns the resource: as the case says, else the account in the ARN, else (S3) the caller's.
 */
export function resourceAccountOf(request: RawRequest, caller: Caller): string | undefined {
  if (request.resourceAccount !== undefined) return request.resourceAccount
  const account = request.resource.split(':')[4] ?? ''
  return /^\d{12}$/.test(account) ? account : caller.account
}

/** Signed requests tell whether a service signed them; anonymous ones and those with a web identity are not. */
function signedByService(caller: Caller): string | undefined {
  if (caller.kind === 'anonymous' || caller.kind === 'provider') return undefined
  return String(caller.kind === 'service')
}

/**
 * The context of a request: what the case gives, and what follows from principal and resource where the case
 * is silent (IAM User Guide, "AWS global condition context keys": properties of the principal, of the
 * resource).
 */
export function buildContext(request: RawRequest, caller: Caller): ReferenceContext {
  const keys = new Map<string, ReferenceContextKey>()
  for (const [name, value] of Object.entries(request.context ?? {})) {
    const multiValued = Array.isArray(value)
    const list: readonly unknown[] = multiValued ? value : [value]
    keys.set(name.toLowerCase(), { values: list.map(String), multiValued })
  }
  const derived: readonly (readonly [string, string | undefined])[] = [
    ['aws:principalarn', caller.principalArn],
    // IAM User Guide, "Global condition keys": anonymous requests have the value `anonymous`.
    ['aws:principalaccount', caller.kind === 'anonymous' ? 'anonymous' : caller.account],
    ['aws:principaltype', caller.principalType],
    ['aws:principalisawsservice', signedByService(caller)],
    ['aws:username', caller.kind === 'user' ? caller.name : undefined],
    ['aws:userid', caller.userId],
    ['aws:resourceaccount', resourceAccountOf(request, caller)],
  ]
  for (const [name, value] of derived) {
    if (value !== undefined && !keys.has(name)) keys.set(name, { values: [value], multiValued: false })
  }
  return { keys }
}
