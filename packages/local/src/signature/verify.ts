import type { ServiceName, Caller } from '../call.js'
import type { CredentialLookup } from '../http/deps.js'
import { authenticationError, translateCredentialError } from './authentication-error.js'
import { canonicalPaths, hashCanonicalRequest, type SignedRequest } from './canonical-request.js'
import type { PayloadRule } from './payload-rule.js'
import { payloadRuleOf } from './payload-rule.js'
import { parseAmzDate, readPresentedSignature, type PresentedSignature } from './presented-signature.js'
import { equalSignatures, signingKey, signRequestHash } from './signing-key.js'

/** Who sent a request, and what its body has to be. */
export interface Authentication {
  readonly caller: Caller
  readonly authType?: 'REST-HEADER' | 'REST-QUERY-STRING'
  /** The region of the credential scope. */
  readonly region?: string
  readonly signatureAgeMs?: number
  readonly payload: PayloadRule
}

export interface VerifyOptions {
  readonly service: ServiceName
  readonly region: string
  readonly nowMs: number
  readonly credentials: CredentialLookup
  /** Hex SHA-256 of the body where it has been collected already (services other than S3). */
  readonly bodyHash?: string
}

type Request = SignedRequest & { readonly query: ReadonlyMap<string, string> }

const anonymous: Caller = { principal: 'anonymous', account: '', userId: '' }
const maxSkewMs = 15 * 60_000

/** Names in the credential scope. S3 Control and the SageMaker runtime sign as their elder siblings. */
const scopeNames: Readonly<Record<ServiceName, string>> = {
  s3: 's3',
  's3-control': 's3',
  iam: 'iam',
  sts: 'sts',
  sagemaker: 'sagemaker',
  'sagemaker-runtime': 'sagemaker',
  kms: 'kms',
  organizations: 'organizations',
  'sso-admin': 'sso',
  identitystore: 'identitystore',
  cloudtrail: 'cloudtrail',
  secretsmanager: 'secretsmanager',
}

/** Verifies the signature of a request; a request without one is anonymous. Throws `AwsError`. */
export function verifyRequest(request: Request, options: VerifyOptions): Authentication {
  const { service } = options
  const presented = readPresentedSignature(request.headers, request.query)
  if ('none' in presented)
    return { caller: anonymous, payload: payloadRuleOf(service, request.headers, undefined) }
  if ('problem' in presented)
    switch (presented.problem) {
      case 'twice':
        throw authenticationError(
          service,
          'twice',
          'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
        )
      case 'unsupported':
        throw authenticationError(service, 'unsupported', presented.message)
      case 'malformed':
        throw authenticationError(
          service,
          presented.place === 'header' ? 'malformedHeader' : 'malformedQuery',
          presented.place === 'header'
            ? `The authorization header is malformed; ${presented.message}`
            : presented.message,
        )
    }
  checkScope(presented, options)
  const signedAtMs = checkTime(presented, options)
  checkSignedHeaders(presented, request, service)
  const credentials = options.credentials(presented.scope.accessKeyId, presented.sessionToken)
  if ('error' in credentials)
    throw translateCredentialError(service, credentials.error, presented.sessionToken !== undefined)
  const key = signingKey(credentials.secretAccessKey, presented.scope)
  checkSignature(presented, request, key, options)
  return {
    caller: credentials.caller,
    authType: presented.place === 'header' ? 'REST-HEADER' : 'REST-QUERY-STRING',
    region: presented.scope.region,
    signatureAgeMs: Math.max(0, options.nowMs - signedAtMs),
    payload: payloadRuleOf(service, request.headers, {
      presigned: presented.place === 'query',
      signer: { key, amzDate: presented.amzDate, scope: presented.scope, seedSignature: presented.signature },
    }),
  }
}

/**
 * Service and region of the scope. S3 answers for every region, each bucket in its own (the dispatcher
 * redirects); IAM, STS and Organizations are global and are signed with us-east-1 by some clients and with the client's region
 * by others, so any is taken; Identity Center's home may be another region than the account's. The other regional services are here in one region only.
 */
function checkScope(presented: PresentedSignature, { service, region }: VerifyOptions): void {
  const { scope } = presented
  if (scope.service !== scopeNames[service])
    throw authenticationError(
      service,
      presented.place === 'query' && protocolIsS3(service) ? 'malformedQuery' : 'wrongScope',
      protocolIsS3(service)
        ? `The authorization header is malformed; incorrect service "${scope.service}". This endpoint belongs to "s3".`
        : `Credential should be scoped to correct service: '${scopeNames[service]}'.`,
    )
  const regional = service === 'kms' || service === 'sagemaker' || service === 'sagemaker-runtime'
  if (regional ? scope.region !== region : !/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(scope.region))
    throw authenticationError(
      service,
      'wrongScope',
      protocolIsS3(service)
        ? `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${region}'`
        : `Credential should be scoped to a valid region.`,
      protocolIsS3(service) ? { Region: region } : {},
    )
}

