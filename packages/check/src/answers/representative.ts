import type { AccessQuestion, ActionCatalogue, AuthorizationRequest, ContextValue } from '@ringfence/policy'
import { covers, type Shape } from './region.js'

/**
 * A plain request of a shape: over TLS, now, for the first action and resource that are asked for, from somebody whom
 * the question is about. Where wildcards stand for some text it is `example`.
 */
export function representative(
  question: Omit<AccessQuestion, 'within'>,
  shape: Shape,
  options: { readonly catalogue: ActionCatalogue; readonly nowMs: number },
): AuthorizationRequest {
  const action = plainAction(shape.actions[0] ?? '*', options.catalogue)
  const context: Record<string, ContextValue> = {
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': new Date(options.nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  }
  for (const [key, value] of Object.entries(question.keys ?? {})) if (value !== null) context[key] = value
  const prefix = shape.condition?.['StringLike']?.['s3:prefix']
  if (prefix !== undefined) context['s3:prefix'] = plainText([prefix].flat()[0] ?? '')
  return {
    ...principalOf(question, context),
    action,
    resource: plainText(resourceFor(action, shape)),
    resourceAccount: question.resourceAccount,
    context,
  }
}

/** Listings take the bucket, what is done to objects an object; else the type that the action is named after. */
function resourceFor(action: string, { resources }: Shape): string {
  const named = resources.find((resource) => isNamedAfter(action, resource))
  if (named !== undefined) return named
  const object = resources.find((resource) => resource.includes(':s3:::') && resource.includes('/'))
  const takesObject = /^s3:\w*object/i.test(action)
  const bucket = resources.find((resource) => !resource.includes('/'))
  return (takesObject ? object : bucket) ?? resources[0] ?? '*'
}

function isNamedAfter(action: string, resource: string): boolean {
  const [, type] = /^(?:[^:]*:){5}([a-z-]+)\//.exec(resource) ?? []
  return type !== undefined && action.toLowerCase().endsWith(type.replaceAll('-', ''))
}

/** Some text that a pattern takes. */
export function plainText(pattern: string): string {
  return pattern === '*'
    ? '*'
    : pattern.replaceAll('${$}{', '${').replaceAll('*', 'example').replaceAll('?', 'x')
}

/** A known action that the pattern takes, reading before all else. */
function plainAction(pattern: string, catalogue: ActionCatalogue): string {
  if (!/[*?]/.test(pattern)) return pattern
  if (pattern === '*') return 's3:GetObject'
  const [service = '', name = ''] = pattern.split(':')
  const known = catalogue.groups(service.toLowerCase()).flatMap(({ names }) => names)
  const fitting = known.filter((one) => covers(name.toLowerCase(), one.toLowerCase()))
  const chosen =
    fitting.find((one) => one === 'GetObject') ?? fitting.find((one) => one.startsWith('Get')) ?? fitting[0]
  return `${service}:${chosen ?? 'Any'}`
}

function principalOf(
  { who, resourceAccount }: Omit<AccessQuestion, 'within'>,
  context: Record<string, ContextValue>,
): Pick<AuthorizationRequest, 'principal' | 'canonicalUserId'> {
  const account = who.account ?? (who.outside === undefined ? resourceAccount : otherAccount(who.outside))
  const only = who.only?.[0]
  const isPlain = only !== undefined && !/[*?]/.test(only)
  switch (who.kind) {
    case 'user':
      return { principal: isPlain ? only : `arn:aws:iam::${account}:user/somebody` }
    case 'session': {
      const role = isPlain ? only : `arn:aws:iam::${account}:role/some-role`
      context['aws:PrincipalArn'] = role
      const name = role.slice(role.lastIndexOf('/') + 1)
      return { principal: `arn:aws:sts::${role.split(':')[4]}:assumed-role/${name}/session` }
    }
    case 'root':
      return { principal: `arn:aws:iam::${account}:root` }
    case 'federatedUser':
      return { principal: `arn:aws:sts::${account}:federated-user/somebody` }
    case 'service':
      return { principal: isPlain ? only : 'lambda.amazonaws.com' }
    case 'provider':
      return { principal: isPlain ? only : 'accounts.google.com' }
    case 'canonicalUser':
      return { principal: '0'.repeat(64) }
    case 'anonymous':
      return { principal: 'anonymous' }
  }
}

function otherAccount(account: string): string {
  return account === '999988887777' ? '111122223333' : '999988887777'
}
