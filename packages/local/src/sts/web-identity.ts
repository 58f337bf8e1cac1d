import type { JsonWebKey } from 'node:crypto'
import { createPublicKey, verify } from 'node:crypto'
import type { ContextValue } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import type { OidcProviderRecord } from '../iam/records.js'
import { under } from '../iam/tables.js'
import { describeRoleSession, putRoleSession, roleDuration } from './assume-role.js'
import type { StsDeps, StsOperations, WebIdentityKey } from './operation.js'
import { checkSessionName, readSessionPolicies, readSessionTags } from './operation.js'

interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly exp: number
  readonly nbf?: number
  readonly amr?: readonly string[]
  readonly 'https://aws.amazon.com/tags'?: unknown
}

export const webIdentityOperations = {
  AssumeRoleWithWebIdentity(input, call, deps) {
    const sessionName = checkSessionName(input.RoleSessionName)
    const role = deps.trust.role(input.RoleArn ?? '')
    if (role === undefined) throw notAuthorized()
    const { claims, provider } = readToken(deps, role.account, input.WebIdentityToken ?? '', call.timeMs)
    const { tags, transitiveTagKeys } = readClaimedTags(claims)
    const decide = (action: string) =>
      deps.trust.decide({
        principal: provider.arn,
        action,
        roleArn: role.arn,
        context: { ...claimContext(claims), ...tagRequest(tags), 'sts:RoleSessionName': sessionName },
        timeMs: call.timeMs,
      }).decision
    if (decide('sts:AssumeRoleWithWebIdentity') !== 'allow') throw notAuthorized()
    if (Object.keys(tags).length > 0 && decide('sts:TagSession') !== 'allow') throw notAuthorized()
    const policies = readSessionPolicies(deps.iam, role.account, input.Policy, input.PolicyArns)
    const seconds = roleDuration(input.DurationSeconds, role, false)
    return deps.write(() => {
      const record = putRoleSession(deps, role, {
        sessionName,
        tags,
        transitiveTagKeys,
        mfaAuthenticated: false,
        issuedAtMs: call.timeMs,
        seconds,
        policies,
        federatedProvider: provider.arn,
        claims: claimContext(claims),
      })
      return {
        ...describeRoleSession(record, role, sessionName),
        SubjectFromWebIdentityToken: claims.sub,
        Provider: provider.arn,
        Audience: claims.aud,
      }
    })
  },
} satisfies StsOperations

/** The claims of a token whose issuer is registered in the account and whose signature holds. */
function readToken(
  deps: StsDeps,
  account: string,
  token: string,
  nowMs: number,
): { readonly claims: Claims; readonly provider: OidcProviderRecord } {
  const parts = token.split('.')
  const [head = '', body = '', signature = ''] = parts
  const header = readJson(head) as { alg?: unknown; kid?: unknown } | undefined
  const claims = readClaims(readJson(body))
  if (parts.length !== 3 || header === undefined || claims === undefined) {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  }
  const provider = [...under(deps.iam.oidcProviders, [account])].find(
    ({ value }) => value.url === claims.iss.replace(/^https:\/\//, '').replace(/\/$/, ''),
  )?.value
  if (provider === undefined)
    throw invalidToken(`No OpenIDConnect provider found in your account for ${claims.iss}`)
  const keys = deps
    .webIdentityKeys(claims.iss)
    .filter((key) => header.kid === undefined || key['kid'] === header.kid)
  const signed = Buffer.from(`${head}.${body}`)
  if (!keys.some((key) => holds(key, header.alg, signed, Buffer.from(signature, 'base64url')))) {
    throw invalidToken(
      "Couldn't retrieve verification key from your identity provider, or the signature is invalid",
    )
  }
  if (!provider.clientIds.includes(claims.aud)) throw invalidToken('Incorrect token audience')
  if (nowMs >= claims.exp * 1000) {
    throw new AwsError(
      'ExpiredTokenException',
      'Token expired: current date/time must be before the expiration date/time',
      400,
    )
  }
  if (claims.nbf !== undefined && nowMs < claims.nbf * 1000) throw invalidToken('Token is not valid yet')
  return { claims, provider }
}

function holds(key: WebIdentityKey, algorithm: unknown, signed: Buffer, signature: Buffer): boolean {
  try {
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    if (algorithm === 'RS256' && publicKey.asymmetricKeyType === 'rsa') {
      return verify('sha256', signed, publicKey, signature)
    }
    if (algorithm === 'ES256' && publicKey.asymmetricKeyType === 'ec') {
      return verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
    }
    return false
  } catch {
    return false
  }
}

function readJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    return undefined
  }
}

function readClaims(value: unknown): Claims | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const claims = value as Record<string, unknown>
  const audience = Array.isArray(claims['aud']) ? claims['aud'][0] : claims['aud']
  const complete =
    typeof claims['iss'] === 'string' &&
    typeof claims['sub'] === 'string' &&
    typeof audience === 'string' &&
    typeof claims['exp'] === 'number'
  return complete ? ({ ...claims, aud: audience } as unknown as Claims) : undefined
}

/** `<issuer>:aud`, `:sub` and `:amr` (IAM User Guide, "Available keys for AWS OIDC federation"). */
function claimContext(claims: Claims): Record<string, ContextValue> {
  const issuer = claims.iss.replace(/^https:\/\//, '').replace(/\/$/, '')
  return {
    [`${issuer}:aud`]: claims.aud,
    [`${issuer}:sub`]: claims.sub,
    ...(Array.isArray(claims.amr) ? { [`${issuer}:amr`]: claims.amr.map(String) } : {}),
  }
}

/**
 * Session tags of a token, under the rules of those that a request hands in: keys that differ in case alone would
 * be one key to a trust policy and two to the session.
 */
function readClaimedTags(claims: Claims): ReturnType<typeof readSessionTags> {
  const given: unknown = claims['https://aws.amazon.com/tags']
  if (given === undefined) return { tags: {}, transitiveTagKeys: [] }
  if (typeof given !== 'object' || given === null) throw badTags()
  const { principal_tags: tags = {}, transitive_tag_keys: transitive = [] } = given as {
    readonly principal_tags?: unknown
    readonly transitive_tag_keys?: unknown
  }
  if (typeof tags !== 'object' || tags === null || !isTextList(transitive)) throw badTags()
  const list = Object.entries(tags).map(([Key, values]) => {
    const [Value, ...more] = [values].flat() as unknown[]
    if (typeof Value !== 'string' || more.length > 0) throw badTags()
    return { Key, Value }
  })
  try {
    return readSessionTags(list, transitive, {})
  } catch (error) {
    if (error instanceof AwsError) throw badTags()
    throw error
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function badTags(): AwsError {
  return invalidToken('The session tags of the token are malformed.')
}

function tagRequest(tags: Readonly<Record<string, string>>): Record<string, ContextValue> {
  const names = Object.keys(tags)
  if (names.length === 0) return {}
  return {
    ...Object.fromEntries(names.map((name) => [`aws:RequestTag/${name}`, tags[name] ?? ''])),
    'aws:TagKeys': names,
  }
}

function invalidToken(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message, 400)
}

function notAuthorized(): AwsError {
  return new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
}
