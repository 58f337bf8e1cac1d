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
  /** For roles and their sessions: the role's ARN. */
  readonly roleArn?: string
  readonly principalArn?: string
  readonly principalType?: string
  /** Only where it follows from the ARN. */
  readonly userId?: string
  /** Rules 21 and 22: service-linked roles are past SCPs and RCPs. */
  readonly serviceLinked: boolean
}

/** Takes the principal of a request apart. Throws on a form that it does not know. */
export function readCaller(request: RawRequest): Caller {
  const text = request.principal
  if (text === 'anonymous') {
    return { kind: 'anonymous', text, principalType: 'Anonymous', userId: 'anonymous', serviceLinked: false }
  }
  if (!text.startsWith('arn:')) {
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
  return typeof entry?.[1] === 'string' && entry[1].includes(':role/') ? entry[1] : withoutPath
}
