import type { ContextValue, RequestContext } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import { requestTags } from '../enforce/requirements.js'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import type { Services } from '../services.js'
import { putRoleSession } from '../sts/assume-role.js'
import { checkSessionName } from '../sts/operation.js'

type Options = Parameters<LocalAws['issueRoleSession']>[0]

/**
 * Credentials of a role for somebody who does not come over the wire: a service, or a person that an identity
 * provider vouches for. The trust policy is asked all the same; rejects with AccessDenied.
 */
export async function issueRoleSession(
  { database, sts, trust }: Pick<Services, 'database' | 'sts' | 'trust'>,
  options: Options,
  nowMs: number,
): Promise<LocalCredentials> {
  const { principal, roleArn, action, tags = {} } = options
  const sessionName = checkSessionName(options.sessionName)
  const tagList = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const context: Record<string, ContextValue> = {
    'sts:RoleSessionName': sessionName,
    ...requestTags(tagList),
    ...options.context,
  }
  const actions = [action, ...(tagList.length > 0 ? ['sts:TagSession'] : [])]
  for (const asked of actions) {
    const { decision } = trust.decide({ principal, action: asked, roleArn, context, timeMs: nowMs })
    if (decision === 'allow') continue
    const text = `User: ${principal} is not authorized to perform: ${asked} on resource: ${roleArn}`
    throw new AwsError('AccessDenied', text, 403)
  }
  const role = trust.role(roleArn)
  if (role === undefined) throw new AwsError('NoSuchEntity', `${roleArn} cannot be found.`, 404)
  const provider = /^arn:aws:iam::\d{12}:(saml|oidc)-provider\//.test(principal)
  const record = await database.transaction(() =>
    putRoleSession({ tables: sts }, role, {
      sessionName,
      tags,
      transitiveTagKeys: [],
      mfaAuthenticated: options.context?.['aws:MultiFactorAuthPresent'] === 'true',
      issuedAtMs: nowMs,
      seconds: options.durationSeconds ?? 3600,
      ...(provider ? { federatedProvider: principal, claims: claimsOf(context) } : {}),
    }),
  )
  return {
    accessKeyId: record.id,
    secretAccessKey: record.secret,
    sessionToken: record.token,
    expiresAtMs: record.session.expiresAtMs,
  }
}

/** Of what lets somebody in, that which every request of their session carries. */
function claimsOf(context: Readonly<Record<string, ContextValue>>): RequestContext {
  return Object.fromEntries(Object.entries(context).filter(([key]) => isCarried(key)))
}

/**
 * Of SAML the subject (IAM User Guide, "SAML role permissions policies"), of OIDC what the token says of who it is for
 * (IAM User Guide, "Available keys for AWS OIDC federation").
 */
function isCarried(key: string): boolean {
  return /^saml:/i.test(key)
    ? /^saml:(sub|sub_type|namequalifier)$/i.test(key)
    : !/^(aws|sts):/i.test(key) && /:(sub|aud|amr)$/i.test(key)
}
