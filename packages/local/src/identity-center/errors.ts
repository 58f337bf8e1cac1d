import { AwsError } from '../aws-error.js'

/** Errors of IAM Identity Center and the identity store (their API references, those of each action). */

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 400)
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, 400)
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message, 400)
}

export function quotaExceeded(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message, 402)
}

/** What callers from other accounts than the instance's are told, whatever their policies allow. */
export function notYours(): AwsError {
  return new AwsError(
    'AccessDeniedException',
    'You do not have sufficient access to perform this action.',
    400,
  )
}
