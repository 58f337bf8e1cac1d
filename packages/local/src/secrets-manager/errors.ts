import { AwsError } from '../aws-error.js'

/** Secrets Manager's errors (API Reference, "Common errors" and those of each action). */

export function notFound(what = 'the specified secret'): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find ${what}.`, 400)
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message, 400)
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message, 400)
}

export function exists(message: string): AwsError {
  return new AwsError('ResourceExistsException', message, 400)
}
