/**
 * Points on which pages of AWS's documentation contradict each other. The defaults follow the newer page.
 */
export interface ReferenceSwitches {
  /**
   * Rule 2: a `*` that ends one of the first five segments of a resource pattern also matches past colons.
   * Default true (IAM User Guide, "IAM JSON policy elements: Resource").
   */
  readonly starCrossesColons: boolean
  /**
   * Rule 7: `ForAllValues` and `ForAnyValue` do not see empty strings, so a key with nothing else counts as one
   * without values. Default false (IAM User Guide, "Set operators for multivalued context keys"; the older
   * page counted it as none).
   */
  readonly emptyStringIsNoValue: boolean
  /**
   * Rule 10: `${key}` is expanded in the values of `Bool`. Default false ("Variables and tags" says that only
   * string and ARN operators take variables; "Condition operators" says that Boolean ones do too).
   */
  readonly variablesInBool: boolean
  /** Rule 22: the services that RCPs cover. AWS adds to them, so it is a list (Organizations guide, RCPs). */
  readonly resourceControlServices: readonly string[]
}

/** The newer page on every point. */
export const DEFAULT_SWITCHES: ReferenceSwitches = {
  starCrossesColons: true,
  emptyStringIsNoValue: false,
  variablesInBool: false,
  resourceControlServices: ['s3', 'sts', 'kms', 'sqs', 'secretsmanager'],
}