function protocolIsS3(service: ServiceName): boolean {
  return service === 's3' || service === 's3-control'
}

function checkTime(presented: PresentedSignature, { service, nowMs }: VerifyOptions): number {
  const signedAtMs = parseAmzDate(presented.amzDate)
  if (signedAtMs === undefined)
    throw authenticationError(
      service,
      presented.place === 'query' ? 'malformedQuery' : protocolIsS3(service) ? 'missing' : 'malformedHeader',
      protocolIsS3(service)
        ? 'AWS authentication requires a valid Date or x-amz-date header'
        : `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP`,
    )
  if (!presented.amzDate.startsWith(presented.scope.date))
    throw authenticationError(
      service,
      'mismatch',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${presented.scope.date}' != '${presented.amzDate.slice(0, 8)}'`,
    )
  const requestTime = new Date(signedAtMs).toISOString()
  const serverTime = new Date(nowMs).toISOString()
  const ageMs = nowMs - signedAtMs
  if (presented.place === 'query') {
    if (ageMs < -maxSkewMs)
      throw authenticationError(service, 'expiredUrl', 'Request is not valid yet', { ServerTime: serverTime })
    if (ageMs > (presented.expiresSeconds ?? 0) * 1000)
      throw authenticationError(service, 'expiredUrl', 'Request has expired', {
        'X-Amz-Expires': String(presented.expiresSeconds ?? 0),
        Expires: new Date(signedAtMs + (presented.expiresSeconds ?? 0) * 1000).toISOString(),
        ServerTime: serverTime,
      })
  } else if (Math.abs(ageMs) > maxSkewMs) {
    throw authenticationError(
      service,
      'skewed',
      protocolIsS3(service)
        ? 'The difference between the request time and the current time is too large.'
        : `Signature ${ageMs > 0 ? 'expired' : 'not yet current'}: ${requestTime} is ${ageMs > 0 ? 'now earlier than' : 'still later than'} the 15 minutes around ${serverTime}`,
      protocolIsS3(service)
        ? {
            RequestTime: presented.amzDate,
            ServerTime: serverTime,
            MaxAllowedSkewMilliseconds: String(maxSkewMs),
          }
        : {},
    )
  }
  return signedAtMs
}

/**
 * `host` and every `x-amz-*` header must be signed, `x-amz-content-sha256` apart: it is bound to the signature as
 * the payload hash. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
function checkSignedHeaders(presented: PresentedSignature, request: Request, service: ServiceName): void {
  const unsigned: string[] = presented.signedHeaders.includes('host') ? [] : ['host']
  for (const name in request.headers)
    if (
      name.startsWith('x-amz-') &&
      name !== 'x-amz-content-sha256' &&
      !presented.signedHeaders.includes(name)
    )
      unsigned.push(name)
  if (unsigned.length > 0)
    throw authenticationError(
      service,
      'unsignedHeader',
      'There were headers present in the request which were not signed',
      { HeadersNotSigned: unsigned.join(', ') },
    )
}

const unsignedPayload = 'UNSIGNED-PAYLOAD'

function checkSignature(
  presented: PresentedSignature,
  request: Request,
  key: Buffer,
  options: VerifyOptions,
): void {
  const { service, bodyHash } = options
  const declared = request.headers['x-amz-content-sha256']
  const s3 = protocolIsS3(service)
  if (s3 && presented.place === 'header' && declared === undefined)
    throw authenticationError(
      service,
      'malformedHeader',
      'Missing required header for this request: x-amz-content-sha256',
    )
  if (
    bodyHash !== undefined &&
    declared !== undefined &&
    declared !== bodyHash &&
    declared !== unsignedPayload
  )
    throw authenticationError(
      service,
      'payloadMismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: bodyHash },
    )
  const payloadHash =
    presented.place === 'query' && s3
      ? (declared ?? unsignedPayload)
      : (declared ?? bodyHash ?? unsignedPayload)
  if (!s3 && payloadHash !== bodyHash)
    throw authenticationError(service, 'payloadMismatch', 'The request body must be signed for this service.')
  for (const path of canonicalPaths(request.rawPath, s3)) {
    const hash = hashCanonicalRequest(request, path, presented.signedHeaders, payloadHash)
    const expected = signRequestHash(key, presented.amzDate, presented.scope, hash)
    if (equalSignatures(expected, presented.signature)) return
  }
  throw authenticationError(
    service,
    'mismatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    s3 ? { AWSAccessKeyId: presented.scope.accessKeyId, SignatureProvided: presented.signature } : {},
  )
}
