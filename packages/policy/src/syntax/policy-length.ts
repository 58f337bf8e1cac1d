/**
 * The size of a policy as AWS counts it against its limits: characters that are not white space.
 * [reference_iam-quotas: "IAM doesn't count white space"]
 */
export function policyLength(text: string): number {
  const rest = text.replace(/\s+/g, '')
  const pairs = rest.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0
  return rest.length - pairs
}
