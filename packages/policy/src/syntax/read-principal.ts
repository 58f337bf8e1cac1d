import type { PrincipalElement, PrincipalEntry } from '../policy.js'
import { didYouMeanHint } from './did-you-mean.js'
import { describeNode, type JsonNode, type JsonString } from './json-node.js'
import { readStrings, type Scope } from './scope.js'

const ACCOUNT = /^\d{12}$/
const IAM_ARN =
  /^arn:aws[a-z0-9-]*:iam::(\d{12}|cloudfront):(root|user\/[\x21-\x29\x2b-\x7e ]+|role\/[\x21-\x29\x2b-\x7e]+)$/
const STS_ARN =
  /^arn:aws[a-z0-9-]*:sts::(\d{12}):(?:(assumed-role)\/[\w+=,.@-]+\/[\w+=,.@-]+|(federated-user)\/[\w+=,.@-]+)$/
const UNIQUE_ID = /^A(?:ID|RO)A[A-Z0-9]{12,28}$/
const PROVIDER_ARN = /^arn:aws[a-z0-9-]*:iam::\d{12}:(?:saml|oidc)-provider\/[\w./:+=,@-]+$/
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i
const CANONICAL_USER = /^[0-9a-f]{64}$/

type EntryReader = (source: string) => PrincipalEntry | undefined

const TYPES: Readonly<Record<string, { readonly read: EntryReader; readonly hint: string }>> = {
  AWS: {
    read: readAwsPrincipal,
    hint: 'an account ID, or the ARN of an account root, user, role, role session or federated user',
  },
  Service: {
    read: (source) => (HOST.test(source) ? { type: 'service', source } : undefined),
    hint: "a service's host name such as sagemaker.amazonaws.com",
  },
  Federated: {
    read: (source) =>
      PROVIDER_ARN.test(source) || HOST.test(source) ? { type: 'federated', source } : undefined,
    hint: 'the ARN of a SAML or OIDC provider, or a host name such as accounts.google.com',
  },
  CanonicalUser: {
    read: (source) => (CANONICAL_USER.test(source) ? { type: 'canonicalUser', source } : undefined),
    hint: 'a canonical user ID has 64 hexadecimal digits',
  },
}

/** Reads `Principal` or `NotPrincipal`. [elements_principal, elements_notprincipal] */
export function readPrincipalElement(
  node: JsonNode,
  negated: boolean,
  path: string,
  scope: Scope,
): PrincipalElement {
  const span = node.span ? { span: node.span } : {}
  if (node.type === 'string') {
    if (node.value === '*') return { negated, entries: [{ type: 'everyone', source: '*' }], ...span }
    const hint = '"*", or an object such as {"AWS": "arn:aws:iam::111122223333:role/name"}'
    scope.report.error('PRINCIPAL_MALFORMED', `"${node.value}" alone is no principal`, path, node, hint)
    return { negated, entries: [], ...span }
  }
  if (node.type !== 'object') {
    scope.report.error('TYPE_MISMATCH', `${path} is "*" or an object, not ${describeNode(node)}`, path, node)
    return { negated, entries: [], ...span }
  }
  if (node.members.length === 0) scope.report.error('ELEMENT_EMPTY', `${path} names nobody`, path, node)
  const entries = node.members.flatMap((member) => {
    const type = Object.hasOwn(TYPES, member.key) ? TYPES[member.key] : undefined
    const memberPath = `${path}.${member.key}`
    if (!type) {
      scope.report.error(
        'PRINCIPAL_TYPE_UNKNOWN',
        `"${member.key}" is no type of principal`,
        memberPath,
        { span: member.keySpan },
        didYouMeanHint(member.key, Object.keys(TYPES)) ?? 'AWS, Service, Federated or CanonicalUser',
      )
      return []
    }
    if (scope.kind === 'trust' && member.key === 'CanonicalUser') {
      const message = 'a trust policy admits no canonical user'
      scope.report.error('PRINCIPAL_NOT_ADMITTED', message, memberPath, { span: member.keySpan })
      return []
    }
    return readStrings(member.value, memberPath, scope).flatMap(
      (value) => readEntry(value.node, type, value.path, scope) ?? [],
    )
  })
  return { negated, entries, ...span }
}

function readEntry(
  node: JsonString,
  type: { readonly read: EntryReader; readonly hint: string },
  path: string,
  scope: Scope,
): PrincipalEntry | undefined {
  const source = node.value
  const entry = type.read(source)
  if (entry) {
    if (entry.type === 'uniqueId')
      scope.report.warning(
        'PRINCIPAL_DELETED',
        `"${source}" is the unique ID that AWS leaves after its user or role was deleted`,
        path,
        node,
        'name the principal that exists now, or remove it',
      )
    return entry
  }
  if (/[*?]/.test(source)) {
    const hint = 'a principal takes no wildcards but * alone: use * with a condition on aws:PrincipalArn'
    scope.report.error('PRINCIPAL_WILDCARD', `"${source}" has a wildcard`, path, node, hint)
  } else if (/^arn:aws[a-z0-9-]*:iam::\d{12}:group\//.test(source)) {
    const hint = 'name its users or a role'
    scope.report.error('PRINCIPAL_MALFORMED', `"${source}": a group is no principal`, path, node, hint)
  } else scope.report.error('PRINCIPAL_MALFORMED', `"${source}" is no principal`, path, node, type.hint)
  return undefined
}

function readAwsPrincipal(source: string): PrincipalEntry | undefined {
  if (source === '*') return { type: 'everyone', source }
  if (ACCOUNT.test(source)) return { type: 'account', account: source, source }
  if (UNIQUE_ID.test(source)) return { type: 'uniqueId', source }
  const iam = IAM_ARN.exec(source)
  if (iam) {
    const account = iam[1]!
    if (iam[2] === 'root') return { type: 'account', account, source }
    return { type: iam[2]!.startsWith('user/') ? 'user' : 'role', account, source }
  }
  const sts = STS_ARN.exec(source)
  if (sts) return { type: sts[2] ? 'session' : 'federatedUser', account: sts[1]!, source }
  return undefined
}
