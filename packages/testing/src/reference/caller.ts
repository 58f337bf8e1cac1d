import type { RawRequest } from './case.js'

/** What kind of principal asks. */
export type CallerKind =
  'user' | 'role' | 'session' | 'federated' | 'root' | 'service' | 'provider' | 'anonymous'

/** The principal of a request, taken apart. */
export interface Caller {
  readonly kind: CallerKind
  /** As in the request. */
  readonly text: string
  /** Absent for services, identity providers and anonymous callers: no account speaks for them. */
  readonly account?: string
  /** Last part of a user's, role's or federated user's ARN, without path; for a session the role's name. */
  readonly name?: string
  /** Canonical user ID of the account, where the request tells it. */
  readonly canonicalUserId?: string
  /** For roles and their sessions: the role's ARN. */
  readonly roleArn?: string
  readonly principalArn?: string
  readonly principalType?: string
  /** Only where it follows from the ARN. */
  readonly userId?: string
  /** Rules 21 and 22: service-linked roles are past SCPs and RCPs. */
  readonly serviceLinked: boolean
}

/** Identity providers that IAM knows by host name (IAM User Guide, "Principal", web identity federation). */
const WEB_IDENTITY_HOSTS: ReadonlySet<string> = new Set([
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
])

/** Takes the principal of a request apart. Throws on a form that it does not know. */
export function readCaller(request: RawRequest): Caller {
  const caller = readPrincipal(request)
  return request.canonicalUserId === undefined
    ? caller
    : { ...caller, canonicalUserId: request.canonicalUserId }
}

function readPrincipal(request: RawRequest): Caller {
  const text = request.principal
  if (text === 'anonymous') {
    return { kind: 'anonymous', text, principalType: 'Anonymous', userId: 'anonymous', serviceLinked: false }
  }
  if (!text.startsWith('arn:')) {
    if (WEB_IDENTITY_HOSTS.has(text)) return { kind: 'provider', text, serviceLinked: false }
    if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text)) return { kind: 'service', text, serviceLinked: false }
    throw new Error(`principal not understood: ${text}`)
  }
  const [, partition, service, , account = '', ...rest] = text.split(':')
  const resource = rest.join(':')
  const [type = '', ...path] = resource.split('/')
  const name = path.at(-1) ?? ''
  if (service === 'iam' && resource === 'root') {
    return {
      kind: 'root',
      text,
      account,
      principalArn: text,
      principalType: 'Account',
      userId: account,
      serviceLinked: false,
    }
  }
  if (service === 'iam' && type === 'user') {
    return {
      kind: 'user',
      text,
      account,
      name,
      principalArn: text,
      principalType: 'User',
      serviceLinked: false,
    }
  }
  if (service === 'iam' && type === 'role') return roleCaller('role', text, account, name, text)
  if (service === 'sts' && type === 'assumed-role') {
    const roleName = path[0] ?? ''
    return roleCaller(
      'session',
      text,
      account,
      roleName,
      roleOfSession(request, `arn:${partition}:iam::${account}:role/${roleName}`),
    )
  }
  if (service === 'sts' && type === 'federated-user') {
    return {
      kind: 'federated',
      text,
      account,
      name,
      principalArn: text,
      principalType: 'FederatedUser',
      userId: `${account}:${name}`,
      serviceLinked: false,
    }
  }
  if (service === 'iam' && (type === 'saml-provider' || type === 'oidc-provider')) {
    return { kind: 'provider', text, serviceLinked: false }
  }
  throw new Error(`principal not understood: ${text}`)
}

function roleCaller(
  kind: 'role' | 'session',
  text: string,
  account: string,
  name: string,
  roleArn: string,
): Caller {
  return {
    kind,
    text,
    account,
    name,
    roleArn,
    principalArn: roleArn,
    principalType: 'AssumedRole',
    // IAM User Guide, "Using service-linked roles": they live under the path /aws-service-role/.
    serviceLinked: roleArn.includes(':role/aws-service-role/'),
  }
}

/**
 * The ARN of a session has the role's name but not its path; `aws:PrincipalArn`, which AWS sets to the role's
 * ARN, has both. Without that key the role is taken to have no path.
 */
function roleOfSession(request: RawRequest, withoutPath: string): string {
  const entry = Object.entries(request.context ?? {}).find(
    ([key]) => key.toLowerCase() === 'aws:principalarn',
  )
  const told = typeof entry?.[1] === 'string' ? entry[1] : ''
  // It has to be the same role: the same account and name, which are unique without the path.
  return sameRole(told, withoutPath) ? told : withoutPath
}

function sameRole(left: string, right: string): boolean {
  const withoutPath = /^(arn:[^:]+:iam::\d+:role\/)(?:.*\/)?([^/]+)$/
  return left.replace(withoutPath, '$1$2') === right.replace(withoutPath, '$1$2')
}
