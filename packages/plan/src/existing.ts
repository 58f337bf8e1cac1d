/**
 * What is there already and is used instead of being made. It becomes `Plan.external`: everything around it is
 * planned all the same, but what hangs on it besides (other policies of a user, other members of a group) stays.
 */
export interface ExistingResources {
  /** `dataset/NAME` or `model/NAME`: the bucket of the declared or derived name exists. */
  readonly buckets?: readonly string[]
  /** By `dataset/NAME` or `model/NAME`: ARN of the KMS key, which gets the planned policy and alias. */
  readonly keys?: Readonly<Record<string, string>>
  /** By member: ARN of the IAM user. */
  readonly users?: Readonly<Record<string, string>>
  /** By team: ARN of the IAM group. */
  readonly groups?: Readonly<Record<string, string>>
  /** By platform: ARN of the execution role. */
  readonly roles?: Readonly<Record<string, string>>
}
