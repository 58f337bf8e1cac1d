import type * as pulumi from '@pulumi/pulumi'
import { type Kept, type KeptKey, nothingKept, readAccessKeyUrn, readKept, saidOf } from '@ringfence/plan'
import { DeployError } from './deploy-error.js'
import type { StackState, StateResource } from './stack-state.js'

const stashType = 'pulumi:index:Stash'
const stashName = (organization: string): string => `${organization}/kept`

/**
 * Notes in the stack's state what the deployment is to keep. Everything else waits for it: an update that is killed
 * later leaves a state that says where the next one has to go on. A stack that keeps nothing has no such resource.
 */
export async function registerKept(
  organization: string,
  kept: Kept | undefined,
  parent: pulumi.Resource,
): Promise<readonly pulumi.Resource[]> {
  if (kept === undefined) return []
  const { Stash } = await import('@pulumi/pulumi')
  return [new Stash(stashName(organization), { input: kept }, { parent })]
}

/**
 * What a stack's state says that the deployment keeps beside its file. Keys that it has and of which nothing is kept are
 * kept as they are: an update that was to delete them notes that first, and if it was stopped then, a member who comes
 * back would be made a first key beside them, which is one more than AWS allows.
 */
export function keptOf(state: StackState | undefined, organization: string): Kept {
  const resources = state?.deployment.resources ?? []
  const kept = notedIn(resources, organization)
  const recorded = new Map<string, KeptKey[]>()
  for (const { inputs, type, urn } of resources) {
    const key = type === 'aws:iam/accessKey:AccessKey' ? readAccessKeyUrn(urn) : undefined
    if (key === undefined || saidOf(kept.accessKeys, key.member) !== undefined) continue
    const { generation, member } = key
    const status = inputs?.['status'] === 'Inactive' ? 'inactive' : 'active'
    recorded.set(member, [...(recorded.get(member) ?? []), { generation, status }])
  }
  const lost = [...recorded]
    .filter(([, keys]) => keys.some(({ generation, status }) => generation > 1 || status === 'inactive'))
    .map(([member, keys]) => [member, keys.toSorted((a, b) => a.generation - b.generation)] as const)
  if (lost.length === 0) return kept
  return { ...kept, accessKeys: { ...kept.accessKeys, ...Object.fromEntries(lost) } }
}

function notedIn(resources: readonly StateResource[], organization: string): Kept {
  const stash = resources.find(
    ({ type, urn }) => type === stashType && urn.endsWith(`::${stashName(organization)}`),
  )
  if (stash === undefined) return nothingKept
  const kept = readKept(stash.inputs?.['input'])
  if (kept !== undefined) return kept
  throw new DeployError(
    'STATE_NOT_UNDERSTOOD',
    'the stack keeps something beside its file that this version of ringfence does not know',
    { hint: 'use the version of ringfence that deployed it last, or a later one' },
  )
}
