import type { ServiceName } from '../call.js'
import type { WireRequest } from './wire-request.js'

/** Which service a request is for: one of ours, one that is not served, or one that only the body tells. */
export type ServiceGuess =
  { readonly service: ServiceName } | { readonly unserved: string } | { readonly queryProtocol: true }

const jsonTargets: readonly (readonly [string, ServiceName])[] = [
  ['TrentService.', 'kms'],
  ['SageMaker.', 'sagemaker'],
  ['AWSOrganizationsV20161128.', 'organizations'],
  ['SWBExternalService.', 'sso-admin'],
  ['AWSIdentityStore.', 'identitystore'],
  ['CloudTrail_20131101.', 'cloudtrail'],
  ['secretsmanager.', 'secretsmanager'],
]

/**
 * By the service in the credential scope, as AWS's own front doors have host names for it; by protocol where the
 * request is not signed.
 */
export function guessService(request: WireRequest): ServiceGuess {
  const scope = scopeService(request)
  switch (scope) {
    case 's3':
      return { service: isS3Control(request) ? 's3-control' : 's3' }
    case 'iam':
    case 'sts':
    case 'kms':
    case 'organizations':
    case 'identitystore':
    case 'cloudtrail':
    case 'secretsmanager':
      return { service: scope }
    case 'sso':
      return { service: 'sso-admin' }
    case 'sagemaker':
      return { service: request.headers['x-amz-target'] === undefined ? 'sagemaker-runtime' : 'sagemaker' }
    case undefined:
      return guessUnsigned(request)
    default:
      return { unserved: scope }
  }
}

function scopeService(request: WireRequest): string | undefined {
  const header = request.headers['authorization']
  const credential =
    header === undefined ? request.query.get('X-Amz-Credential') : /Credential=([^,\s]*)/.exec(header)?.[1]
  // SigV4A, which is refused by name later, has no region in its scope.
  const regional = !(header ?? request.query.get('X-Amz-Algorithm') ?? '').startsWith('AWS4-ECDSA')
  return credential?.split('/')[regional ? 3 : 2]
}

/** S3 Control names the account in a header, and most clients also put it before the host. */
function isS3Control(request: WireRequest): boolean {
  return request.headers['x-amz-account-id'] !== undefined && request.rawPath.startsWith('/v20180820/')
}

function guessUnsigned(request: WireRequest): ServiceGuess {
  const target = request.headers['x-amz-target']
  if (target !== undefined) {
    const service = jsonTargets.find(([prefix]) => target.startsWith(prefix))?.[1]
    return service === undefined ? { unserved: target.split('.')[0] ?? '' } : { service }
  }
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  if (request.rawPath === '/' && ((request.method === 'POST' && form) || request.query.has('Action')))
    return { queryProtocol: true }
  // S3's only POST on such a path is a form from a browser.
  const upload = (request.headers['content-type'] ?? '').startsWith('multipart/form-data')
  if (request.method === 'POST' && !upload && /^\/endpoints\/[^/]+\/invocations$/.test(request.rawPath))
    return { service: 'sagemaker-runtime' }
  return { service: isS3Control(request) ? 's3-control' : 's3' }
}

/** The services of the query protocol by the `Version` of their requests. */
export function serviceOfVersion(version: string | undefined): 'iam' | 'sts' | undefined {
  if (version === '2010-05-08') return 'iam'
  return version === '2011-06-15' ? 'sts' : undefined
}
