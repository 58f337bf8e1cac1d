import type { AuthorizationRequest, ContextValue } from '@ringfence/policy'
import { actionVerb } from './action-words.js'
import type { Names } from './names.js'
import { quoted } from './value-words.js'
import { whoWords } from './who-words.js'

export interface RequestWordsOptions {
  /** Their own policies may say anything, so they are assumed to allow it. Default false. */
  readonly withAnyPolicy?: boolean
  /** It is one that is refused: `cannot` instead of `can`. Default false. */
  readonly isRefused?: boolean
}

/**
 * A request as one sentence without an end: `a user of the account who is not in the file, with any policy that allows
 * s3:GetObject, can read user-data-a/raw/x`. Condition keys follow, without those that say who asks and what is asked
 * for, and without TLS, which is the rule.
 */
export function requestWords(
  request: AuthorizationRequest,
  names: Names,
  options: RequestWordsOptions = {},
): string {
  const { action } = request
  const verb = actionVerb(action)
  const who = whoWords(request.principal, names)
  const policy =
    options.withAnyPolicy === true ? `${who.replace(/,$/, '')}, with any policy that allows ${action},` : who
  const object = request.resource === '*' ? '' : ` ${resourceOf(request, names)}`
  const what = request.resource === '*' ? `send ${action}` : `${verb}${object}`
  const isTold = options.withAnyPolicy === true || what.includes(action)
  const context = contextWords(request)
  const can = options.isRefused === true ? 'cannot' : 'can'
  const told = [`${policy} ${can} ${what}${isTold ? '' : ` (${action})`}`, ...context]
  return told.join(', ')
}

/** A key of a plan has no ARN yet: its alias tells which one it is. */
function resourceOf({ context, resource }: AuthorizationRequest, names: Names): string {
  const aliases = Object.entries(context ?? {}).find(
    ([key]) => key.toLowerCase() === 'kms:resourcealiases',
  )?.[1]
  if (aliases !== undefined && /^arn:[^:]+:kms:/.test(resource)) {
    const shown = [aliases].flat().map(String)
    return `the key ${shown.map(quoted).join(' ')}`
  }
  return names.resource(resource)
}

/** They follow from principal and resource, which the sentence names already. */
const DERIVED = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:username',
  'aws:userid',
  'aws:resourceaccount',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:sourceowner',
  'kms:calleraccount',
  'kms:resourcealiases',
])

/** Whether a condition key follows from who asks and what for. */
export function isDerivedKey(key: string): boolean {
  return DERIVED.has(key.toLowerCase())
}

function contextWords({ context }: AuthorizationRequest): readonly string[] {
  return Object.entries(context ?? {})
    .filter(([key]) => !isDerivedKey(key))
    .flatMap(([key, value]) => keyWords(key, value))
}

/** What a value of one condition key means for a request; nothing for TLS. */
export function keyWords(key: string, value: ContextValue): readonly string[] {
  const text = [value].flat().map((item) => quoted(String(item)))
  const [first = 'nothing'] = text
  const tag = tagOfResource(key)
  if (tag !== undefined) return [`where it is tagged ${quoted(tag)} = ${first}`]
  switch (key.toLowerCase()) {
    case 'aws:securetransport':
      return String(value).toLowerCase() === 'true' ? [] : ['without TLS']
    case 'aws:multifactorauthpresent':
      return [String(value).toLowerCase() === 'true' ? 'with MFA' : 'without MFA']
    case 'aws:currenttime':
      return [`at ${first}`]
    case 'aws:sourceip':
      return [`from ${first}`]
    case 'aws:sourcevpce':
      return [`through VPC endpoint ${first}`]
    case 's3:prefix':
      return [`listing names that begin with ${first}`]
    default:
      return [`with ${key} = ${text.length === 0 ? 'nothing' : text.join(' and ')}`]
  }
}

/** A tag of what is asked for, which nobody sends. */
export function tagOfResource(key: string): string | undefined {
  return /^(?:aws:ResourceTag|s3:ExistingObjectTag)\/(.*)$/is.exec(key)?.[1]
}
