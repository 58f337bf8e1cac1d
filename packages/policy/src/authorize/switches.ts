/** The services whose resources RCPs cover. [Organizations guide, "List of AWS services that support RCPs"] */
export const RESOURCE_CONTROL_SERVICES: readonly string[] = ['s3', 'sts', 'kms', 'sqs', 'secretsmanager']

/**
 * Points on which AWS's pages contradict each other, and one list that AWS extends. The defaults follow the
 * newer page.
 */
export interface AuthorizeSwitches {
  /**
   * `true` (default, current page): in `Resource`, a `*` that ends a segment of an ARN may match beyond its
   * colon. `false` (older page): each of the six segments is matched by itself. They differ only for resources
   * with more colons than their pattern shows. [elements_resource]
   */
  readonly trailingWildcardCrossesSegments?: boolean
  /**
   * `false` (default, newer page): an empty string is a value. `true` (older page): `ForAllValues` and
   * `ForAnyValue` do not see empty strings, so a key with nothing else counts as empty. [multi-value-conditions]
   */
  readonly emptyStringIsNoValue?: boolean
  /**
   * `false` (default): a variable in a `Bool` condition is literal text. `true`: it is expanded.
   * [policies_variables against elements_condition_operators]
   */
  readonly expandVariablesInBool?: boolean
  /** Service prefixes whose actions RCPs apply to. Default `RESOURCE_CONTROL_SERVICES`. */
  readonly resourceControlServices?: readonly string[]
}
