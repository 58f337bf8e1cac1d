import {
  pendingOf,
  type PendingOperation,
  type StackState,
  type StateResource,
  withUncompared,
} from './stack-state.js'

/** Says under which id AWS has a resource whose creation was interrupted; undefined if it has none. */
export type FindPhysicalId = (resource: StateResource) => Promise<string | undefined>

/**
 * A state without open operations, and what has to be compared with AWS before it can be trusted. That is marked in the
 * state, so that a refresh which does not come to its end is made up for by the next repair.
 */
export interface RepairedState {
  readonly state: StackState
  /** URNs to refresh. */
  readonly urns: readonly string[]
  readonly operations: readonly PendingOperation[]
}

/**
 * Closes what an interrupted update left open. A resource that was being created is taken into the state under
 * the id that AWS has it by, so that the refresh after it keeps it if it exists and drops it if it does not; one
 * without such an id is dropped, to be created again, and so is the new one of a replacement. Updates and deletions are looked at by the refresh as well.
 * Undefined if nothing is open.
 */
export async function repairPending(
  state: StackState,
  findId: FindPhysicalId,
): Promise<RepairedState | undefined> {
  const operations = pendingOf(state)
  if (operations.length === 0) return undefined
  const resources = [...(state.deployment.resources ?? [])]
  const known = new Set(resources.map(({ urn }) => urn))
  const urns: string[] = []
  for (const { type, resource } of operations) {
    if (type !== 'creating') {
      if (known.has(resource.urn)) urns.push(resource.urn)
      continue
    }
    // In a replacement the old one is in the state under the same name: the new one cannot be beside it.
    const id = await findId(resource)
    if (id === undefined || known.has(resource.urn)) continue
    resources.push({ ...resource, id, outputs: resource.inputs ?? {} })
    known.add(resource.urn)
    urns.push(resource.urn)
  }
  const { pending_operations: _, ...deployment } = state.deployment
  const repaired = { ...state, deployment: { ...deployment, resources } }
  return { state: withUncompared(repaired, urns), urns, operations }
}

/** Ids that follow from the arguments, by Pulumi's type. */
const idArguments: Readonly<Record<string, string>> = {
  'aws:s3/bucket:Bucket': 'bucket',
  'aws:iam/user:User': 'name',
  'aws:iam/group:Group': 'name',
  'aws:iam/role:Role': 'name',
  'aws:iam/groupMembership:GroupMembership': 'name',
  'aws:kms/alias:Alias': 'name',
  'aws:secretsmanager/secretPolicy:SecretPolicy': 'secretArn',
  'aws:sagemaker/project:Project': 'projectName',
}

/**
 * The id of a resource that is named before it exists. `account`: 12 digits. Attachments and memberships are among them:
 * a file that does not want them any more would otherwise leave them behind, IAM deletes no user that has any, and
 * Organizations attaches no policy a second time.
 * What is set on a bucket goes with the bucket, and needs none.
 */
export function idFromArguments({ type, inputs = {} }: StateResource, account: string): string | undefined {
  if (type === 'aws:iam/policy:Policy') {
    const { name, path } = inputs
    return typeof name === 'string'
      ? `arn:aws:iam::${account}:policy${typeof path === 'string' ? path : '/'}${name}`
      : undefined
  }
  const holder = /^aws:iam\/(user|group|role)PolicyAttachment:/.exec(type)?.[1]
  if (holder !== undefined) {
    const { [holder]: name, policyArn } = inputs
    return typeof name === 'string' && typeof policyArn === 'string' ? `${name}/${policyArn}` : undefined
  }
  if (type === 'aws:organizations/policyAttachment:PolicyAttachment') {
    const { policyId, targetId } = inputs
    return typeof policyId === 'string' && typeof targetId === 'string'
      ? `${targetId}:${policyId}`
      : undefined
  }
  const argument = idArguments[type]
  const value = argument === undefined ? undefined : inputs[argument]
  return typeof value === 'string' ? value : undefined
}
