import type { Declaration } from '@ringfence/plan'

/** What nobody should read into a check of this file, in full sentences. docs/proofs.md tells the same in general. */
export function notProvedOf({ guardrail, platforms }: Declaration): readonly string[] {
  const notes: string[] = []
  if (guardrail === 'none' && platforms.length > 0) {
    const names = platforms.map(({ name }) => name).join(', ')
    notes.push(
      `Jobs and endpoints of ${platforms.length === 1 ? 'the platform' : 'the platforms'} ${names} are not fenced ` +
        'against users and roles of the account that are not in the file and have SageMaker permissions of their own: ' +
        'jobs and endpoints have no policies of their own, so only `guardrail: serviceControlPolicy` denies them that.',
    )
  }
  if (guardrail === 'none')
    notes.push(
      'Without `guardrail: serviceControlPolicy` nothing is said about users and roles of the account that are not in ' +
        'the file and may write IAM: they can make themselves a key of a member, or be let into a role.',
    )
  return notes
}
