import { pendingOf, type StackState, type StateResource } from '@ringfence/pulumi/deploy'
import type { AwsAccess } from './aws-access.js'
import type { Target } from './target.js'

/**
 * The target, and what an interrupted update reached beyond it. A file that has nothing for Identity Center or for the
 * guardrail any more needs nobody's profile for them, and yet that update may have made something there: it is looked
 * for in the same account and region, as the provider of the state has them.
 */
export function targetOfInterrupted(target: Target, state: StackState): Target {
  const identityCenter = target.identityCenter ?? accessTo(isOfIdentityCenter, target, state)
  const management = target.management ?? accessTo(isOfOrganizations, target, state)
  return {
    ...target,
    ...(management === undefined ? {} : { management }),
    ...(identityCenter === undefined ? {} : { identityCenter }),
  }
}

/** Whether a type of Pulumi's is made in the account of Identity Center. */
export function isOfIdentityCenter(type: string): boolean {
  return type.startsWith('aws:ssoadmin/') || type.startsWith('aws:identitystore/')
}

/** Whether a type of Pulumi's is made in the organization's management account. */
function isOfOrganizations(type: string): boolean {
  return type.startsWith('aws:organizations/')
}

function accessTo(
  isThere: (type: string) => boolean,
  { account: { endpoint }, management }: Target,
  state: StackState,
): AwsAccess | undefined {
  const open = pendingOf(state).find(({ resource }) => isThere(resource.type))
  const { region, profile } = (open && providerOf(open.resource, state)?.inputs) ?? {}
  if (typeof region !== 'string') return undefined
  // The profiles of the embedded AWS are known to Pulumi alone.
  const { credentials } = management ?? {}
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(credentials === undefined && typeof profile === 'string' ? { profile } : {}),
  }
}

/** A resource names its provider by URN and id. */
function providerOf({ provider }: StateResource, state: StackState): StateResource | undefined {
  return (state.deployment.resources ?? []).find(({ id, urn }) => `${urn}::${id}` === provider)
}
