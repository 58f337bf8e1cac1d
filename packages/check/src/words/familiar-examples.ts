import type { Policy } from '@ringfence/policy'
import { policyOf } from '../account/policy-of.js'

/** What everybody knows, the plainest first: of a request that shows something it is best one of these. */
const FAMILIAR = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:ListBucket',
  's3:PutBucketPolicy',
  'kms:Decrypt',
  'kms:PutKeyPolicy',
  'sts:AssumeRole',
  'iam:PassRole',
  'sagemaker:CreateTrainingJob',
  'sagemaker:InvokeEndpoint',
]

let regions: readonly Policy[] | undefined

/** For the prover's `examples`: requests that people have sent themselves. */
export function familiarExamples(): readonly Policy[] {
  return (regions ??= FAMILIAR.map((Action) => policyOf({ Effect: 'Allow', Action, Resource: '*' }, Action)))
}
