import type * as pulumi from '@pulumi/pulumi'
import { type Kept, nothingKept, readKept } from '@ringfence/plan'
import { DeployError } from './deploy-error.js'
import type { StackState } from './stack-state.js'

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

/** What a stack's state says that the deployment keeps beside its file. */
export function keptOf(state: StackState | undefined, organization: string): Kept {
  const stash = (state?.deployment.resources ?? []).find(
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
