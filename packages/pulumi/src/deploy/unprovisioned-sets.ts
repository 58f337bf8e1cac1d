import { pendingOf, type StackState } from './stack-state.js'

/** A permission set of Identity Center, spelled as AWS does. */
export interface PermissionSetIds {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

/**
 * Permission sets that an interrupted update may have changed and not brought to their roles any more. AWS's provider
 * does both in one operation, and a refresh sees but the set: what is attached to it by then would never reach the role,
 * and what is detached would stay there. (Identity Center API reference, ProvisionPermissionSet.)
 */
export function unprovisionedSets(state: StackState): readonly PermissionSetIds[] {
  const sets = new Map<string, PermissionSetIds>()
  for (const { resource } of pendingOf(state)) {
    const { id = '', inputs = {}, type } = resource
    if (!type.startsWith('aws:ssoadmin/')) continue
    const isSet = type === 'aws:ssoadmin/permissionSet:PermissionSet'
    // As AWS's provider writes ids; a set that was just being made has no role yet.
    const PermissionSetArn = isSet ? id.split(',')[0] : inputs['permissionSetArn']
    const InstanceArn = inputs['instanceArn']
    if (typeof PermissionSetArn !== 'string' || PermissionSetArn === '') continue
    if (typeof InstanceArn === 'string') sets.set(PermissionSetArn, { InstanceArn, PermissionSetArn })
  }
  return [...sets.values()]
}
