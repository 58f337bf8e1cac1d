import {
  compareFacts,
  declaredFacts,
  type Difference,
  recordedArns,
  recordedFacts,
  recordedIds,
} from '@ringfence/lifecycle'
import type { Plan } from '@ringfence/plan'
import type { StackState } from '@ringfence/pulumi/deploy'
import type { Target } from '../deploy/target.js'
import { type AwsClients, connect, connectManagement } from './aws-clients.js'
import { readAccount } from './read-account.js'
import { findMakers, type Makers } from './read-events.js'
import { scopeOf } from './scope.js'

/** How an account differs from a file, and what is needed to mend it. */
export interface Drift {
  readonly differences: readonly Difference[]
  readonly makers: Makers
  /** ARNs and ids by which AWS calls policies and keys. */
  readonly arns: ReadonlyMap<string, string>
}

/** Compares what the file declares, what Pulumi recorded and what the account has. Changes nothing. */
export async function findDrift(
  plan: Plan,
  state: StackState,
  target: Pick<Target, 'account' | 'management'>,
): Promise<Drift> {
  const resources = state.deployment.resources ?? []
  const declared = declaredFacts(plan, recordedIds(resources, plan.organization))
  const recorded = recordedFacts(resources)
  const clients: AwsClients = connect(target.account)
  const management = target.management === undefined ? undefined : connectManagement(target.management)
  try {
    const scope = scopeOf(plan, declared, recorded)
    const account = await readAccount(clients, management?.organizations, scope)
    const arns = new Map([...recordedArns(resources), ...account.arns])
    const differences = compareFacts({ declared, recorded, found: account.facts })
    const trails = { ...clients.trails, ...(management && { management: management.trail }) }
    const makers = await findMakers(differences, trails, arns)
    return { differences, makers, arns }
  } finally {
    clients.close()
    management?.close()
  }
}
