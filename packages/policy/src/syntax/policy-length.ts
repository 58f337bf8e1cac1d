/**
 * The size of a policy as AWS counts it against its limits: characters that are not white space.
 * [reference_iam-quotas: "IAM doesn't count white space"]
 */
export function policyLength(text: string): number {
  let length = 0
  for (const character of text) if (!/\s/.test(character)) length++
  return length
}
