import { AwsError } from '../aws-error.js'

/** Organizations' errors (Organizations API Reference, those of each action). */

export function notInUse(): AwsError {
  return new AwsError(
    'AWSOrganizationsNotInUseException',
    'Your account is not a member of an organization.',
    400,
  )
}

/** What a member account is told, whatever its policies allow. */
export function notManagement(): AwsError {
  return new AwsError('AccessDeniedException', "You don't have permissions to access this resource.", 400)
}

export function policyNotFound(): AwsError {
  return new AwsError(
    'PolicyNotFoundException',
    "We can't find a policy with the PolicyId that you specified.",
    400,
  )
}

export function targetNotFound(): AwsError {
  return new AwsError(
    'TargetNotFoundException',
    "We can't find a root, OU, account, or policy with the TargetId that you specified.",
    400,
  )
}

export function accountNotFound(): AwsError {
  return new AwsError(
    'AccountNotFoundException',
    "You specified an account that doesn't exist, or that is not a member of this organization.",
    400,
  )
}

export function duplicatePolicy(): AwsError {
  return new AwsError('DuplicatePolicyException', 'A policy with the same name already exists.', 400)
}

export function malformedDocument(reason: string): AwsError {
  const text = 'The provided policy document does not meet the requirements of the specified policy type'
  return new AwsError('MalformedPolicyDocumentException', `${text}: ${reason}`, 400)
}

/** `reason` is one of AWS's own words for what was wrong. */
export function invalidInput(reason: string, message: string): AwsError {
  return new AwsError('InvalidInputException', message, 400, { Reason: reason })
}

export function constraintViolation(reason: string, message: string): AwsError {
  return new AwsError('ConstraintViolationException', message, 400, { Reason: reason })
}
