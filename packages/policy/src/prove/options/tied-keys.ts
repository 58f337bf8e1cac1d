import type { ContextValue } from '../../request.js'

/** The services that ask on behalf of who asks, one after the other: all of them, the first and the last. */
export const CALLED_VIA = 'aws:calledvia'
export const CALLED_VIA_FIRST = 'aws:calledviafirst'
export const CALLED_VIA_LAST = 'aws:calledvialast'
/** Whether there is such a service; of some AWS tells no more than this. */
export const VIA_SERVICE = 'aws:viaawsservice'

const CALLS: readonly string[] = [CALLED_VIA, CALLED_VIA_FIRST, CALLED_VIA_LAST, VIA_SERVICE]
/** The ID of an organization, and the paths of whoever belongs to it, each of which begins with that ID. */
const ORGANIZATIONS: readonly (readonly string[])[] = ['principal', 'resource', 'source', 'vpce'].map(
  (of) => [`aws:${of}orgid`, `aws:${of}orgpaths`],
)

const groups: ReadonlyMap<string, readonly string[]> = new Map(
  [CALLS, ...ORGANIZATIONS].flatMap((group) => group.map((name) => [name, group] as const)),
)

/**
 * The keys that AWS fills in together with a key, itself among them, by names in lower case: what services ask on
 * behalf of somebody is told by all four keys, and who is of an organization has both its ID and a path in it.
 * [access_forward_access_sessions; reference_policies_condition-keys, aws:CalledVia, aws:PrincipalOrgPaths;
 * access_policies_last-accessed-view-data-orgs, "Understand the AWS Organizations entity path"]
 */
export function tiedKeys(name: string): readonly string[] | undefined {
  return groups.get(name)
}

/**
 * The keys that are asked for of those that AWS fills in together with a key, where these are several; or of paths alone,
 * which all begin with one ID.
 */
export function askedTogether(
  { keys }: { readonly keys: ReadonlyMap<string, unknown> },
  name: string,
): readonly string[] | undefined {
  const asked = tiedKeys(name)?.filter((one) => keys.has(one))
  const isTold = asked && (asked.length > 1 || name.endsWith('orgpaths'))
  return isTold ? asked : undefined
}

/**
 * Whether AWS could send these keys together. A key that is missing is so in the request where `asked` has it, and
 * otherwise just not told.
 */
export function keepsTies(
  context: Readonly<Record<string, ContextValue>>,
  asked: ReadonlySet<string>,
): boolean {
  const sent = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(context)) {
    const name = key.toLowerCase()
    if (groups.has(name)) sent.set(name, listOf(value))
  }
  if (sent.size === 0) return true
  const isMissing = (name: string): boolean => asked.has(name) && !sent.has(name)
  return (
    keepsCalls(sent, isMissing) && ORGANIZATIONS.every((pair) => keepsOrganization(pair, sent, isMissing))
  )
}

/** The text that a key has because of others that AWS fills in together with it; undefined where these do not tell. */
export function valueFromTied(
  name: string,
  context: Readonly<Record<string, ContextValue>>,
): string | undefined {
  const valueOf = (other: string): readonly string[] => {
    const given = Object.entries(context).find(([key]) => key.toLowerCase() === other)
    return given ? listOf(given[1]) : []
  }
  if (name === CALLED_VIA_FIRST) return valueOf(CALLED_VIA)[0]
  if (name === CALLED_VIA_LAST) return valueOf(CALLED_VIA).at(-1)
  const [id, paths] = ORGANIZATIONS.find(([own]) => own === name) ?? []
  return id === undefined ? undefined : valueOf(paths!)[0]?.split('/')[0]
}

type Sent = ReadonlyMap<string, readonly string[]>

function keepsCalls(sent: Sent, isMissing: (name: string) => boolean): boolean {
  const chain = [CALLED_VIA, CALLED_VIA_FIRST, CALLED_VIA_LAST]
  if (!chain.some((name) => sent.has(name))) return true
  if (chain.some(isMissing) || (sent.get(VIA_SERVICE)?.[0] ?? 'true') !== 'true') return false
  const [all, [first], [last]] = chain.map((name) => sent.get(name) ?? []) as [Texts, Texts, Texts]
  if (all.length === 0) return true
  return (first ?? all[0]) === all[0] && (last ?? all.at(-1)) === all.at(-1)
}

type Texts = readonly string[]

function keepsOrganization(
  pair: readonly string[],
  sent: Sent,
  isMissing: (name: string) => boolean,
): boolean {
  if (!pair.some((name) => sent.has(name))) return true
  if (pair.some(isMissing)) return false
  const [[id], paths] = pair.map((name) => sent.get(name) ?? []) as [Texts, Texts]
  const first = id ?? paths[0]?.split('/')[0]
  return /^[^/:]+$/.test(first ?? '') && paths.every((path) => path.startsWith(`${first}/`))
}

function listOf(value: ContextValue): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String)
}
