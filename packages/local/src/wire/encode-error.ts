import type { AwsError } from '../aws-error.js'
import type { ServiceName } from '../call.js'
import type { WireResponse } from './encode.js'
import { protocolOf, xmlNamespaceOf } from './service-schema.js'
import { xmlElement } from './xml-write.js'

/** An error as the service's protocol writes it. `resource` is the path that was asked for (S3). */
export function encodeError(
  service: ServiceName,
  error: AwsError,
  requestId: string,
  resource: string,
): WireResponse {
  switch (protocolOf(service)) {
    case 'query':
      return queryError(service, error, requestId)
    case 'json':
    case 'restJson':
      return jsonError(error, requestId, protocolOf(service) === 'json')
    case 'restXml':
      return service === 's3'
        ? s3Error(error, requestId, resource)
        : s3ControlError(service, error, requestId)
  }
}

function queryError(service: ServiceName, error: AwsError, requestId: string): WireResponse {
  const fault = error.status >= 500 ? 'Receiver' : 'Sender'
  const body =
    `<ErrorResponse xmlns="${xmlNamespaceOf(service)}"><Error>${xmlElement('Type', fault)}` +
    `${xmlElement('Code', error.code)}${xmlElement('Message', error.message)}</Error>` +
    `${xmlElement('RequestId', requestId)}</ErrorResponse>`
  return {
    status: error.status,
    headers: { ...error.headers, 'x-amzn-requestid': requestId, 'content-type': 'text/xml' },
    body,
  }
}

function jsonError(error: AwsError, requestId: string, rpc: boolean): WireResponse {
  return {
    status: error.status,
    headers: {
      ...error.headers,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
      'content-type': rpc ? 'application/x-amz-json-1.1' : 'application/json',
    },
    body: JSON.stringify({
      ...error.detail,
      __type: error.code,
      message: error.message,
      Message: error.message,
    }),
  }
}

function detailElements(error: AwsError): string {
  return Object.entries(error.detail)
    .map(([name, value]) => xmlElement(name, value))
    .join('')
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function s3Error(error: AwsError, requestId: string, resource: string): WireResponse {
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xmlElement('Code', error.code)}` +
    `${xmlElement('Message', error.message)}${detailElements(error)}${xmlElement('Resource', resource)}` +
    `${xmlElement('RequestId', requestId)}${xmlElement('HostId', hostId)}</Error>`
  return {
    status: error.status,
    headers: {
      ...error.headers,
      'x-amz-request-id': requestId,
      'x-amz-id-2': hostId,
      'content-type': 'application/xml',
    },
    // A 304 has no body. https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
    body: error.status === 304 ? '' : body,
  }
}

function s3ControlError(service: ServiceName, error: AwsError, requestId: string): WireResponse {
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="${xmlNamespaceOf(service)}"><Error>` +
    `${xmlElement('Code', error.code)}${xmlElement('Message', error.message)}${detailElements(error)}</Error>` +
    `${xmlElement('RequestId', requestId)}${xmlElement('HostId', hostId)}</ErrorResponse>`
  return {
    status: error.status,
    headers: {
      ...error.headers,
      'x-amz-request-id': requestId,
      'x-amz-id-2': hostId,
      'content-type': 'application/xml',
    },
    body,
  }
}

const hostId = 'cmluZ2ZlbmNlLWxvY2FsLWF3cw=='
