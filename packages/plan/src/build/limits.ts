/**
 * What AWS refuses. IAM User Guide, "IAM and AWS STS quotas"; S3 User Guide, "Bucket policies" (20 KB); KMS
 * Developer Guide, "Quotas" (key policy 32 KB); Organizations User Guide, "Quotas" (SCP).
 */
export const limits = {
  managedPolicyCharacters: 6_144,
  policiesPerPrincipal: 10,
  groupsPerUser: 10,
  bucketPolicyBytes: 20_480,
  keyPolicyBytes: 32_768,
  /** As the quota stands in a new account, and as far as it can be raised. */
  trustPolicyCharacters: 2_048,
  trustPolicyCharactersRaised: 4_096,
  serviceControlPolicyCharacters: 5_120,
} as const

/** Quotas of an account; passing one is a warning, because AWS raises them on request (users: with effort). */
export const accountQuotas = {
  'iam.User': 5_000,
  'iam.Group': 300,
  'iam.Role': 1_000,
  'iam.Policy': 1_500,
  's3.Bucket': 10_000,
} as const
