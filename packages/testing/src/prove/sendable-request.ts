import * as fc from 'fast-check'
import { requestArbitrary } from '../arbitraries/request.js'
import { PROVIDERS, type Scenario } from '../arbitraries/universe.js'
import type { RawContextValue, RawRequest } from '../reference/case.js'

/** Whom an identity policy can be attached to. */
const GOVERNED = /^arn:aws:(?:iam::\d{12}:user\/|sts::\d{12}:assumed-role\/)/

/**
 * Requests as AWS could send them, which is what proofs are about: keys that are always there are there, and
 * booleans are `true` or `false`. For identity policies only users and role sessions ask.
 */
export function sendableRequestArbitrary(
  scenario: Scenario,
  kind: 'identity' | 'resource',
  contexts?: fc.Arbitrary<Readonly<Record<string, RawContextValue>>>,
): fc.Arbitrary<RawRequest> {
  return fc
    .tuple(requestArbitrary(scenario, contexts), providerArbitrary)
    .filter(([{ principal }]) => kind === 'resource' || GOVERNED.test(principal))
    .filter(([{ principal }]) => !/^arn:aws:iam::\d{12}:role\//.test(principal))
    .map(([request, providerOfSession]) => {
      const { action, principal, resource } = request
      const provider = principal.includes(':assumed-role/') ? providerOfSession : {}
      const sent = sendable(request.context ?? {}, {
        ...uniqueId(principal),
        ...provider,
        ...callerOf(principal, action),
      })
      const context = withCalls(withOrganization(sent))
      return Object.assign({}, ownerOf(resource), request, { context: ofKind(principal, context) })
    })
}

/** Whatever is asked for has an owner; not all ARNs tell it. */
function ownerOf(resource: string): Pick<RawRequest, 'resourceAccount'> {
  return /^(?:[^:]*:){4}\d{12}:/.test(resource) ? {} : { resourceAccount: '111122223333' }
}

/** What comes with credentials; what is said of principals of accounts alone. */
const OF_CREDENTIALS =
  /^aws:(assumedroot|calledvia|ec2instancesource|federatedprovider|multifactorauth|sourceidentity|tokenissuetime)/i
const OF_PRINCIPALS = /^aws:principal(orgid|orgpaths|tag\/)/i

/** Without keys that nobody of the kind sends. */
function ofKind(
  principal: string,
  context: Readonly<Record<string, RawContextValue>>,
): Readonly<Record<string, RawContextValue>> {
  const isAnonymous = principal === 'anonymous'
  if (!isAnonymous && !/^[^:]+\.amazonaws\.com$/.test(principal)) return context
  const left = Object.entries(context).filter(
    ([key]) =>
      !OF_PRINCIPALS.test(key) &&
      !(isAnonymous && (OF_CREDENTIALS.test(key) || /^aws:viaawsservice$/i.test(key))),
  )
  return { ...Object.fromEntries(left), ...(isAnonymous ? { 'aws:ViaAWSService': 'false' } : {}) }
}

/** For whom an AWS service asks. */
const OF_SERVICES = /^aws:(source(account|arn|orgid|orgpaths)|principalservicenameslist)$/i

/** A request without what nobody but an AWS service tells, for proofs about one kind of principals at a time. */
export function tellingNoSource(request: RawRequest): RawRequest {
  if (/^[^:]+\.amazonaws\.com$/.test(request.principal)) return request
  const told = Object.entries(request.context ?? {}).filter(([key]) => !OF_SERVICES.test(key))
  return { ...request, context: Object.fromEntries(told) }
}

/** KMS, and nobody else, tells the account of who asks. */
function callerOf(principal: string, action: string): Readonly<Record<string, string>> {
  const account = /^arn:aws:(?:iam|sts)::(\d{12}):(?!saml-provider|oidc-provider)/.exec(principal)?.[1]
  return account !== undefined && /^kms:/i.test(action) ? { 'kms:CallerAccount': account } : {}
}

/** Some sessions come from an identity provider. */
const providerArbitrary = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  ...PROVIDERS.map((provider) => ({ 'aws:FederatedProvider': provider })),
)

/** AWS always sends it; `authorize` cannot derive that of users and sessions. */
function uniqueId(principal: string): Readonly<Record<string, string>> {
  if (principal.includes(':user/')) return { 'aws:userid': 'AIDAEXAMPLE1234567890' }
  const session = /:assumed-role\/[^/]+\/(.*)$/.exec(principal)?.[1]
  return session === undefined ? {} : { 'aws:userid': `AROAEXAMPLE1234567890:${session}` }
}

type Context = Readonly<Record<string, RawContextValue>>

/** A context without some keys, by their names in lower case, and what these were. */
function without(context: Context, names: readonly string[]): readonly [Context, (string[] | undefined)[]] {
  const entries = Object.entries(context)
  const taken = names.map((name) => {
    const value = entries.find(([key]) => key.toLowerCase() === name)?.[1]
    return value === undefined ? undefined : [value].flat().map(String)
  })
  return [Object.fromEntries(entries.filter(([key]) => !names.includes(key.toLowerCase()))), taken]
}

/** Who is of an organization has its ID, and paths that begin with it. */
function withOrganization(context: Context): Context {
  const [others, [id, paths]] = without(context, ['aws:principalorgid', 'aws:principalorgpaths'])
  const own = id?.[0] ?? paths?.[0]?.split('/')[0]
  if (own === undefined) return others
  const inOwn = (paths ?? ['o-1/r-1/']).map((path) => path.replace(/^[^/]*/, own))
  return { ...others, 'aws:PrincipalOrgID': own, 'aws:PrincipalOrgPaths': inOwn }
}

/** Services that ask on somebody's behalf are told by all keys about them, or by `aws:ViaAWSService` alone. */
function withCalls(context: Context): Context {
  const names = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast', 'aws:viaawsservice']
  const [others, [all, first, last, via]] = without(context, names)
  const chain = all ?? [...(first ?? []), ...(last ?? [])]
  if (chain.length === 0) return { ...others, 'aws:ViaAWSService': via?.[0] ?? 'false' }
  const [start, end] = [chain[0]!, chain.at(-1)!]
  const ends = { 'aws:CalledViaFirst': start, 'aws:CalledViaLast': end }
  return { ...others, 'aws:CalledVia': chain, ...ends, 'aws:ViaAWSService': 'true' }
}

/** The keys of a context, with those that are always there, and `others` where it says nothing else. */
function sendable(
  context: Readonly<Record<string, RawContextValue>>,
  others: Readonly<Record<string, string>>,
): Record<string, RawContextValue> {
  const sent: Record<string, RawContextValue> = { ...others }
  let [secure, now]: (RawContextValue | undefined)[] = []
  for (const [key, value] of Object.entries(context)) {
    if (key.toLowerCase() === 'aws:securetransport') secure = value
    else if (key.toLowerCase() === 'aws:currenttime') now = value
    else sent[key] = value
  }
  sent['aws:SecureTransport'] = String(secure ?? 'true').toLowerCase()
  sent['aws:CurrentTime'] = now ?? '2026-11-22T10:00:00Z'
  return sent
}
