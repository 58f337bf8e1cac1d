import { RingfenceError } from '../ringfence-error.js'

/** Who asks, taken apart. */
export interface Principal {
  readonly kind:
    | 'user'
    | 'role'
    | 'session'
    | 'federatedUser'
    | 'root'
    | 'service'
    | 'provider'
    | 'canonicalUser'
    | 'anonymous'
  /** As the request names it. */
  readonly arn: string
  /** 12 digits; empty for those without: services, providers, canonical users, anonymous. */
  readonly account: string
  readonly partition: string
  /** Name of the user, role or federated user, without path; of the role for a session. */
  readonly name: string
  /** A principal of an account, which identity policies, boundaries and SCPs govern. */
  readonly isGoverned: boolean
  /** For roles its own ARN, for sessions that of the role if it has no path. */
  readonly roleArn: string
}

const ARN =
  /^arn:(aws[a-z0-9-]*):(iam|sts)::(\d{12}|cloudfront):(root|user\/|role\/|assumed-role\/|federated-user\/|saml-provider\/|oidc-provider\/)(.*)$/s
const SERVICE_HOST = /^(?:[a-z0-9-]+\.)+(?:amazonaws\.com|amazonaws\.com\.cn|amazon\.com|aws\.internal)$/
const WEB_PROVIDERS = new Set([
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
])
const CANONICAL_USER = /^[0-9a-f]{64}$/
const NAME = /^[\w+=,.@-]+$/

const CACHE_LIMIT = 16_384
const cache = new Map<string, Principal>()

/**
 * Takes a principal apart; the last few thousand are remembered. Throws `REQUEST_PRINCIPAL_INVALID` for what it
 * does not know, because guessing a principal means guessing its permissions.
 */
export function readPrincipal(text: string): Principal {
  const known = cache.get(text)
  if (known) return known
  const parts = typeof text === 'string' ? takeApart(text) : undefined
  if (!parts)
    throw new RingfenceError(
      'REQUEST_PRINCIPAL_INVALID',
      `${JSON.stringify(text)} is no principal of a request: the ARN of a user, role, role session, federated user, ` +
        'account root or identity provider, the host name of a service, or "anonymous"',
    )
  const { account, kind, name, partition } = parts
  const principal = {
    ...parts,
    isGoverned: account !== '',
    roleArn: kind === 'session' ? `arn:${partition}:iam::${account}:role/${name}` : text,
  }
  if (cache.size >= CACHE_LIMIT) cache.clear()
  cache.set(text, principal)
  return principal
}

function takeApart(text: string): Omit<Principal, 'isGoverned' | 'roleArn'> | undefined {
  const plain = { arn: text, account: '', partition: 'aws', name: text }
  if (text === 'anonymous') return { ...plain, kind: 'anonymous' }
  if (WEB_PROVIDERS.has(text)) return { ...plain, kind: 'provider' }
  if (SERVICE_HOST.test(text)) return { ...plain, kind: 'service' }
  if (CANONICAL_USER.test(text)) return { ...plain, kind: 'canonicalUser' }
  const match = ARN.exec(text)
  if (!match || text.length > 2048) return undefined
  const [, partition, service, account, type, rest] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const common = { arn: text, account, partition }
  const name = rest.slice(rest.lastIndexOf('/') + 1)
  const isIam = service === 'iam'
  if (account === 'cloudfront')
    return type === 'user/' && isIam ? { ...common, account: '', kind: 'canonicalUser', name } : undefined
  switch (type) {
    case 'root':
      return isIam && rest === '' ? { ...common, kind: 'root', name: 'root' } : undefined
    case 'user/':
    case 'role/':
      return isIam && NAME.test(name)
        ? { ...common, kind: type === 'user/' ? 'user' : 'role', name }
        : undefined
    case 'assumed-role/': {
      const [role, session, ...more] = rest.split('/')
      const valid =
        !isIam && more.length === 0 && NAME.test(role!) && session !== undefined && NAME.test(session)
      return valid ? { ...common, kind: 'session', name: role! } : undefined
    }
    case 'federated-user/':
      return !isIam && NAME.test(rest) ? { ...common, kind: 'federatedUser', name } : undefined
    default:
      return isIam && rest !== '' ? { ...common, account: '', kind: 'provider', name } : undefined
  }
}
