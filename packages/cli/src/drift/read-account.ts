import type { Organizations } from '@aws-sdk/client-organizations'
import type { Fact, Thing } from '@ringfence/lifecycle'
import type { AwsClients } from './aws-clients.js'
import { readAccountBlock, readBuckets } from './read-buckets.js'
import { readIam } from './read-iam.js'
import { readKeys } from './read-keys.js'
import { readGuardrails, readProjects } from './read-others.js'
import { readSecrets } from './read-secrets.js'
import { type DriftScope, namesOf } from './scope.js'

/** The account as it is, as far as it is ringfence's. */
export interface AccountFound {
  readonly facts: readonly Fact[]
  /** How CloudTrail and IAM call policies, keys, secrets and guardrails: ARNs and ids. */
  readonly arns: ReadonlyMap<Thing, string>
}

const noGuardrails: AccountFound = { facts: [], arns: new Map() }

/** Reads the account by the APIs of AWS; nothing is changed. Guardrails only where the management account is told. */
export async function readAccount(
  clients: AwsClients,
  organizations: Organizations | undefined,
  scope: DriftScope,
): Promise<AccountFound> {
  const iam = await readIam(clients.iam, scope)
  const keys = await readKeys(clients.kms, scope)
  const buckets = await readBuckets(clients.s3, namesOf(scope, 'bucket'), keys.aliasOf)
  const block = await readAccountBlock(clients.s3Control, scope.account)
  const projects = await readProjects(clients.sageMaker, namesOf(scope, 'project'))
  const secrets = await readSecrets(clients.secretsManager, scope)
  const guardrails = organizations === undefined ? noGuardrails : await readGuardrails(organizations, scope)
  return {
    facts: [
      ...iam.facts,
      ...keys.facts,
      ...buckets,
      ...block,
      ...projects,
      ...secrets.facts,
      ...guardrails.facts,
    ],
    arns: new Map([...iam.arns, ...keys.arns, ...secrets.arns, ...guardrails.arns]),
  }
}
