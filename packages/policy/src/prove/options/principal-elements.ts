import { GRANT } from '../../compile/principal-test.js'
import type { PrincipalElement, PrincipalEntry } from '../../policy.js'
import { SEPARATOR, afterPath, type PrincipalKind } from './principal-kinds.js'
import { ANY, ANY_WITHIN, COLON, literalTokens, type Token } from '../texts/pattern.js'

/** What an element may know of a principal: by its account, its ARN, its session, or otherwise. */
export type Recognition = TextRecognition | 'canonicalUser' | 'provider'
/** Those that the text of a principal tells. */
export type TextRecognition = 'account' | 'arn' | 'session' | 'other'
export const RECOGNITIONS: readonly TextRecognition[] = ['account', 'arn', 'session', 'other']

const AFTER = [...literalTokens(SEPARATOR), ANY]

/** The texts of a kind that an entry recognizes, as patterns; and how it does. */
export interface Recognized {
  readonly by: TextRecognition
  readonly patterns: readonly (readonly Token[])[]
}

const known = new WeakMap<PrincipalEntry, Map<PrincipalKind['name'], Recognized | undefined>>()

/** What an entry recognizes of a kind; the same for the same entry. */
export function entryPatterns(entry: PrincipalEntry, kind: PrincipalKind['name']): Recognized | undefined {
  let ofEntry = known.get(entry)
  if (!ofEntry) known.set(entry, (ofEntry = new Map()))
  if (!ofEntry.has(kind)) ofEntry.set(kind, makeEntryPatterns(entry, kind))
  return ofEntry.get(kind)
}

function makeEntryPatterns(entry: PrincipalEntry, kind: PrincipalKind['name']): Recognized | undefined {
  const governed = kind !== 'service'
  if (entry.type === 'account' && governed) {
    const service = kind === 'federatedUser' ? 'sts' : 'iam'
    const tokens = [
      ...literalTokens('arn:'),
      ANY_WITHIN,
      ...literalTokens(`:${service}::${entry.account}:`),
      ANY,
    ]
    return { by: 'account', patterns: [tokens] }
  }
  const source = literalTokens(entry.source)
  switch (kind) {
    case 'user':
      if (entry.type === 'user') return { by: 'arn', patterns: [[...source, ...AFTER]] }
      return entry.type === 'uniqueId' ? uniqueId(source, false) : undefined
    case 'session':
      if (entry.type === 'role') return { by: 'arn', patterns: [[...source, ...AFTER]] }
      if (entry.type === 'session') return { by: 'session', patterns: sessionPatterns(entry.source) }
      return entry.type === 'uniqueId' ? uniqueId(source, true) : undefined
    case 'federatedUser':
      return entry.type === 'federatedUser' ? { by: 'arn', patterns: [source] } : undefined
    case 'service':
      if (entry.type !== 'service') return undefined
      return { by: 'other', patterns: [literalTokens(entry.source.toLowerCase())] }
    case 'root':
      return undefined
  }
}

/** The unique ID itself, and for sessions the session's name behind it. */
function uniqueId(source: readonly Token[], withSession: boolean): Recognized {
  const head = [ANY, ...literalTokens(SEPARATOR), ...source]
  return { by: 'other', patterns: [withSession ? [...head, COLON, ANY] : head] }
}

/** A session's ARN has the role's name without its path. */
function sessionPatterns(arn: string): readonly (readonly Token[])[] {
  const [, account = '', role = '', session = ''] = /::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? []
  const partition = arn.split(':')[1]!
  const id = [...literalTokens(`${role}${SEPARATOR}`), ANY_WITHIN, ...literalTokens(`:${session}`)]
  return afterPath(':role/', id).map((tokens) => {
    // In place of any partition and account those of the session.
    const marker = literalTokens(':role/').join()
    const start = tokens.findIndex((_, index) => tokens.slice(index, index + 6).join() === marker)
    return literalTokens(`arn:${partition}:iam::${account}`).concat(tokens.slice(start))
  })
}

/** Whether an entry names one of those that have nothing but a name. */
export function namesSingle(
  entry: PrincipalEntry,
  kind: 'provider' | 'canonicalUser',
  name: string,
): boolean {
  if (entry.source !== name) return false
  if (kind === 'provider') return entry.type === 'federated'
  return entry.type === 'canonicalUser' || ['user', 'role', 'session', 'federatedUser'].includes(entry.type)
}

/**
 * Whether a Principal or NotPrincipal takes who is recognized so, as `authorize` has it: a Deny with NotPrincipal
 * spares a user whose account and ARN it lists, and a session whose account, role and session it lists; and nobody
 * who has a permissions boundary.
 */
export function elementTakes(
  element: PrincipalElement,
  effect: 'Allow' | 'Deny',
  kind: PrincipalKind['name'] | 'provider' | 'canonicalUser' | 'anonymous',
  recognized: ReadonlySet<Recognition>,
  hasBoundary = false,
): boolean {
  const everyone = element.entries.some(({ type }) => type === 'everyone')
  const grants = everyone || recognized.size > 0
  if (!element.negated) return grants
  if (effect === 'Allow') return !grants
  if (hasBoundary) return true
  if (everyone) return false
  const by = (...all: readonly Recognition[]): boolean => all.every((one) => recognized.has(one))
  switch (kind) {
    case 'user':
    case 'federatedUser':
      return !by('account', 'arn')
    case 'session':
      return !by('account', 'arn', 'session')
    case 'root':
      return !by('account')
    default:
      return !grants
  }
}

/**
 * The bits of `GRANT` that the Principal of an Allow gives who is recognized so. `extra`: the ID of the account or
 * the provider of the session is listed too; `everyone` are the bits that `*` gives in this statement.
 */
export function elementGrants(
  element: PrincipalElement,
  kind: PrincipalKind['name'] | 'provider' | 'canonicalUser' | 'anonymous',
  recognized: ReadonlySet<Recognition>,
  everyone: number,
): number {
  let grants: number = GRANT.none
  if (element.entries.some(({ type }) => type === 'everyone')) grants |= everyone
  if (recognized.has('account') || recognized.has('canonicalUser')) grants |= GRANT.account
  if (recognized.has('arn')) grants |= BY_ARN[kind] ?? GRANT.none
  if (recognized.has('session')) grants |= GRANT.session
  if (recognized.has('other')) grants |= BY_OTHER[kind] ?? GRANT.none
  if (recognized.has('provider')) grants |= GRANT.role
  if (!element.negated) return grants
  return grants === GRANT.none ? GRANT.everyone : GRANT.none
}

const BY_ARN: Readonly<Record<string, number>> = {
  user: GRANT.user,
  session: GRANT.role,
  federatedUser: GRANT.session,
}
/** By its unique ID, or as what has nothing but a name. */
const BY_OTHER: Readonly<Record<string, number>> = {
  user: GRANT.user,
  session: GRANT.role,
  service: GRANT.direct,
  provider: GRANT.direct,
  canonicalUser: GRANT.direct,
}
