import type { IAM } from '@aws-sdk/client-iam'
import {
  bucketSteps,
  type Difference,
  groupSteps,
  policySteps,
  repairSteps,
  roleSteps,
  secretSteps,
  type Step,
  userSteps,
} from '@ringfence/lifecycle'
import type { Session } from '../deploy/session.js'
import { updateStack } from '../deploy/update-stack.js'
import type { Io } from '../io.js'
import { clearInlinePolicies } from '../offboard/permission-set-lock.js'
import { readGroup, readPolicy, readRole } from '../offboard/read-entity.js'
import { readUser } from '../offboard/read-user.js'
import { rolesOfStack } from '../offboard/roles-of-stack.js'
import { runSteps } from '../offboard/run-steps.js'
import { checkRoster } from '../roster/check-roster.js'
import { connect } from './aws-clients.js'
import type { Drift } from './find-drift.js'
import { runBucketSteps } from './run-bucket-steps.js'
import { runSecretSteps } from './run-secret-steps.js'

/**
 * Takes drift away: first, by IAM, S3, Secrets Manager and Identity Center, what no resource of the stack lists, such as
 * credentials, websites, values of secrets and whole users that nobody declared; then, by Pulumi, everything else:
 * `refresh` notes what is so, and `up` puts it back.
 */
export async function repairDrift(drift: Drift, session: Session, io: Io): Promise<void> {
  checkRoster(session)
  const clients = connect(session.target.account)
  const { iam, s3, secretsManager } = clients
  const path = `/ringfence/${session.plan.organization}/`
  try {
    for (const difference of drift.differences.toSorted(principalsFirst)) {
      const steps = await stepsFor(difference, drift, path, iam)
      if (!(await runSteps(iam, steps, () => {}, io.signal))) return
      await runSecretSteps(secretsManager, secretSteps(difference))
      await runBucketSteps(s3, bucketSteps(difference))
    }
  } finally {
    clients.close()
  }
  await repairPermissionSets(drift, session)
  await session.deployment.refresh({ signal: io.signal })
  await updateStack(session, drift.differences.length, io)
}

/** What somebody wrote into a permission set: its role has it as an inline policy, and no resource of the stack lists it. */
async function repairPermissionSets({ differences }: Drift, session: Session): Promise<void> {
  const written = new Set(
    differences.flatMap(({ aspect, thing }) =>
      aspect === 'inlinePolicy' ? (/^role\/AWSReservedSSO_(.+)_[^_]*$/.exec(thing)?.[1] ?? []) : [],
    ),
  )
  const roles = rolesOfStack(session.state?.deployment.resources).filter(({ role }) => written.has(role))
  await clearInlinePolicies(session, roles)
}

/** Whoever can act goes before what they act by, and policies last: they are detached by then. */
function principalsFirst(one: Difference, other: Difference): number {
  const order = ['user', 'role', 'group', 'policy']
  const rank = ({ thing }: Difference) => order.indexOf(thing.slice(0, thing.indexOf('/')))
  return rank(one) - rank(other)
}

async function stepsFor(
  difference: Difference,
  { arns }: Drift,
  path: string,
  iam: IAM,
): Promise<readonly Step[]> {
  const { change, thing, aspect } = difference
  if (aspect !== 'exists' || change !== 'undeclared') return repairSteps(difference)
  // What the stack has and the file does not is for `up` to delete.
  if (difference.recorded === 'asFound') return []
  const name = thing.slice(thing.indexOf('/') + 1)
  switch (thing.slice(0, thing.indexOf('/'))) {
    case 'user': {
      const held = await readUser(iam, name, path)
      return held === undefined ? [] : userSteps(held)
    }
    case 'role':
      return roleSteps(await readRole(iam, name))
    case 'group':
      return groupSteps(await readGroup(iam, name))
    case 'policy':
      return policySteps(await readPolicy(iam, arns.get(thing) ?? ''))
    default:
      return []
  }
}
