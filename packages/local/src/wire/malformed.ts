import { AwsError } from '../aws-error.js'
import type { Protocol } from './service-schema.js'

/** A request that cannot be read, in the words of its protocol. */
export class MalformedInput extends Error {
  override readonly name = 'MalformedInput'
}

/** AWS's own codes for a body that cannot be read. */
export function malformedInputError(protocol: Protocol, message: string): AwsError {
  switch (protocol) {
    case 'restXml':
      return new AwsError(
        'MalformedXML',
        `The XML you provided was not well-formed or did not validate against our published schema: ${message}`,
        400,
      )
    case 'query':
      return new AwsError('ValidationError', `1 validation error detected: ${message}`, 400)
    case 'json':
    case 'restJson':
      return new AwsError('SerializationException', message, 400)
  }
}
