import type { Account } from '../account/account.js'
import type { AccessOracle } from '../escalation/access-oracle.js'
import type { Goal } from '../escalation/goal.js'
import type { Request } from '../escalation/offer.js'

const bucketChanges = ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock']
const keyChanges = ['kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']

/** To change what protects a dataset or model: the policy or access block of its bucket, or its key. */
export function fenceGoal({ resources }: Account): Goal {
  const probes = resources.flatMap(({ arn, declared, keys, kind }): Request[] => {
    if (declared === undefined || kind === 'other') return []
    return (kind === 'bucket' ? bucketChanges : keyChanges).map((action) => ({
      action,
      resource: arn,
      keys: keys ?? {},
    }))
  })
  return {
    name: 'can change the fence',
    actions: [...bucketChanges, ...keyChanges],
    reachedBy: (_, subjects, oracle: AccessOracle) =>
      probes.flatMap((request) =>
        subjects.some(
          (subject) => oracle.can(subject, request.action, request.resource, request.keys).answer === 'yes',
        )
          ? [{ what: request.resource, on: request.resource, request }]
          : [],
      ),
  }
}
