import { AwsError } from '../aws-error.js'
import type { ServiceName } from '../call.js'
import { protocolOf } from '../wire/service-schema.js'

/** What may be wrong with credentials. */
export type AuthenticationProblem =
  | 'missing'
  | 'malformedHeader'
  | 'malformedQuery'
  | 'unsupported'
  | 'twice'
  | 'unknownKey'
  | 'badToken'
  | 'expiredToken'
  | 'mismatch'
  | 'skewed'
  | 'expiredUrl'
  | 'wrongScope'
  | 'unsignedHeader'
  | 'payloadMismatch'

type Row = readonly [code: string, status: number]

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const s3Codes: Readonly<Record<AuthenticationProblem, Row>> = {
  missing: ['AccessDenied', 403],
  malformedHeader: ['AuthorizationHeaderMalformed', 400],
  malformedQuery: ['AuthorizationQueryParametersError', 400],
  unsupported: ['InvalidRequest', 400],
  twice: ['InvalidArgument', 400],
  unknownKey: ['InvalidAccessKeyId', 403],
  badToken: ['InvalidToken', 400],
  expiredToken: ['ExpiredToken', 400],
  mismatch: ['SignatureDoesNotMatch', 403],
  skewed: ['RequestTimeTooSkewed', 403],
  expiredUrl: ['AccessDenied', 403],
  wrongScope: ['AuthorizationHeaderMalformed', 400],
  unsignedHeader: ['AccessDenied', 403],
  payloadMismatch: ['XAmzContentSHA256Mismatch', 400],
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
const queryCodes: Readonly<Record<AuthenticationProblem, Row>> = {
  missing: ['MissingAuthenticationToken', 403],
  malformedHeader: ['IncompleteSignature', 400],
  malformedQuery: ['IncompleteSignature', 400],
  unsupported: ['IncompleteSignature', 400],
  twice: ['IncompleteSignature', 400],
  unknownKey: ['InvalidClientTokenId', 403],
  badToken: ['InvalidClientTokenId', 403],
  expiredToken: ['ExpiredToken', 403],
  mismatch: ['SignatureDoesNotMatch', 403],
  skewed: ['SignatureDoesNotMatch', 403],
  expiredUrl: ['SignatureDoesNotMatch', 403],
  wrongScope: ['SignatureDoesNotMatch', 403],
  unsignedHeader: ['SignatureDoesNotMatch', 403],
  payloadMismatch: ['SignatureDoesNotMatch', 403],
}

const jsonCodes: Readonly<Record<AuthenticationProblem, Row>> = {
  missing: ['MissingAuthenticationTokenException', 400],
  malformedHeader: ['IncompleteSignatureException', 400],
  malformedQuery: ['IncompleteSignatureException', 400],
  unsupported: ['IncompleteSignatureException', 400],
  twice: ['IncompleteSignatureException', 400],
  unknownKey: ['UnrecognizedClientException', 400],
  badToken: ['UnrecognizedClientException', 400],
  expiredToken: ['ExpiredTokenException', 400],
  mismatch: ['InvalidSignatureException', 400],
  skewed: ['InvalidSignatureException', 400],
  expiredUrl: ['InvalidSignatureException', 400],
  wrongScope: ['InvalidSignatureException', 400],
  unsignedHeader: ['InvalidSignatureException', 400],
  payloadMismatch: ['InvalidSignatureException', 400],
}

/** The error that a service of AWS answers for a problem with credentials. */
export function authenticationError(
  service: ServiceName,
  problem: AuthenticationProblem,
  message: string,
  detail: Readonly<Record<string, string>> = {},
): AwsError {
  const protocol = protocolOf(service)
  const codes = protocol === 'restXml' ? s3Codes : protocol === 'query' ? queryCodes : jsonCodes
  const [code, status] = codes[problem]
  return new AwsError(code, message, status, detail)
}

/** What credential look-ups answer, by the query protocol's codes, in the words of another service. */
export function translateCredentialError(
  service: ServiceName,
  error: AwsError,
  withToken: boolean,
): AwsError {
  switch (error.code) {
    case 'InvalidClientTokenId':
      if (protocolOf(service) !== 'restXml') return authenticationError(service, 'unknownKey', error.message)
      return withToken
        ? authenticationError(service, 'badToken', 'The provided token is malformed or otherwise invalid.')
        : authenticationError(
            service,
            'unknownKey',
            'The AWS Access Key Id you provided does not exist in our records.',
          )
    case 'ExpiredToken':
      return authenticationError(service, 'expiredToken', error.message)
    default:
      return error
  }
}
