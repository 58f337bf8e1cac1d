import { AwsError } from '../aws-error.js'

/** KMS's errors (KMS API Reference, "Common errors" and those of each action). */

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message, 400)
}

export function invalidState(message: string): AwsError {
  return new AwsError('KMSInvalidStateException', message, 400)
}

export function disabled(arn: string): AwsError {
  return new AwsError('DisabledException', `${arn} is disabled.`, 400)
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message, 400)
}

export function malformedPolicy(message: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message, 400)
}

export function unsupported(message: string): AwsError {
  return new AwsError('UnsupportedOperationException', message, 400)
}
